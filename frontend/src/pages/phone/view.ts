import type { View } from '@/router/views'

export const views: View[] = [{ name: 'phone', path: '/sms', page: () => import('./PhonePage.vue'), right: 'phone.read', order: 60 }]
