import type { View } from '@/router/views'
import { formatNumber } from '@/i18n/format'
import { language } from '@/store/look'

import { followAlerts, hasUntakenAlarm, openAlerts, unacknowledged } from './live'

followAlerts()

export const views: View[] = [
  {
    name: 'alerts',
    path: '/alerts',
    page: () => import('./AlertsPage.vue'),
    right: 'alerts.read',
    order: 20,
    tab: 'i-bell',
    key: 'KeyT',
    badge: () => (openAlerts.value?.length ? { text: formatNumber(unacknowledged.value || openAlerts.value.length, language.value), isBad: hasUntakenAlarm.value } : null),
  },
  { name: 'alert', path: '/alerts/:id(\\d+)', page: () => import('./AlertsPage.vue'), right: 'alerts.read', under: 'alerts' },
  { name: 'visits', path: '/visits', page: () => import('./VisitsPage.vue'), right: 'alerts.read', under: 'alerts' },
  { name: 'maintenance', path: '/maintenance', page: () => import('./MaintenancePage.vue'), right: 'alerts.read', under: 'alerts' },
]
