/** The period of a report: as the address names it, and as the hub takes it. */

import type { Choice } from '@/api/reports'
import type { Preset } from '@/use/period'

export const REPORT_PRESETS: readonly Preset[] = ['today', 'yesterday', '7d', '30d', 'month', 'last_month']
/** The last seven days, which are over; of a fleet that began today they hold nothing yet. */
export function usualPeriod(registered: Iterable<string | null>, now = new Date()): Preset {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime()
  let isYoung = false
  for (const at of registered) {
    if (at === null) continue
    if (Date.parse(at) < today) return '7d'
    isYoung = true
  }
  return isYoung ? 'today' : '7d'
}

const WORDS: Readonly<Record<string, string>> = { today: 'today', yesterday: 'yesterday', '7d': 'last_7_days', '30d': 'last_30_days', month: 'this_month', last_month: 'last_month' }
const DAYS = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/

/** Whole days on the hub's clock; what cannot be read is the last seven. */
export function periodChoice(text: string): Choice {
  const days = DAYS.exec(text)
  return days ? { first: days[1] ?? null, last: days[2] ?? null } : { period: WORDS[text] ?? 'last_7_days' }
}

/** Addresses as people write them: by commas, semicolons, spaces or lines. */
export const addressesOf = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter(Boolean))]
