/** Which places of a template somebody has to fill in. */

import type { Template } from '@/api/modemSettings'
import { t } from '@/i18n'

/** Each modem fills these in by itself. */
const OWN: ReadonlySet<string> = new Set(['imei', 'modem', 'channel', 'name', 'group', 'model', 'port'])

/** Returns the places for values that are given once for all modems; those of secrets are asked for apart. */
export const openPlaces = (template: Pick<Template, 'placeholders' | 'secrets'>): string[] => template.placeholders.filter((name) => !OWN.has(name) && !template.secrets.includes(name))

const UNKNOWN = /^(\w+): no such setting is known$/
const WRONG: Readonly<Record<string, string>> = { 'expected a setting, got a question': 'question', 'expected AT$NAME=value or ^NAME:value': 'form' }

/** Returns what is wrong with a line, in the reader's language where the hub says it in one of its usual ways. */
export function wrongLine(message: string): string {
  const [, name] = UNKNOWN.exec(message) ?? []
  if (name !== undefined) return t('fleet.settings.wrong.unknown', { name })
  const key = WRONG[message]
  return key === undefined ? message : t(`fleet.settings.wrong.${key}`)
}
