/** Accounts, tokens, organisations, places, ways to people, and the hub itself. */

import type { Said } from '@/i18n/said'

import { call, del, get, getAll, part, patch, post, put, urlOf } from './client'
import type { Result } from './problem'

const UPLOAD_S = 600

export const ROLES = ['viewer', 'operator', 'engineer', 'admin', 'auditor'] as const
export type Role = (typeof ROLES)[number]

export interface User {
  name: string
  role: Role
  rights_added: string[]
  rights_taken: string[]
  rights: string[]
  organisation: string | null
  groups: string[] | null
  language: 'ru' | 'en' | null
  disabled: boolean
  second_factor: boolean
  created_at: string
  last_login: string | null
  password_changed_at: string | null
}
export type UserFields = Pick<User, 'role' | 'rights_added' | 'rights_taken' | 'organisation' | 'groups' | 'language' | 'disabled'>

export interface Token {
  id: string
  name: string
  owner: string | null
  role: Role
  scope: { organisations: string[] | null; groups: string[] | null }
  created_at: string
  expires_at: string | null
  last_used: string | null
  state: 'good' | 'expired' | 'revoked'
}
export interface NewToken {
  name: string
  role: Role
  groups: string[] | null
  expires_in: number | null
  owner?: null
}

export interface SignIn {
  id: string
  user: string
  source: string
  agent: string
  created_at: string
  last_seen: string
  expires_at: string
  current: boolean
}

export interface Organisation {
  id: string
  name: string
  comment: string
  modems: number | null
  users: number | null
}

export interface Channel {
  channel: string
  is_offered: boolean
  can_check: boolean
  waiting: number
  spent_today: number
  limit_per_day: number | null
  limit_per_recipient: number | null
}
export interface Tested {
  items: { id: string; channel: string; address: string; state: string; error: string | null }[]
}

export interface Group {
  path: string
  name: string
  comment: string
  commissioning: boolean
  commissioning_inherited: boolean
  modems: number
  modems_here: number
}
export interface Site {
  id: string
  name: string
  organisation: string | null
  address: string
  latitude: number | null
  longitude: number | null
  contact: string
  phones: string[]
  access_notes: string
  comment: string
  modems: number
}
export type SiteFields = Pick<Site, 'name' | 'address' | 'latitude' | 'longitude' | 'contact' | 'phones' | 'access_notes' | 'comment'>

export interface HubPart {
  part: string
  state: 'starting' | 'up' | 'degraded' | 'down'
  detail: string
  detail_said: Said | null
}
export interface Hub {
  id: string
  version: string
  state: 'ready' | 'degraded' | 'not_ready'
  started_at: string
  time_zone: string
  python: string
  system: string
  parts: HubPart[]
  libraries: { name: string; version: string; licence: string }[]
}
/** A file with its line, or a variable of the environment. */
export interface WrittenPlace {
  source: string
  line: number | null
  is_variable: boolean
}
export interface HubKey {
  key: string
  is_section: boolean
  is_secret: boolean
  english: string
  russian: string
  expected: string
  value: unknown
  usual: unknown
  is_set: boolean
  /** Where somebody wrote it; null: nobody did. */
  written: WrittenPlace | null
  applies: 'at_once' | 'at_start'
}

export interface Backup {
  name: string
  made_at: string
  size_bytes: number
}
export interface Backups {
  items: Backup[]
  running: { name: string; part: string | null; rows: number; total: number | null } | null
  failed: string | null
}

export interface Firmware {
  id: string
  name: string
  model: string
  version: string
  comment: string
  sha256: string
  size_bytes: number
  created_at: string
  created_by: string
}

