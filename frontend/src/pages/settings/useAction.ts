/** One change at a time, from a dialog: what is refused stays there with all that was typed. */

import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'

import type { Problem, Result } from '@/api/problem'

export interface Action {
  isBusy: Ref<boolean>
  problem: ShallowRef<Problem | null>
  /** Sends, and calls `then` with what the hub answered when it agreed. */
  run: <T>(send: () => Promise<Result<T>>, then: (value: T) => unknown) => Promise<void>
  clear: () => void
}

export function useAction(): Action {
  const isBusy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  return {
    isBusy,
    problem,
    async run(send, then) {
      if (isBusy.value) return
      isBusy.value = true
      problem.value = null
      const answer = await send()
      isBusy.value = false
      if (answer.ok) await then(answer.value)
      else problem.value = answer.problem
    },
    clear: () => (problem.value = null),
  }
}
