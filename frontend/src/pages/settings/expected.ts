/** What a key of the hub takes, in the reader's language: the schema says it in English, in few forms. */

import { t, words } from '@/i18n'

const ONE_OF = /^\w+(?:, \w+)*,? or \w+$/
const NUMBER = /^a whole number from (-?\d+) to (-?\d+)$/
const OR_NULL = ', or null'
const AUTO = /^(auto|never|close) or (.*)$/

/** Returns what `text` says; a form that is not known stays as it is. */
export function expectedIn(text: string): string {
  if (text.endsWith(OR_NULL)) return t('settings.expected.orNull', { what: expectedIn(text.slice(0, -OR_NULL.length)) })
  const known = words('settings.expectedText')[text]
  if (known !== undefined) return known
  const [, from, to] = NUMBER.exec(text) ?? []
  if (from !== undefined) return t('settings.expected.number', { from, to })
  if (ONE_OF.test(text)) return text.replace(/,? or /, t('settings.expected.or'))
  const [, word, other] = AUTO.exec(text) ?? []
  return word !== undefined && other !== undefined ? `${word}${t('settings.expected.or')}${expectedIn(other)}` : text
}
