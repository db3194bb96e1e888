import type { View } from '@/router/views'

export const views: View[] = [
  { name: 'automations', path: '/automations', page: () => import('./AutomationsPage.vue'), right: 'automations.read', order: 50 },
  { name: 'rules', path: '/automations/rules', page: () => import('./RulesPage.vue'), right: 'automations.edit', under: 'automations' },
  { name: 'automation', path: '/automations/rule/:id', page: () => import('./AutomationPage.vue'), right: 'automations.read', under: 'automations' },
]
