/** The chosen group: it narrows every view and is part of the link. */

import { computed } from 'vue'

import { router } from '@/router'

/** The choice that stands for modems without a group. */
export const NO_GROUP = '/'
/** Path of the chosen group, empty for all modems. */
export const scope = computed<string>(() => String(router.currentRoute.value.query['group'] ?? ''))
export const scopeName = computed(() => scope.value.split('/').pop() ?? '')

export function chooseScope(path: string): void {
  void router.push({ query: { ...router.currentRoute.value.query, group: path || undefined } })
}

/** Says whether a modem of `group` lies in the chosen one. */
export function isInScope(group: string, chosen: string): boolean {
  if (chosen === NO_GROUP) return group === ''
  return chosen === '' || group === chosen || group.startsWith(`${chosen}/`)
}
