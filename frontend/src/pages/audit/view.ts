import type { View } from '@/router/views'

export const views: View[] = [{ name: 'audit', path: '/audit', page: () => import('./AuditPage.vue'), right: 'audit.read', order: 95 }]
