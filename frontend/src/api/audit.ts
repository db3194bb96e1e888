/** The audit: who did what, when, from where; and whether its chain is whole. */

import { get } from './client'
import type { Result } from './problem'

export interface AuditEntry {
  seq: number
  ts: string
  actor: string
  role: string
  organisation: string
  source: string
  action: string
  modem: string | null
  object: Record<string, unknown>
  result: 'ok' | 'refused' | 'failed'
  status: number | null
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  request_id: string | null
}

export interface AuditQuery {
  actor?: string | null
  action?: string | null
  modem?: string | null
  result?: string | null
  since?: string | null
  until?: string | null
  cursor?: string | null
  limit?: number
}

export interface AuditVerdict {
  is_whole: boolean
  rows: number
  first: number
  last: number
  fault: string | null
}

export const readAudit = (query: AuditQuery): Promise<Result<{ items: AuditEntry[]; next: string | null }>> => get('audit', { ...query })
export const verifyAudit = (): Promise<Result<AuditVerdict>> => get<AuditVerdict>('audit/verdict')
