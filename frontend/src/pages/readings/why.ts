/** What became of a reading, as key and values of the catalogue: the cause in words, and what to check. */

import type { Reading } from '@/api/readings'

export interface Told {
  key: string
  values: Record<string, string | number>
}

/** Fewer answers than this share of the questions: the line is bad, though the meter was read. */
const GOOD_SHARE = 0.8

export function whyOf(reading: Reading, time: (moment: string) => string): Told {
  if (reading.cause === null) {
    const isPoor = reading.asked > 0 && reading.answered < reading.asked * GOOD_SHARE
    if (reading.last_answered && reading.hours.findLastIndex((hour) => hour !== null) !== reading.hours.lastIndexOf(true))
      return { key: 'fell_silent', values: { time: time(reading.last_answered) } }
    return { key: isPoor ? 'poor' : 'read', values: {} }
  }
  if (reading.cause === 'meter_silent' && reading.other) return { key: 'other_address', values: { address: reading.other } }
  return { key: reading.cause, values: {} }
}
