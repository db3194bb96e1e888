/** Something read from the hub for a view: kept while it is read anew, read again when the hub is heard again. */

import { onScopeDispose, shallowReactive, watch, type WatchSource } from 'vue'

import type { Problem, Result } from '@/api/problem'
import { onComeback } from '@/store/feed'

export interface Resource<T> {
  value: T | null
  etag: string | null
  problem: Problem | null
  isReading: boolean
  reload: () => Promise<void>
}

export interface ResourceOptions {
  /** Read anew when one of these changes; what was shown for the old ones goes away. */
  on?: WatchSource[]
  /** Read anew every so many seconds while the page is looked at. */
  everyS?: number
}

/** Reads with `read` now, and whenever it is due; an answer that was overtaken by a newer question is dropped. */
export function useResource<T>(read: () => Promise<Result<T>>, options: ResourceOptions = {}): Resource<T> {
  let asked = 0
  const resource = shallowReactive({
    value: null as T | null,
    etag: null as string | null,
    problem: null as Problem | null,
    isReading: false,
    async reload(): Promise<void> {
      const mine = ++asked
      resource.isReading = true
      const answer = await read()
      if (mine !== asked) return
      resource.isReading = false
      resource.problem = answer.ok ? null : answer.problem
      if (!answer.ok) return
      resource.value = answer.value
      resource.etag = answer.etag
    },
  }) as Resource<T>
  void resource.reload()
  const stop = onComeback(() => void resource.reload())
  const timer = options.everyS ? window.setInterval(() => document.visibilityState === 'visible' && void resource.reload(), options.everyS * 1000) : 0
  if (options.on) {
    watch(options.on, () => {
      resource.value = null
      resource.problem = null
      void resource.reload()
    })
  }
  onScopeDispose(() => {
    asked += 1
    stop()
    window.clearInterval(timer)
  })
  return resource
}
