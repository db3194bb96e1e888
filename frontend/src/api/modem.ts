/** One modem: what it is, what it did, who is on its line, what can be done with it. */

import { call, get, part, patch, post, urlOf } from './client'
import type { EventPage } from './events'
import type { Page } from './jobs'
import type { Level, Modem } from './modems'
import type { Result } from './problem'

const of = (modem: string, more = ''): string => `modems/${part(modem)}${more}`

export const readModem = (modem: string): Promise<Result<Modem>> => get(of(modem))
export const editModem = (modem: string, change: object, etag: string | null): Promise<Result<Modem>> => patch(of(modem), change, etag)
export const kick = (modem: string): Promise<Result<null>> => post(of(modem, '/kick'))
export const replaceModem = (modem: string, imei: string, discard: boolean): Promise<Result<Modem>> => post(of(modem, '/replace'), { imei, discard })
export const deleteModem = (modem: string, port: 'keep' | 'free', again: 'allow' | 'block'): Promise<Result<null>> =>
  call('DELETE', of(modem), { query: { port, again } })

export interface Client {
  id: string
  peer: string
  connected_s: number
  rx_bytes: number
  tx_bytes: number
  waiting_bytes: number
  holds_line: boolean
  reads_only: boolean
}

export const readClients = (modem: string): Promise<Result<{ items: Client[] }>> => get(of(modem, '/clients'))
export const cutClient = (modem: string, client: string): Promise<Result<null>> => call('DELETE', of(modem, `/clients/${part(client)}`))

export interface TrafficLine {
  ts: string
  /** `<` from the modem, `>` to it, `=` meter data from it, `-` dropped. */
  direction: '<' | '>' | '=' | '-'
  hex: string
}

export const readTraffic = (modem: string, since: string | null): Promise<Result<{ items: TrafficLine[] }>> => get(of(modem, '/traffic_record'), { since })
export const trafficFile = (modem: string, format: 'pcapng' | 'text'): string => urlOf(of(modem, '/traffic_record'), { format })

export interface Uptime {
  time_zone: string
  ratio: number | null
  items: { day: string; expected_s: number; online_s: number; ratio: number | null; sessions: number }[]
}

export const readUptime = (modem: string, days: number): Promise<Result<Uptime>> => get(of(modem, '/uptime'), { days })

export interface ModemSession {
  session: string
  peer: string | null
  model: string | null
  firmware: string | null
  sim: number | null
  csq: number | null
  woken_by: string | null
  opened_at: string
  closed_at: string | null
  open: boolean
  reason: string | null
  detail: string | null
  lasted_s: number | null
  rx_bytes: number | null
  tx_bytes: number | null
}

export const readSessions = (modem: string, limit: number, cursor: string | null = null): Promise<Result<Page<ModemSession>>> => get('sessions', { modem, limit, cursor })

export interface Point {
  at: string
  min: number | null
  avg: number | null
  max: number | null
  sum: number | null
}

export interface Series {
  step_s: number
  values: Record<'rssi_dbm' | 'temperature_c' | 'rx_bytes' | 'tx_bytes', Point[]>
}

export const readSeries = (modem: string, from: Date, to: Date, points: number): Promise<Result<Series>> =>
  get(of(modem, '/series'), { names: 'rssi_dbm,temperature_c,rx_bytes,tx_bytes', from: from.toISOString(), to: to.toISOString(), points })

/** What a person looks for in a modem's history; programs that come and go by the hundred are asked for apart. */
export const TOLD = [
  'registered', 'connected', 'disconnected', 'rejected', 'imei_conflict', 'gpi_changed', 'gpo_changed', 'command_finished', 'output_stuck', 'modem_replaced',
  'sim_changed', 'meter_silent', 'meter_answering', 'meter_changed', 'settings_finished', 'firmware_finished', 'missed_schedule', 'wake_started',
  'wake_succeeded', 'wake_failed', 'sms_received', 'call_received', 'alert_opened', 'alert_closed',
] as const

export const readEvents = (modem: string, types: readonly string[], limit: number, cursor: string | null = null): Promise<Result<EventPage>> =>
  get('events', { modem, type: types.join(','), order: 'desc', limit, cursor })

export interface InputReason {
  pin: number
  level: Level | null
  reason: 'offline' | 'no_encapsulation' | 'pin_is_output' | 'not_asked' | 'sending_not_set'
  mend: string[]
}

export const readInputReasons = (modem: string): Promise<Result<{ items: InputReason[] }>> => get(of(modem, '/input_reasons'))

export interface MonthTraffic {
  items: { modem: string; wire_bytes: number; forecast_bytes: number }[]
}

export const readMonth = (modem: string): Promise<Result<MonthTraffic>> => get('reports/sims', { filter: modem, limit: 1 })

export interface DayReading {
  id: string
  address: string
  type: string | null
  serial: string | null
  program: string | null
  program_name: string | null
  cause: string | null
  asked: number
  answered: number
  answer_s: number | null
  first_asked: string | null
  last_asked: string | null
}

export const readDay = (modem: string, day: string | null): Promise<Result<{ items: DayReading[] }>> => get('reports/readings', { modem, day, limit: 20 })

export type CommandStatus = 'queued' | 'sent' | 'done' | 'failed' | 'expired' | 'cancelled'

export interface Command {
  id: string
  command: string
  args: Record<string, unknown>
  status: CommandStatus
  result: Record<string, unknown> | null
  error: string | null
  origin: string
  via: 'gprs' | 'sms'
  attempts: number
  created_at: string
  expires_at: string
  sent_at: string | null
  finished_at: string | null
}

export interface NewCommand {
  command: string
  args: Record<string, unknown>
  expires_in: number
  via: 'gprs' | 'sms'
}

export const readCommands = (modem: string, cursor: string | null = null): Promise<Result<Page<Command>>> => get(of(modem, '/commands'), { limit: 50, cursor })
export const readCommand = (id: string): Promise<Result<Command>> => get(`commands/${part(id)}`)
export const sendCommand = (modem: string, wanted: NewCommand, idempotencyKey: string): Promise<Result<Command>> => post(of(modem, '/commands'), wanted, { idempotencyKey })
export const cancelCommand = (id: string): Promise<Result<Command>> => call('POST', `commands/${part(id)}/cancel`)
export const ring = (modem: string, idempotencyKey: string): Promise<Result<{ id: string }>> => post('calls', { modem }, { idempotencyKey })
