import type { View } from '@/router/views'
import { tn } from '@/i18n'

import { running } from './running'

export const views: View[] = [
  {
    name: 'jobs',
    path: '/jobs',
    page: () => import('./JobsPage.vue'),
    right: 'jobs.read',
    order: 70,
    badge: () => (running.value > 0 ? { text: tn('jobs.badge', running.value) } : null),
  },
  { name: 'job', path: '/jobs/:id', page: () => import('./JobPage.vue'), right: 'jobs.read', under: 'jobs' },
]
