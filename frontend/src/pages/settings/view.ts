import type { View } from '@/router/views'

export const views: View[] = [{ name: 'settings', path: '/settings', page: () => import('./SettingsPage.vue'), order: 90 }]
