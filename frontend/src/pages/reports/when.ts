/** When a schedule mails, in words: `07:00, пн–пт`. */

import type { Schedule } from '@/api/reports'
import { t } from '@/i18n'

export function whenOf({ at, weekdays, month_day }: Pick<Schedule, 'at' | 'weekdays' | 'month_day'>): string {
  const days = weekdays.length === 0 || weekdays.length === 7 ? '' : weekdays.map((day) => t(`reports.weekday.${day}`)).join(', ')
  const date = month_day === null ? '' : t('reports.onMonthDay', { n: month_day })
  return [at, days, date, days || date ? '' : t('reports.everyDay')].filter(Boolean).join(', ')
}
