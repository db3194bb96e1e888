/** SMS and calls through the hub's own GSM modems, these modems, and the messages for people. */

import type { Said } from '@/i18n/said'

import { call, get, part, post } from './client'
import type { Page } from './jobs'
import type { Result } from './problem'

export type Urgency = 'now' | 'soon' | 'background'

export interface Order {
  id: string
  to: string
  modem: string | null
  origin: string
  urgency: Urgency
  status: string
  attempts: number
  may_repeat: boolean
  by: string | null
  created_at: string
  finished_at: string | null
  error: string | null
  error_said: Said | null
  /** Of an SMS; null where it is not kept. A call has none. */
  text?: string | null
  ring_s?: number | null
}

export interface Received {
  id: string
  number: string
  modem: string | null
  text?: string
  is_complete?: boolean
  by: string
  received_at: string
}

export interface GsmModem {
  name: string
  port: string
  state: string
  detail: string
  detail_said: Said | null
  model: string | null
  operator: string | null
  registration: string | null
  csq: number | null
  rssi_dbm: number | null
  balance: number | null
  balance_text: string | null
  balance_at: string | null
  is_balance_low: boolean
  sent: number
  failed: number
  received: number
  last_error: string | null
  last_error_said: Said | null
  last_error_at: string | null
}

export interface Message {
  id: string
  created_at: string
  state: string
  channel: string
  address: string
  contact: string
  rule: string
  severity: 'info' | 'warning' | 'alarm'
  title: string
  text: string
  alert: number | null
  attempts: number
  may_repeat: boolean
  error: string | null
  error_said: Said | null
  sent_at: string | null
  count: number
  parts: number
}

export type OrderKind = 'sms' | 'calls'

/** What goes out, of one modem or of all. */
export const readOrders = (kind: OrderKind, modem: string | null, cursor: string | null = null): Promise<Result<Page<Order>>> => get(kind, { limit: 100, modem, cursor })
export const readReceived = (kind: OrderKind, modem: string | null, cursor: string | null = null): Promise<Result<Page<Received>>> => get(`received_${kind}`, { limit: 100, modem, cursor })
export const readGsmModems = (): Promise<Result<{ items: GsmModem[]; waiting: number }>> => get('gsm_modems')
export const sendSms = (to: string, text: string, urgency: Urgency, idempotencyKey: string): Promise<Result<Order>> => post('sms', { to, text, urgency }, { idempotencyKey })
export const ringUp = (to: string, urgency: Urgency, idempotencyKey: string): Promise<Result<Order>> => post('calls', { to, urgency }, { idempotencyKey })
export const cancelOrder = (kind: OrderKind, id: string): Promise<Result<Order>> => call('POST', `${kind}/${part(id)}/cancel`)

export const readMessages = (state: string | null, cursor: string | null = null): Promise<Result<Page<Message>>> => get('messages', { limit: 100, state, cursor })
export const cancelMessage = (id: string): Promise<Result<Message>> => call('POST', `messages/${part(id)}/cancel`)
export const retryMessage = (id: string): Promise<Result<Message>> => call('POST', `messages/${part(id)}/retry`)
