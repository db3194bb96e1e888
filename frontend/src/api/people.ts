/** Whom messages reach: contacts, groups of them, duty rosters, calendars and ladders; who has duty now. */

import { call, get, getAll, part } from './client'
import type { Severity } from './alerts'
import type { Result } from './problem'

export type Kind = 'contact' | 'team' | 'roster' | 'ladder' | 'calendar'
export type Channel = 'sms' | 'call' | 'email' | 'telegram' | 'webhook' | 'mqtt'
export type DayName = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'

export const CHANNELS: readonly Channel[] = ['sms', 'call', 'email', 'telegram', 'webhook', 'mqtt']
export const DAYS: readonly DayName[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** What every entry has beside its own fields. */
export interface Entry {
  name: string
  title: string
  organisation: string
  changed_at: string
  /** `irzhub.yaml` for a contact of the settings, which is changed only there. */
  changed_by: string
  used_by: string[]
}

export interface Way {
  channel: Channel
  address: string
  /** From which severity on; `never`: only where another way fails. */
  used_from: Severity | 'never'
}

export interface Contact {
  title: string
  addresses: Way[]
  language: '' | 'ru' | 'en'
  quiet: string
  quiet_for: ('info' | 'warning')[]
  digest_at: string | null
}

export interface Team {
  title: string
  members: string[]
}

export interface ShiftOfRoster {
  names: string[]
  begins_at: string
  ends_at: string
}

export interface Rotation {
  names: string[]
  first_day: string
  at: string
  hours: number
}

export interface Roster {
  title: string
  shifts: ShiftOfRoster[]
  rotation: Rotation | null
  otherwise: string[]
}

export interface Span {
  days: DayName[]
  begins: string
  ends: string
}

export interface Calendar {
  title: string
  spans: Span[]
  dates: { first: string; last: string | null }[]
  free: string[]
}

export interface Step {
  targets: string[]
  wait_s: number
  channels: Channel[]
}

export interface Ladder {
  title: string
  steps: Step[]
  repeat_every_s: number
  repeats: number
}

export interface Entries {
  contact: Contact
  team: Team
  roster: Roster
  ladder: Ladder
  calendar: Calendar
}

export interface Duty {
  roster: string
  title: string
  now: string[]
  until: string | null
  plan: { begins_at: string; ends_at: string; names: string[] }[]
}

const PATHS: Readonly<Record<Kind, string>> = { contact: 'contacts', team: 'teams', roster: 'rosters', ladder: 'ladders', calendar: 'calendars' }

export const readEntries = <K extends Kind>(kind: K): Promise<Result<(Entries[K] & Entry)[]>> => getAll(PATHS[kind], { limit: 1000 })
export const readEntry = <K extends Kind>(kind: K, name: string): Promise<Result<Entries[K] & Entry>> => get(`${PATHS[kind]}/${part(name)}`)
/** Adds an entry or replaces it whole; with the ETag that was read, nothing of somebody who was quicker is lost. */
export const putEntry = <K extends Kind>(kind: K, name: string, entry: Entries[K] & { organisation: string }, etag: string | null): Promise<Result<Entries[K] & Entry>> =>
  call('PUT', `${PATHS[kind]}/${part(name)}`, { body: entry, ifMatch: etag })
export const deleteEntry = (kind: Kind, name: string): Promise<Result<null>> => call('DELETE', `${PATHS[kind]}/${part(name)}`)
export const readDuty = (days: number): Promise<Result<{ items: Duty[] }>> => get('duty', { days })

export const EMPTY: { readonly [K in Kind]: () => Entries[K] } = {
  contact: () => ({ title: '', addresses: [{ channel: 'sms', address: '', used_from: 'info' }], language: '', quiet: '', quiet_for: ['info', 'warning'], digest_at: null }),
  team: () => ({ title: '', members: [] }),
  roster: () => ({ title: '', shifts: [], rotation: null, otherwise: [] }),
  ladder: () => ({ title: '', steps: [{ targets: [], wait_s: 0, channels: [] }], repeat_every_s: 600, repeats: 0 }),
  calendar: () => ({ title: '', spans: [{ days: [...DAYS], begins: '22:00', ends: '07:00' }], dates: [], free: [] }),
}

/** Of what the hub answered, what it takes back; a copy, free to be changed. */
export function entryOf<K extends Kind>(kind: K, answer: Entries[K]): Entries[K] {
  const names = Object.keys(EMPTY[kind]()) as (keyof Entries[K])[]
  return JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, answer[name]])))) as Entries[K]
}
