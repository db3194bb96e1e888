import type { View } from '@/router/views'

import { shareText } from './share'

export const views: View[] = [
  {
    name: 'readings',
    path: '/readings',
    page: () => import('./ReadingsPage.vue'),
    right: 'modems.read',
    order: 40,
    tab: 'i-sum',
    key: 'KeyO',
    badge: () => (shareText.value === null ? null : { text: shareText.value }),
  },
  { name: 'programs', path: '/readings/programs', page: () => import('./ProgramsPage.vue'), right: 'modems.read', under: 'readings' },
]
