/** How an alert is shown: its shape, how long it lasts, and what was done about it. */

import type { Alert, AlertAction } from '@/api/alerts'
import { t } from '@/i18n'
import { formatAge, type Units } from '@/i18n/format'

const DAY_S = 86_400

/** Shape and colour of an alert, of those in `Sprite.vue`. */
export function shapeOf(alert: Alert): string {
  if (alert.state === 'closed') return 'done'
  if (alert.acknowledged_by !== null) return 'ack'
  return alert.severity === 'alarm' ? 'alarm' : 'note'
}

/** `7 мин`; past a day in days, because here it lasts and did not happen. */
export function lastsText(seconds: number, units: Units): string {
  return formatAge(seconds, units, () => t('alerts.days', { n: Math.floor(seconds / DAY_S) }))
}

/** What somebody did, such as `квитирована`; a change that has no word here by its own name. */
export function changeText({ change }: AlertAction): string {
  const key = `alerts.change.${change}`
  const text = t(key)
  return text === key ? change : text
}
