import type { View } from '@/router/views'

import { openScreen } from './kiosk'

openScreen()

export const views: View[] = [
  { name: 'map', path: '/map', page: () => import('./MapPage.vue'), right: 'modems.read', order: 30, tab: 'i-map', key: 'KeyK' },
  { name: 'wall', path: '/wall', page: () => import('./WallPage.vue'), right: 'modems.read', under: 'map' },
]
