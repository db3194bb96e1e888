/** Values of reports in words: what a column holds says how it is written. */

import type { Meaning, Value } from '@/api/reports'
import { t } from '@/i18n'
import { formatBytes, formatNumber, formatTime, NBSP, type Language } from '@/i18n/format'

const DASH = '–'
const LONG_HOURS = 2400

export const isFigure = (meaning: Meaning): boolean => ['number', 'bytes', 'ratio', 'duration', 'dbm'].includes(meaning)

/** Codes that a report has; one that has no word stays as it is. */
export function inWords(code: string): string {
  const key = `reports.word.${code}`
  const known = /^\w+$/.test(code) ? t(key) : key
  return known === key ? code : known
}

export function formatValue(value: Value | undefined, meaning: Meaning, language: Language): string {
  if (value === null || value === undefined || value === '') return DASH
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
  if (typeof value === 'number') return formatFigure(value, meaning, language)
  if (meaning === 'moment') return formatMoment(value, language)
  if (meaning === 'day') return formatDay(value, language)
  return meaning === 'word' ? inWords(value) : value
}

/** A figure with its unit: shares as per cent, seconds as hours and minutes. */
export function formatFigure(value: number, meaning: Meaning, language: Language): string {
  switch (meaning) {
    case 'ratio':
      // Never rounded up to a hundred: that means that nothing is missing.
      return `${formatNumber(Math.floor(value * 1000) / 10, language, 1)}${NBSP}%`
    case 'bytes':
      return formatBytes(value, language, [t('units.b'), t('units.kb'), t('units.mb'), t('units.gb')])
    case 'duration':
      return formatDuration(value, language)
    case 'dbm':
      return `${formatNumber(value, language)}${NBSP}${t('reports.dbm')}`
    default:
      return formatNumber(value, language, Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 2 : 1)
  }
}

/** `4 сут 03 ч`, `1 ч 04 м`, `12 мин`, `0,8 с`: the two greatest parts. */
export function formatDuration(seconds: number, language: Language): string {
  if (seconds < 60) return `${formatNumber(seconds, language, seconds < 10 && seconds % 1 ? 1 : 0)}${NBSP}${t('units.s')}`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes}${NBSP}${t('units.min')}`
  const hours = Math.floor(minutes / 60)
  const two = (part: number): string => String(part).padStart(2, '0')
  if (hours < 24) return `${hours}${NBSP}${t('units.h')} ${two(minutes % 60)}${NBSP}${t('units.m')}`
  const days = `${formatNumber(Math.floor(hours / 24), language)}${NBSP}${t('reports.daysUnit')}`
  // Of a hundred days nobody asks for the hours.
  return hours >= LONG_HOURS ? days : `${days} ${two(hours % 24)}${NBSP}${t('units.h')}`
}

export function formatMoment(moment: string, language: Language): string {
  const at = new Date(moment)
  return `${formatDay(moment.length > 10 ? dayKey(at) : moment, language)} ${formatTime(at, false)}`
}

/** `22.11.2026` as it stands in a table, `22/11/2026` in English. */
export function formatDay(day: string, language: Language): string {
  const [year, month, date] = day.split('-')
  return date === undefined ? day : [date, month, year].join(language === 'ru' ? '.' : '/')
}

const dayKey = (at: Date): string => [at.getFullYear(), String(at.getMonth() + 1).padStart(2, '0'), String(at.getDate()).padStart(2, '0')].join('-')