export const readUsers = (): Promise<Result<User[]>> => getAll<User>('users', { limit: 1000 })
export const readUser = (name: string): Promise<Result<User>> => get(`users/${part(name)}`)
export const addUser = (user: Record<string, unknown>): Promise<Result<User>> => post('users', user)
export const editUser = (name: string, change: Partial<UserFields>, etag: string | null): Promise<Result<User>> => patch(`users/${part(name)}`, change, etag)
export const removeUser = (name: string): Promise<Result<null>> => del(`users/${part(name)}`)
export const givePassword = (name: string, password: string): Promise<Result<null>> => put(`users/${part(name)}/password`, { password })
export const dropSecondFactor = (name: string): Promise<Result<null>> => del(`users/${part(name)}/totp`)
export const changePassword = (current: string, password: string): Promise<Result<null>> => put('session/password', { current, password })
export const removeTotp = (password: string, code: string): Promise<Result<null>> => post('session/totp/remove', { password, code })
export const readSignIns = (): Promise<Result<SignIn[]>> => getAll<SignIn>('sign_ins', { limit: 1000 })
export const endSignIn = (id: string): Promise<Result<null>> => del(`sign_ins/${part(id)}`)
export const readTokens = (): Promise<Result<Token[]>> => getAll<Token>('tokens', { limit: 1000 })
export const addToken = (token: NewToken): Promise<Result<Token & { token: string }>> => post('tokens', token)
export const revokeToken = (id: string): Promise<Result<null>> => del(`tokens/${part(id)}`)
export const readOrganisations = (): Promise<Result<Organisation[]>> => getAll<Organisation>('organisations', { limit: 1000 })
export const addOrganisation = (organisation: { id: string; name: string; comment: string }): Promise<Result<Organisation>> => post('organisations', organisation)
export const editOrganisation = (id: string, change: { name?: string; comment?: string }): Promise<Result<Organisation>> => patch(`organisations/${part(id)}`, change)
export const removeOrganisation = (id: string): Promise<Result<null>> => del(`organisations/${part(id)}`)
export const readChannels = (): Promise<Result<{ items: Channel[] }>> => get('channels')
export const checkChannel = (channel: string): Promise<Result<{ is_good: boolean; text: string }>> => post(`channels/${part(channel)}/check`)
export const testMessage = (wanted: { contact: string } | { channel: string; address: string }): Promise<Result<Tested>> => post('messages/test', wanted)
export const readGroups = (): Promise<Result<Group[]>> => getAll<Group>('groups', { limit: 1000 })
export const addGroup = (group: { path: string; comment: string }): Promise<Result<Group>> => post('groups', group)
export const editGroup = (path: string, change: { path?: string; comment?: string; commissioning?: true }): Promise<Result<Group>> => patch(`groups/${part(path)}`, change)
export const acceptGroup = (path: string): Promise<Result<unknown>> => post(`groups/${part(path)}/accept`)
export const removeGroup = (path: string): Promise<Result<null>> => del(`groups/${part(path)}`)
export const readSites = (): Promise<Result<Site[]>> => getAll<Site>('sites', { limit: 1000 }, 50_000)
export const addSite = (site: SiteFields, idempotencyKey: string): Promise<Result<Site>> => post('sites', site, { idempotencyKey })
export const editSite = (id: string, change: Partial<SiteFields>): Promise<Result<Site>> => patch(`sites/${part(id)}`, change)
export const removeSite = (id: string): Promise<Result<null>> => del(`sites/${part(id)}`)
export const readHub = (): Promise<Result<Hub>> => get('hub')
export const readHubSettings = (): Promise<Result<{ items: HubKey[] }>> => get('hub_settings')
export const readBackups = (): Promise<Result<Backups>> => get('backups')
export const makeBackup = (): Promise<Result<Backups>> => post('backups')
export const removeBackup = (name: string): Promise<Result<null>> => del(`backups/${part(name)}`)
export const backupFile = (name: string): string => urlOf(`backups/${part(name)}`)
export const readFirmware = (): Promise<Result<Firmware[]>> => getAll<Firmware>('firmware', { limit: 1000 })
export const removeFirmware = (id: string): Promise<Result<null>> => del(`firmware/${part(id)}`)
/** Sends an image as it is; the hub keeps only what has the SHA-256. */
export const uploadFirmware = (file: Blob, about: { name: string; model: string; version: string; sha256: string }, idempotencyKey: string): Promise<Result<Firmware>> =>
  call('POST', 'firmware', { query: about, bytes: file, idempotencyKey, timeoutS: UPLOAD_S })
