/** The alarm line of the top bar: the gravest open incident. The alerts area sets it, null when nothing is open. */

import { shallowRef } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

export interface AlarmLine {
  text: string
  /** When it began, RFC 3339. */
  since: string
  isAcknowledged: boolean
  /** An alarm; else a warning or less, which is no red matter. */
  isGrave: boolean
  to: RouteLocationRaw
}

export const alarmLine = shallowRef<AlarmLine | null>(null)
