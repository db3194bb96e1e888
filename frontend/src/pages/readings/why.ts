/** What became of a reading, as key and values of the catalogue: the cause in words, and what to check. */

import type { Reading } from '@/api/readings'

export interface Told {
  key: string
  values: Record<string, string | number>
  /** What to check, where it is another one than that of `key`. */
  check?: string
}

/** Fewer answers than this share of the questions: the line is bad, though the meter was read. */
const GOOD_SHARE = 0.8
const DAY_MS = 86_400_000

/** @param endOfDay - when the day of the reading was over, or now while it lasts */
export function whyOf(reading: Reading, time: (moment: string) => string, endOfDay: number): Told {
  if (reading.cause === null) {
    const isPoor = reading.asked > 0 && reading.answered < reading.asked * GOOD_SHARE
    if (reading.last_answered && reading.hours.findLastIndex((hour) => hour !== null) !== reading.hours.lastIndexOf(true))
      return { key: 'fell_silent', values: { time: time(reading.last_answered) } }
    return { key: isPoor ? 'poor' : 'read', values: {} }
  }
  if (reading.cause !== 'meter_silent') return { key: reading.cause, values: {} }
  if (reading.other) return { key: 'other_address', values: { address: reading.other } }
  if (reading.last_heard === null) return { key: 'meter_silent', values: {} }
  const days = Math.floor((endOfDay - Date.parse(reading.last_heard)) / DAY_MS)
  return days < 2 ? { key: 'first_night', values: {}, check: 'meter_silent' } : { key: 'silent_days', values: { n: days }, check: 'meter_silent' }
}
