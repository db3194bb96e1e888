/** Deep links for every view: the path names the view, the query its filters and the chosen group. */

import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'

import { ROOT } from '@/api/root'

import { VIEWS, type NamedView } from './views'

declare module 'vue-router' {
  interface RouteMeta {
    view?: NamedView
  }
}

const routes: RouteRecordRaw[] = VIEWS.map((view) => ({ path: view.path, name: view.name, component: view.page, meta: { view } }))

export const router = createRouter({
  history: createWebHistory(ROOT),
  routes: [...routes, { path: '/:rest(.*)*', name: 'nowhere', component: () => import('@/pages/NowherePage.vue') }],
})

// The chosen group goes along from view to view.
router.beforeEach((to, from) => {
  const group = from.query['group']
  if (group === undefined || to.query['group'] !== undefined || to.name === from.name || from.name === undefined) return true
  return { ...to, query: { ...to.query, group } }
})
