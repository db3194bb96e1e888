/** The catalogues: one JSON for each area and language beside this file, loaded by language. */

import { createI18n } from 'vue-i18n'

import type { Language } from './format'
import { chooseRussian } from './plural'

type Catalogue = Record<string, unknown>

const LOAD: Record<Language, () => Promise<{ catalogue: Catalogue }>> = {
  ru: () => import('./ru'),
  en: () => import('./en'),
}

export const i18n = createI18n({
  legacy: false,
  locale: 'ru',
  fallbackLocale: 'en',
  missingWarn: false,
  fallbackWarn: false,
  pluralRules: { ru: chooseRussian },
  messages: {} as Record<Language, never>,
})

/** Shows the page in a language; its catalogue comes with the first use. */
export async function useLanguage(language: Language): Promise<void> {
  const { catalogue } = await LOAD[language]()
  i18n.global.setLocaleMessage(language, catalogue as never)
  i18n.global.locale.value = language
  document.documentElement.lang = language
}

/** For code outside of components: the store's own words. */
type Translate = (key: string, ...more: unknown[]) => string
// The library's own type follows every key of the catalogue, deeper than the compiler goes.
const translate = (i18n.global as unknown as { t: Translate }).t
export const t = (key: string, values: Record<string, unknown> = {}): string => translate(key, values)
export const tn = (key: string, count: number, values: Record<string, unknown> = {}): string =>
  translate(key, { n: count, ...values }, count)
export const language = (): Language => i18n.global.locale.value as Language

/** Returns a part of the catalogue by the names in it, which may be no keys: of things that others named. */
export const words = (key: string): Readonly<Record<string, string>> => (i18n.global as unknown as { tm: (key: string) => Record<string, string> }).tm(key)

/** Words without places to fill, looked up once for each language: for cells that are drawn by the hundred. */
const fixed = new Map<string, string>()
export function word(key: string): string {
  const spoken = i18n.global.locale.value
  const name = `${spoken}.${key}`
  let found = fixed.get(name)
  if (found === undefined) fixed.set(name, (found = translate(key)))
  return found
}

/** The same for words with one place to fill, called `place` in the catalogue. */
export function wordWith(key: string, place: string, value: string): string {
  const spoken = i18n.global.locale.value
  const name = `${spoken}.${key}.${place}`
  let found = fixed.get(name)
  if (found === undefined) fixed.set(name, (found = translate(key, { [place]: HERE })))
  return found.replace(HERE, () => value)
}
/** Stands where the value goes; nobody types it. */
const HERE = '\u0000'
