/** What happened, as the live stream and `/api/v1/events` tell it. */

import type { Modem } from './modems'

export interface HubEvent {
  id: string
  seq: number
  ts: string
  type: string
  modem: string | null
  data: Record<string, unknown>
}

export interface EventPage {
  items: HubEvent[]
  next: string | null
  first_seq: number
  last_seq: number
  partial: boolean
}

/** A message of the stream that is no event: a modem's state, null when the modem was deleted. */
export interface StateMessage {
  type: 'state'
  modem: string
  data: Modem | null
}

export type StreamMessage = HubEvent | StateMessage | { type: 'subscribed' } | { type: 'error'; detail: string }
