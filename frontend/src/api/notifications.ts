/** Simple notification settings of the hub, of groups and of modems: who is told of what, and from where each value is. */

import { del, get, part, patch } from './client'
import type { Channel } from './people'
import type { Result } from './problem'

export type NotificationKind = 'lost' | 'restored' | 'input' | 'meter_silent'
export type Owner = { kind: 'hub' } | { kind: 'group'; name: string } | { kind: 'modem'; name: string }

/** A contact, team or roster by its name, or one address on one channel. */
export interface Told {
  contact?: string
  channel?: Channel
  address?: string
}

export interface Values {
  enabled: boolean
  delay_s: number
  recipients: Told[]
  channels: Channel[]
  text: string
  change?: 'alarm' | 'normal' | 'any'
}

export interface Standing<V> {
  /** Null where it is not the caller's to see. */
  value: V | null
  from: { level: 'default' | 'hub' | 'group' | 'modem'; name: string }
}

export type Effective = { [name in keyof Values]: Standing<NonNullable<Values[name]>> }
export type Own = Partial<Values>

export interface Notifications {
  owner: 'hub' | 'group' | 'modem'
  name: string
  settings: { [kind in NotificationKind]?: Own } & { inputs?: Record<string, Own> }
  effective: { [kind in NotificationKind]: Effective } & { inputs: Record<string, Effective> }
}

export type Change = { [kind in NotificationKind]?: Own | null } & { inputs?: Record<string, Own | null> }

function pathOf(owner: Owner): string {
  if (owner.kind === 'hub') return 'notifications'
  return `${owner.kind === 'group' ? 'groups' : 'modems'}/${part(owner.name)}/notifications`
}

export const readNotifications = (owner: Owner): Promise<Result<Notifications>> => get(pathOf(owner))
export const editNotifications = (owner: Owner, change: Change, etag: string | null): Promise<Result<Notifications>> => patch(pathOf(owner), change, etag)
export const inheritAll = (owner: Owner): Promise<Result<null>> => del(pathOf(owner))
