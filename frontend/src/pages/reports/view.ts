import type { View } from '@/router/views'

export const views: View[] = [{ name: 'reports', path: '/reports', page: () => import('./ReportsPage.vue'), right: 'modems.read', order: 80 }]
