/** A period as the address names it: `24h`, `7d`, `month`, or `2026-11-01..2026-11-15` with both days in it. */

export const PRESETS = ['24h', '7d', '30d'] as const
export type Preset = (typeof PRESETS)[number] | '6h' | '90d' | 'today' | 'yesterday' | 'month' | 'last_month'

export interface Period {
  from: Date
  /** The first moment that is not in it. */
  to: Date
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const LENGTHS: Readonly<Record<string, number>> = { '6h': 6 * HOUR_MS, '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS, '90d': 90 * DAY_MS }
const DAYS = /^(\d{4})-(\d\d)-(\d\d)\.\.(\d{4})-(\d\d)-(\d\d)$/

/** Returns the period that `text` names; what cannot be read is the last 24 hours. */
export function periodOf(text: string, now = new Date()): Period {
  const days = DAYS.exec(text)
  if (days) {
    const [y1, m1, d1, y2, m2, d2] = days.slice(1).map(Number) as [number, number, number, number, number, number]
    return { from: new Date(y1, m1 - 1, d1), to: new Date(y2, m2 - 1, d2 + 1) }
  }
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()]
  switch (text) {
    case 'today':
      return { from: new Date(year, month, day), to: now }
    case 'yesterday':
      return { from: new Date(year, month, day - 1), to: new Date(year, month, day) }
    case 'month':
      return { from: new Date(year, month, 1), to: now }
    case 'last_month':
      return { from: new Date(year, month - 1, 1), to: new Date(year, month, 1) }
    default:
      return { from: new Date(now.getTime() - (LENGTHS[text] ?? DAY_MS)), to: now }
  }
}

/** Writes whole days, the last one included. */
export function writePeriod(from: Date, to: Date): string {
  return `${dayOf(from)}..${dayOf(to)}`
}

/** `2026-11-22` of this browser's clock. */
export function dayOf(moment: Date): string {
  return [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map((each) => String(each).padStart(2, '0')).join('-')
}
