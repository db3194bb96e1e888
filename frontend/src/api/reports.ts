/** Reports: what there is, one on the page, as a file, by mail; quality of links, traffic of SIM cards. */

import { call, del, get, getAll, part, patch, post, urlOf } from './client'
import type { Result } from './problem'

export const KINDS = ['reading_summary', 'availability', 'reconnects', 'signal', 'traffic', 'inputs', 'commands', 'alerts'] as const
export type Kind = (typeof KINDS)[number]
export const FORMS = ['xlsx', 'csv', 'pdf'] as const
export type Form = (typeof FORMS)[number]
export const PERIODS = ['today', 'yesterday', 'last_7_days', 'last_30_days', 'this_week', 'last_week', 'this_month', 'last_month'] as const
export type PeriodWord = (typeof PERIODS)[number]
export type Meaning = 'text' | 'modem' | 'number' | 'bytes' | 'ratio' | 'duration' | 'dbm' | 'moment' | 'day' | 'word'

export interface ReportColumn {
  name: string
  meaning: Meaning
  title: string
}

export interface ReportChart {
  name: string
  title: string
  form: 'line' | 'columns' | 'stacked' | 'bars'
  meaning: Meaning
  label_meaning: Meaning
  labels: string[]
  series: { name: string; title: string; values: (number | null)[] }[]
}

export type Value = string | number | boolean | null
export type ReportRow = Record<string, Value> & { id: string }

export interface Report {
  kind: Kind
  title: string
  first: string
  last: string
  time_zone: string
  made_at: string
  whose: string
  is_cut: boolean
  columns: ReportColumn[]
  totals: { name: string; title: string; meaning: Meaning; value: Value }[]
  charts: ReportChart[]
  items: ReportRow[]
  next: string | null
  total: number
}

/** Of what and of when; `period`, or the first and the last day. */
export interface Choice {
  period?: string | null
  first?: string | null
  last?: string | null
  modem?: string | null
  group?: string | null
  organisation?: string | null
  language?: 'ru' | 'en' | null
}

export const readReport = (kind: Kind, choice: Choice, cursor: string | null, limit: number): Promise<Result<Report>> =>
  get<Report>(`reports/${kind}`, { ...choice, cursor, limit })
export const fileOf = (kind: Kind, choice: Choice, form: Form): string => urlOf(`reports/${kind}/file`, { ...choice, form })

export interface Mail {
  id: string
  schedule: string | null
  kind: Kind
  first: string
  last: string
  recipient: string
  forms: Form[]
  status: 'waiting' | 'sent' | 'failed'
  attempts: number
  error: string | null
  created_at: string
  created_by: string
  next_at: string | null
  finished_at: string | null
}

export function mailReport(kind: Kind, choice: Choice, recipients: string[], forms: Form[], key: string): Promise<Result<{ items: Mail[] }>> {
  const wanted = Object.fromEntries(Object.entries(choice).filter(([, value]) => value))
  return post(`reports/${kind}/mail`, { ...wanted, recipients, forms }, { idempotencyKey: key })
}
export const readMails = (): Promise<Result<{ items: Mail[] }>> => get('report_mails')

export interface ScheduleSettings extends Record<string, unknown> {
  name: string
  kind: Kind
  period: PeriodWord
  modem: string | null
  group: string | null
  organisation: string | null
  forms: Form[]
  recipients: string[]
  at: string
  weekdays: number[]
  month_day: number | null
  language: 'ru' | 'en'
  enabled: boolean
}

export interface Schedule extends ScheduleSettings {
  id: string
  time_zone: string
  created_by: string
  next_at: string | null
  last_at: string | null
}

export const readSchedules = (): Promise<Result<Schedule[]>> => getAll<Schedule>('report_schedules')
export const readSchedule = (id: string): Promise<Result<Schedule>> => get<Schedule>(`report_schedules/${part(id)}`)
export const addSchedule = (wanted: ScheduleSettings, key: string): Promise<Result<Schedule>> => post('report_schedules', wanted, { idempotencyKey: key })
export const editSchedule = (id: string, change: Partial<ScheduleSettings>, etag: string | null): Promise<Result<Schedule>> => patch(`report_schedules/${part(id)}`, change, etag)
export const removeSchedule = (id: string): Promise<Result<null>> => del(`report_schedules/${part(id)}`)
export const sendSchedule = (id: string): Promise<Result<{ items: Mail[] }>> => call('POST', `report_schedules/${part(id)}/send`)

export interface Quality {
  operator: string | null
  modems: number
  availability: number | null
  sessions: number
  breaks: number
  breaks_a_day: number | null
  between_breaks_s: number | null
  csq: number | null
  csq_min: number | null
  rx_bytes: number
  tx_bytes: number
}

export interface ModemQuality extends Quality {
  modem: string
  modem_name: string
  group: string
  iccid: string | null
}

export interface Links {
  days: number
  total: number
  operators: Quality[]
  items: ModemQuality[]
  next: string | null
}

export const readLinks = (days: number, group: string | null, cursor: string | null): Promise<Result<Links>> => get<Links>('reports/links', { days, group, cursor, limit: 1000 })

export interface SimTraffic {
  modem: string
  modem_name: string
  group: string
  iccid: string | null
  operator: string | null
  rx_bytes: number
  tx_bytes: number
  wire_bytes: number
  forecast_bytes: number
}

export interface Sims {
  month: string
  is_over: boolean
  wire_bytes: number
  forecast_bytes: number
  total: number
  items: SimTraffic[]
  next: string | null
}

export const readSims = (month: string | null, group: string | null, cursor: string | null): Promise<Result<Sims>> => get<Sims>('reports/sims', { month, group, cursor, limit: 1000 })
