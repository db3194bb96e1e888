/** Notification settings as REST tells them: what holds, and where each value stands. */

export const SLOTS = ['lost', 'restored', 'meter_silent', 'input'] as const
export type Slot = (typeof SLOTS)[number]
export const CHANNELS = ['sms', 'call', 'email', 'telegram', 'webhook', 'mqtt'] as const
export type Channel = (typeof CHANNELS)[number]

export interface Notified {
  contact?: string
  channel?: Channel
  address?: string
}

export interface Placed<T> {
  value: T
  from: { level: 'default' | 'hub' | 'group' | 'modem'; name: string }
}

export interface Effective {
  enabled: Placed<boolean>
  delay_s: Placed<number>
  /** Null where they are not the caller's to see. */
  recipients: Placed<Notified[] | null>
  channels: Placed<Channel[]>
  text: Placed<string>
  change?: Placed<'alarm' | 'normal' | 'any'>
}

export interface SlotEdit {
  enabled?: boolean
  delay_s?: number
  recipients?: Notified[]
  channels?: Channel[]
  text?: string
  change?: 'alarm' | 'normal' | 'any'
}

export interface Notifications {
  settings: Partial<Record<Slot, SlotEdit>> & { inputs?: Record<string, SlotEdit> }
  effective: Record<Slot, Effective> & { inputs?: Record<string, Effective> }
}
