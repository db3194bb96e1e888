/** One thing of a list in a dialog: made, changed, or deleted after a second question. */

import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'

import type { Result } from '@/api/problem'

import { useAction, type Action } from './useAction'

export interface Edited<T> {
  /** The thing in the dialog; `new` for one that is not there yet, null for none. */
  editing: ShallowRef<T | 'new' | null>
  /** What it was before; null for a new one. */
  old: ComputedRef<T | null>
  isDeleting: Ref<boolean>
  action: Action
  open: (what: T | 'new') => void
  confirm: () => Promise<void>
}

export interface EditedOptions<T> {
  /** Puts a thing into the form, null for the empty one. */
  fill: (what: T | null) => void
  save: (old: T | null) => Promise<Result<unknown>>
  remove: (old: T) => Promise<Result<unknown>>
  /** Called when the hub took it: the list is to be read again. */
  ended: () => void
}

export function useEdited<T extends object>({ fill, save, remove, ended }: EditedOptions<T>): Edited<T> {
  const editing: ShallowRef<T | 'new' | null> = shallowRef(null)
  const isDeleting = ref(false)
  const action = useAction()
  const old = computed(() => (editing.value === 'new' ? null : editing.value))
  return {
    editing,
    old,
    isDeleting,
    action,
    open(what) {
      fill(what === 'new' ? null : what)
      isDeleting.value = false
      action.clear()
      editing.value = what
    },
    confirm() {
      const before = old.value
      return action.run(
        () => (before !== null && isDeleting.value ? remove(before) : save(before)),
        () => {
          editing.value = null
          ended()
        },
      )
    },
  }
}
