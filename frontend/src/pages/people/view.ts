import type { View } from '@/router/views'

export const views: View[] = [{ name: 'people', path: '/people', page: () => import('./PeoplePage.vue'), right: 'directory.read', order: 65 }]
