/** Alerts, the shift log, visit requests and maintenance windows. */

import type { Said } from '@/i18n/said'

import { call, del, get, part, patch, post, urlOf } from './client'
import type { Page } from './jobs'
import type { Result } from './problem'

export type Severity = 'info' | 'warning' | 'alarm'

export interface Alert {
  id: number
  kind: string
  subject: string
  modem: string | null
  modem_name: string | null
  group: string | null
  site: string | null
  severity: Severity
  state: 'open' | 'recovering' | 'closed'
  opened_at: string
  last_seen_at: string
  good_since: string | null
  closed_at: string | null
  closed_by: string | null
  lasts_s: number
  count: number
  title: string
  hint: string
  cause: string
  check: string
  action: string
  where: string | null
  members: number | null
  away: number | null
  acknowledged_by: string | null
  acknowledged_at: string | null
  silenced: boolean
  silenced_until: string | null
  owner: string | null
  note: string
  muted: 'commissioning' | 'maintenance' | null
  parent: number | null
  visit: number | null
}

export interface Share {
  about: 'cause' | 'area' | 'operator' | 'nearby' | 'others'
  lost: number
  of: number
}

export interface Course {
  step_s: number
  points: { at: string; lost: number; returned: number }[]
}

export interface AlertAction {
  at: string
  by: string
  change: string
  note: string
}

export interface ToldTo {
  id: string
  at: string
  channel: string
  contact: string | null
  address: string | null
  status: string
  closes: boolean
  count: number
  error: string | null
  error_said: Said | null
}

/** A ladder that is climbed until somebody has the alert in hand. */
export interface Climb {
  ladder: string
  step: number
  steps: number | null
  next_at: string | null
  /** Null where names are not the caller's to see. */
  targets: string[] | null
  channels: string[]
  ended_at: string | null
  ended_by: string | null
}

export interface OneAlert extends Alert {
  evidence: Share[]
  uplink: boolean | null
  course: Course | null
  timeline: AlertAction[]
  notified: ToldTo[]
  escalation: Climb[]
}

export interface AlertModem {
  modem: string
  name: string
  group: string
  address: string | null
  state: string | null
  lost_at: string
  returned_at: string | null
  detail: string
}

export interface AlertsQuery {
  state?: 'open' | 'closed' | 'all'
  mine?: boolean
  group?: string | null
  since?: string | null
  filter?: string | null
  cursor?: number | string | null
  limit?: number
  lang: string
}

export type AlertPage = Page<Alert> & { total: number | null }

export const readAlerts = (query: AlertsQuery): Promise<Result<AlertPage>> => get('alerts', { ...query })
export const readAlert = (id: number, lang: string): Promise<Result<OneAlert>> => get(`alerts/${id}`, { lang })
export const readAlertModems = (id: number, limit: number, lang: string): Promise<Result<Page<AlertModem> & { total: number }>> => get(`alerts/${id}/modems`, { limit, lang })
/** Where a browser finds all modems of an alert with their SIM cards and addresses, as a table for the network's operator. */
export const alertModemsFile = (id: number, lang: string): string => urlOf(`alerts/${id}/modems`, { format: 'csv', limit: 10_000, lang })

export type Deed = 'acknowledge' | 'unacknowledge' | 'escalate' | 'close'
export const act = (id: number, deed: Deed, note = ''): Promise<Result<Alert>> => post(`alerts/${id}/${deed}`, { note })
export const silence = (id: number, forS: number | null): Promise<Result<Alert>> => post(`alerts/${id}/silence`, { for_s: forS })
export const comment = (id: number, text: string): Promise<Result<Alert>> => post(`alerts/${id}/comments`, { text })
export const editAlert = (id: number, change: { owner?: string | null; note?: string | null }, etag: string | null): Promise<Result<Alert>> => patch(`alerts/${id}`, change, etag)
export const acknowledgeAll = (alerts: readonly number[]): Promise<Result<{ acknowledged: number[]; not_open: number[] }>> => post('alerts/acknowledge', { alerts })

export interface ShiftEntry {
  id: string
  at: string
  by: string
  kind: 'note' | 'taken' | 'handed_over' | 'opened' | 'closed' | 'visit' | 'visit_closed' | 'more'
  alert: number | null
  visit: number | null
  text: string
  open: number | null
  unacknowledged: number | null
  visits: number | null
  taken_from: string | null
  more: number | null
}

export interface Shift {
  holder: string | null
  since: string | null
  handover_note: string
  last_handover: ShiftEntry | null
  open: number
  unacknowledged: number
  mine: number
  closed: number
  visits: number
}

export const readShift = (): Promise<Result<Shift>> => get('shift')
export const saveDraft = (handover_note: string): Promise<Result<Shift>> => patch('shift', { handover_note })
export const takeShift = (): Promise<Result<Shift>> => post('shift/take', { note: '' })
export const handOver = (note: string): Promise<Result<Shift>> => post('shift/hand_over', { note })
export const readShiftLog = (cursor: string | null = null): Promise<Result<Page<ShiftEntry>>> => get('shift_log', { limit: 50, cursor })
export const writeShiftLog = (text: string, alert: number | null): Promise<Result<ShiftEntry>> => post('shift_log', { text, alert })

export interface Visit {
  id: number
  state: 'open' | 'closed'
  alert: number | null
  modem: string | null
  modem_name: string | null
  created_at: string
  created_by: string
  site: string
  address: string
  access: string
  contact: string
  cause: string
  task: string
  due_at: string | null
  closed_at: string | null
  closed_by: string | null
  result: string
}

export const readVisits = (state: 'open' | 'closed' | 'all', cursor: string | null = null): Promise<Result<Page<Visit>>> => get('visits', { state, limit: 100, cursor })
export const askVisit = (wanted: Partial<Visit>, idempotencyKey: string): Promise<Result<Visit>> => call('POST', 'visits', { body: wanted, idempotencyKey })
export const closeVisit = (id: number, result: string): Promise<Result<Visit>> => post(`visits/${id}/close`, { result })
export const visitSheets = (ids: readonly number[], lang: string): string => urlOf('visit_sheets', { visits: ids.join(','), lang })
export const visitPage = (id: number, lang: string): string => urlOf(`visits/${id}/page`, { lang })

export interface MaintenanceWindow {
  id: string
  modem: string | null
  group: string | null
  since: string
  until: string
  state: 'planned' | 'running' | 'over'
  reason: string
  created_by: string
  created_at: string
}

export const readWindows = (past: boolean): Promise<Result<Page<MaintenanceWindow>>> => get('maintenance_windows', { past })
export const planWindow = (wanted: { modem?: string | null; group?: string | null; since?: string | null; until: string; reason: string }, idempotencyKey: string): Promise<Result<MaintenanceWindow>> =>
  call('POST', 'maintenance_windows', { body: wanted, idempotencyKey })
export const dropWindow = (id: string): Promise<Result<null>> => del(`maintenance_windows/${part(id)}`)
