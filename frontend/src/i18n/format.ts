/** Figures, ages and times as people of a language write them: non-breaking spaces, a real minus, local time. */

export type Language = 'ru' | 'en'

export const NBSP = '\u00a0'
const MINUS = '\u2212'
const DAY_S = 86_400

export interface Units {
  s: string
  min: string
  h: string
  m: string
}

/** Formatters are dear to make and cheap to use: a table of hundreds of figures makes each once. */
const numbers = new Map<string, Intl.NumberFormat>()
const dates = new Map<string, Intl.DateTimeFormat>()

function numberFormat(language: Language, digits: number): Intl.NumberFormat {
  const key = `${language}${digits}`
  let found = numbers.get(key)
  if (!found) numbers.set(key, (found = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: 'always' })))
  return found
}

export function formatNumber(value: number, language: Language, digits = 0): string {
  const text = numberFormat(language, digits).format(Math.abs(value))
  return (value < 0 ? MINUS : '') + text.replace(/[\s,](?=\d{3})/g, NBSP)
}

/** Age in words up to a day: `3 с`, `12 мин`, `1 ч 04 м`; the date after that. */
export function formatAge(seconds: number, units: Units, date: () => string): string {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < 60) return `${whole}${NBSP}${units.s}`
  if (whole < 3600) return `${Math.floor(whole / 60)}${NBSP}${units.min}`
  if (whole >= DAY_S) return date()
  const minutes = String(Math.floor((whole % 3600) / 60)).padStart(2, '0')
  return `${Math.floor(whole / 3600)}${NBSP}${units.h} ${minutes}${NBSP}${units.m}`
}

export function formatTime(moment: Date, seconds = true): string {
  const parts = [moment.getHours(), moment.getMinutes(), ...(seconds ? [moment.getSeconds()] : [])]
  return parts.map((each) => String(each).padStart(2, '0')).join(':')
}

/** Days that were written before: a table names the same few days over and over. */
const days = new Map<string, string>()
const MOST_DAYS = 1000

export function formatDate(moment: Date, language: Language, now: Date): string {
  const isThisYear = moment.getFullYear() === now.getFullYear()
  const key = `${language}${isThisYear}`
  const day = `${key}.${moment.getFullYear()}.${moment.getMonth()}.${moment.getDate()}`
  let text = days.get(day)
  if (text !== undefined) return text
  let found = dates.get(key)
  if (!found) dates.set(key, (found = new Intl.DateTimeFormat(language === 'ru' ? 'ru' : 'en-GB', { day: 'numeric', month: 'short', ...(!isThisYear && { year: 'numeric' as const }) })))
  text = found.format(moment).replace(/\s/g, NBSP)
  if (days.size >= MOST_DAYS) days.clear()
  days.set(day, text)
  return text
}

/** Bytes in words: `812 Б`, `1,4 МБ`. */
export function formatBytes(bytes: number, language: Language, units: readonly [string, string, string, string]): string {
  const power = Math.min(3, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const digits = power === 0 ? 0 : 1
  return `${formatNumber(bytes / 1000 ** power, language, digits)}${NBSP}${units[power] ?? ''}`
}
