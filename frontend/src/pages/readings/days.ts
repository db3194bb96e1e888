/** Days as the address names them: `2026-11-22`. */

import { dayOf } from '@/use/period'

export function shiftDay(day: string, by: number): string {
  const [year, month, date] = (day || dayOf(new Date())).split('-').map(Number) as [number, number, number]
  return dayOf(new Date(year, month - 1, date + by))
}
