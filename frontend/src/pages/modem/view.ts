import type { View } from '@/router/views'

export const views: View[] = [{ name: 'modem', path: '/modems/:modem', page: () => import('./ModemPage.vue'), right: 'modems.read', under: 'fleet' }]
