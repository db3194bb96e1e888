/** The days of the uptime strip: as many as were asked for, also those of which the hub knows nothing. */

import type { Uptime } from '@/api/modem'

export interface UptimeDay {
  day: string
  /** Share of the expected time; null: nothing was expected, or nothing is known. */
  ratio: number | null
  isUnknown: boolean
  lostS: number
}

/** Less than a second lost is rounding, and nobody's fault. */
const LEAST_LOST_S = 1
const DAY_MS = 86_400_000

/** Returns `count` days up to the one that it is at `now` where the modem stands, from old to new. */
export function daysOf(uptime: Uptime, count: number, now: Date): UptimeDay[] {
  const known = new Map(uptime.items.map((each) => [each.day, each]))
  const today = Date.parse(dayIn(uptime.time_zone, now))
  return Array.from({ length: count }, (_, back) => {
    const day = new Date(today - (count - 1 - back) * DAY_MS).toISOString().slice(0, 10)
    const told = known.get(day)
    const lostS = told ? Math.max(0, told.expected_s - told.online_s) : 0
    const isWhole = lostS < LEAST_LOST_S
    return { day, ratio: told && told.ratio !== null && isWhole ? 1 : (told?.ratio ?? null), isUnknown: !told, lostS: isWhole ? 0 : lostS }
  })
}

/** Returns the day of a moment on the clock of a time zone, as `2026-11-22`. */
function dayIn(zone: string, moment: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(moment)
}
