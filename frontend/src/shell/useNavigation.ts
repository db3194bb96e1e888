/** The views that this person is offered, and which of them is open. */

import { computed, type ComputedRef } from 'vue'
import { useRoute } from 'vue-router'

import { VIEWS, type NamedView } from '@/router/views'
import { may } from '@/store/session'

export function useNavigation(): { views: ComputedRef<NamedView[]>; current: ComputedRef<string> } {
  const route = useRoute()
  const views = computed(() => VIEWS.filter((view) => view.order !== undefined && (view.right === undefined || may(view.right))))
  const current = computed(() => route.meta.view?.under ?? route.meta.view?.name ?? '')
  return { views, current }
}
