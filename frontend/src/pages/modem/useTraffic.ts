/** The traffic record, followed: only what is new is asked for, and nothing while it is paused or not looked at. */

import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'

import { readTraffic, type TrafficLine } from '@/api/modem'
import type { Problem } from '@/api/problem'
import { isAway } from '@/store/feed'

const EVERY_MS = 1500
const MOST_LINES = 3000

export interface Traffic {
  lines: ShallowRef<readonly TrafficLine[]>
  isPaused: Ref<boolean>
  problem: ShallowRef<Problem | null>
  isRead: Ref<boolean>
  clear: () => void
}

export function useTraffic(modem: string): Traffic {
  const lines = shallowRef<readonly TrafficLine[]>([])
  const isPaused = ref(false)
  const isRead = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let last: string | null = null
  let timer = 0
  let isOver = false

  async function read(): Promise<void> {
    if (!isPaused.value && !isAway.value && document.visibilityState === 'visible') {
      const answer = await readTraffic(modem, last)
      if (isOver) return
      problem.value = answer.ok ? null : answer.problem
      isRead.value = isRead.value || answer.ok
      if (answer.ok && answer.value.items.length > 0 && !isPaused.value) {
        last = answer.value.items.at(-1)?.ts ?? last
        lines.value = [...lines.value, ...answer.value.items].slice(-MOST_LINES)
      }
    }
    timer = window.setTimeout(() => void read(), EVERY_MS)
  }
  void read()
  onScopeDispose(() => {
    isOver = true
    window.clearTimeout(timer)
  })
  return { lines, isPaused, problem, isRead, clear: () => void (lines.value = []) }
}
