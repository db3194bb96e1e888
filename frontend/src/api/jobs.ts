/** Jobs over many modems: how far they are, what became of each modem, and what can be done with them. */

import { call, get, part } from './client'
import type { Result } from './problem'

export type JobStatus = 'awaiting_approval' | 'running' | 'paused' | 'stopped' | 'cancelling' | 'done' | 'cancelled'
export type ItemStatus = 'pending' | 'running' | 'done' | 'failed' | 'expired' | 'cancelled'
export type JobAction = 'pause' | 'resume' | 'cancel' | 'retry' | 'approve'

export interface Job {
  id: string
  kind: string
  target: Record<string, unknown>
  args: Record<string, unknown>
  status: JobStatus
  dangerous: boolean
  steps: number[]
  step: number
  total: number
  ended: number
  counts: Partial<Record<ItemStatus, number>>
  created_by: string
  created_at: string
  expires_at: string
  approved_by: string | null
  approved_at: string | null
  started_at: string | null
  step_ended_at: string | null
  finished_at: string | null
  reason: string | null
}

export interface JobItem {
  modem: string
  status: ItemStatus
  step: number | null
  attempt: number
  result: Record<string, unknown> | null
  error: string | null
  returned: boolean
  started_at: string | null
  finished_at: string | null
}

export interface Page<T> {
  items: T[]
  next: string | null
}

export const readJobs = (cursor: string | null = null): Promise<Result<Page<Job>>> => get('jobs', { limit: 100, cursor })
export const readJob = (id: string): Promise<Result<Job>> => get(`jobs/${part(id)}`)
export const readItems = (id: string, status: ItemStatus | null, cursor: string | null): Promise<Result<Page<JobItem>>> =>
  get(`jobs/${part(id)}/items`, { limit: 200, status, cursor })
export const actOn = (id: string, action: JobAction): Promise<Result<Job>> => call('POST', `jobs/${part(id)}/${action}`)
