/** A list that the hub tells page by page: the first is read as any resource, the others when they are asked for. */

import { computed, onScopeDispose, shallowRef, type ComputedRef } from 'vue'

import type { Result } from '@/api/problem'
import { tellShort } from '@/store/problems'
import { say } from '@/store/toasts'

import { useResource, type Resource, type ResourceOptions } from './resource'

interface PageOf<T> {
  items: readonly T[]
  next: string | null
}

export interface Paged<T, P extends PageOf<T>> {
  /** The first page, for `Loaded` and for what is told beside the rows. */
  first: Resource<P>
  rows: ComputedRef<T[]>
  hasMore: ComputedRef<boolean>
  /** More than the first page was read: reading anew takes it away, so that is not done by the clock. */
  isLong: ComputedRef<boolean>
  readMore: () => Promise<void>
}

/** Reads with `read`, from the beginning for null, else behind what `next` of the page before said. */
export function usePaged<T, P extends PageOf<T>>(read: (cursor: string | null) => Promise<Result<P>>, { everyS, ...options }: ResourceOptions = {}): Paged<T, P> {
  const more = shallowRef<readonly T[]>([])
  const next = shallowRef<string | null>(null)
  let turn = 0
  const first = useResource(async () => {
    const mine = ++turn
    const answer = await read(null)
    if (answer.ok && mine === turn) {
      more.value = []
      next.value = answer.value.next
    }
    return answer
  }, options)
  const isLong = computed(() => more.value.length > 0)
  const readAgain = (): void => void (document.visibilityState === 'visible' && !isLong.value && first.reload())
  const timer = everyS ? window.setInterval(readAgain, everyS * 1000) : 0
  onScopeDispose(() => window.clearInterval(timer))
  return {
    first,
    rows: computed(() => [...(first.value?.items ?? []), ...more.value]),
    hasMore: computed(() => first.value !== null && next.value !== null),
    isLong,
    async readMore() {
      const mine = turn
      const answer = await read(next.value)
      if (!answer.ok) return say(tellShort(answer.problem), { isBad: true })
      if (mine !== turn) return
      more.value = [...more.value, ...answer.value.items]
      next.value = answer.value.next
    },
  }
}
