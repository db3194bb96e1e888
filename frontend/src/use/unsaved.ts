/** Typed text is not lost by a wrong step: leaving a view with unsaved changes asks first. */

import { onBeforeUnmount, onMounted, type Ref } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'

import { askToLeave } from '@/store/leaving'

/** Asks before the view is left while `isDirty`; the browser asks in its own words when its window is closed. */
export function useUnsaved(isDirty: Readonly<Ref<boolean>>): void {
  const warn = (event: BeforeUnloadEvent): void => {
    if (isDirty.value) event.preventDefault()
  }
  onMounted(() => window.addEventListener('beforeunload', warn))
  onBeforeUnmount(() => window.removeEventListener('beforeunload', warn))
  onBeforeRouteLeave((to, from) => to.path === from.path || !isDirty.value || askToLeave())
}
