/** How many jobs are under way, for the navigation: told by the feed, without asking. */

import { computed, shallowRef } from 'vue'

import type { Job } from '@/api/jobs'
import { onEvent } from '@/store/feed'

const ACTIVE: readonly string[] = ['running', 'cancelling']
const active = shallowRef<ReadonlySet<string>>(new Set())

export const running = computed(() => active.value.size)

function note(id: string, status: string): void {
  if (active.value.has(id) === ACTIVE.includes(status)) return
  const next = new Set(active.value)
  if (ACTIVE.includes(status)) next.add(id)
  else next.delete(id)
  active.value = next
}

/** Takes what a list says of its jobs. */
export function noteJobs(jobs: readonly Pick<Job, 'id' | 'status'>[]): void {
  for (const { id, status } of jobs) note(id, status)
}

onEvent(({ type, data }) => {
  if (type === 'job_changed' || type === 'job_finished') note(String(data['job']), String(data['status']))
})
