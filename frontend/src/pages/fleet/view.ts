import type { View } from '@/router/views'
import { formatNumber } from '@/i18n/format'
import { total } from '@/store/groups'
import { language } from '@/store/look'

export const views: View[] = [
  {
    name: 'fleet',
    path: '/',
    page: () => import('./FleetPage.vue'),
    right: 'modems.read',
    order: 10,
    tab: 'i-list',
    key: 'KeyS',
    badge: () => ({ text: formatNumber(total.value, language.value) }),
  },
]
