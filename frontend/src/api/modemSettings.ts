/** Settings of modems: the catalogue, what a modem has, templates, and jobs that send them. */

import type { Language } from '@/i18n/format'

import { get, part, post, urlOf } from './client'
import type { Job } from './fleetActions'
import type { Result } from './problem'

export type Words = Record<Language, string>

export interface SettingField {
  name: string
  title: Words
  kind: 'number' | 'choice' | 'text' | 'host' | 'hex' | 'time' | 'phone'
  minimum: number | null
  maximum: number | null
  min_length: number | null
  max_length: number | null
  options: { value: string; title: Words }[]
  default: string | null
  unit: string | null
}

export interface Setting {
  name: string
  section: string
  title: Words
  index: { minimum: number; maximum: number } | null
  fields: SettingField[]
  access: 'read_write' | 'read' | 'action' | 'write'
  secret: boolean
  dangerous: boolean
  models: string[]
  note: Words | null
}

export interface Catalogue {
  sections: { name: string; title: Words }[]
  settings: Setting[]
}

export interface KnownSetting {
  name: string
  secret: boolean
  sent: string | null
  sent_at: string | null
  read: string | null
  read_at: string | null
  differs: boolean | null
}

export interface KnownSettings {
  items: KnownSetting[]
  differing: number
}

export interface Template {
  id: string
  name: string
  model: string | null
  lines: string[]
  defaults: Record<string, string>
  placeholders: string[]
  secrets: string[]
  dangerous: boolean
}

export interface Preview {
  lines: string[]
  errors: { line: number; message: string }[]
  dangerous: boolean
}

export interface CheckedLines extends Preview {
  /** Places of secret values, which are given when the lines are sent. */
  secrets: string[]
}

export const readCatalogue = (): Promise<Result<Catalogue>> => get('settings_catalogue')
export const readKnown = (modem: string): Promise<Result<KnownSettings>> => get(`modems/${part(modem)}/settings`)
export const readTemplates = (): Promise<Result<{ items: Template[] }>> => get('settings_templates', { limit: 500 })
export const previewOf = (template: string, modem: string, values: Record<string, string> = {}): Promise<Result<Preview>> =>
  post(`settings_templates/${part(template)}/preview`, { modem, ...(Object.keys(values).length > 0 && { values }) })
export const saveTemplate = (name: string, lines: readonly string[], model: string | null, idempotencyKey: string): Promise<Result<Template>> =>
  post('settings_templates', { name, lines, ...(model && { model }) }, { idempotencyKey })
/** What lines of AT commands say, and what is wrong with them; nothing is kept. */
export const checkLines = (text: string): Promise<Result<CheckedLines>> => post('settings_files', { text })
export const importDump = (modem: string, text: string): Promise<Result<unknown>> => post(`modems/${part(modem)}/settings/dump`, { text, may_be_unknown: true })
export const sentFile = (modem: string): string => urlOf(`modems/${part(modem)}/settings/file`)

export interface Sending {
  /** Lines of AT commands, or the template that they are in. */
  lines?: readonly string[]
  template?: string
  values?: Record<string, string>
  secrets: Record<string, string>
  password: string
  via: 'gprs' | 'sms'
  expires_in: number
}

export function sendSettings(modems: readonly string[], sending: Sending, idempotencyKey: string): Promise<Result<Job>> {
  const { secrets, values = {}, password, ...rest } = sending
  const body = { target: { modems }, ...rest, ...(Object.keys(values).length > 0 && { values }), ...(Object.keys(secrets).length > 0 && { secrets }), ...(password && { password }) }
  return post('modem_settings', body, { idempotencyKey })
}
