/** Settings of a modem as fields of a form: lines of AT commands from and to what people choose. */

import { get, part, post, urlOf } from '@/api/client'
import type { Result } from '@/api/problem'
import type { Language } from '@/i18n/format'

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
  secrets: string[]
  dangerous: boolean
}

export interface Preview {
  lines: string[]
  errors: { line: number; message: string }[]
  dangerous: boolean
}

export const readCatalogue = (): Promise<Result<Catalogue>> => get('settings_catalogue')
export const readKnown = (modem: string): Promise<Result<KnownSettings>> => get(`modems/${part(modem)}/settings`)
export const readTemplates = (): Promise<Result<{ items: Template[] }>> => get('settings_templates', { limit: 500 })
export const previewOf = (template: string, modem: string): Promise<Result<Preview>> => post(`settings_templates/${part(template)}/preview`, { modem })
export const saveTemplate = (name: string, lines: readonly string[], model: string | null, idempotencyKey: string): Promise<Result<Template>> =>
  post('settings_templates', { name, lines, ...(model && { model }) }, { idempotencyKey })
export const importDump = (modem: string, text: string): Promise<Result<unknown>> => post(`modems/${part(modem)}/settings/dump`, { text, may_be_unknown: true })
export const sentFile = (modem: string): string => urlOf(`modems/${part(modem)}/settings/file`)

export interface Sending {
  lines: readonly string[]
  secrets: Record<string, string>
  password: string
  via: 'gprs' | 'sms'
  expires_in: number
}

export function sendSettings(modem: string, sending: Sending, idempotencyKey: string): Promise<Result<{ id: string }>> {
  const { lines, secrets, password, via, expires_in } = sending
  const body = { target: { modems: [modem] }, lines, via, expires_in, ...(Object.keys(secrets).length > 0 && { secrets }), ...(password && { password }) }
  return post('modem_settings', body, { idempotencyKey })
}

/** Full names of a setting: one for each index. */
export function namesOf(setting: Setting): string[] {
  if (setting.index === null) return [setting.name]
  const { minimum, maximum } = setting.index
  return Array.from({ length: maximum - minimum + 1 }, (_, place) => `${setting.name}${minimum + place}`)
}

export const canBeSet = (setting: Setting, model: string | null): boolean =>
  setting.access !== 'read' && !['BOOT_END', 'BOOT_SET', 'ATM_PWD'].includes(setting.name) && (setting.models.length === 0 || model === null || setting.models.some((each) => model.startsWith(each)))

/** Returns a value as one text for each field; the last one takes what is left. */
export function partsOf(value: string, fields: number): string[] {
  const parts = value.split(',')
  return Array.from({ length: fields }, (_, place) => (place === fields - 1 ? parts.slice(place).join(',') : (parts[place] ?? '')))
}

/** The name under which the value of a secret is sent beside its line, and wiped after. */
export const placeholderOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9_]/g, '_')

/** `AT$NAME=value`, `AT$NAME` where there are no fields. */
export const lineOf = (name: string, value: string | null): string => (value === null ? `AT$${name}` : `AT$${name}=${value}`)

export function readLine(line: string): { name: string; value: string | null } | null {
  const found = /^AT\$([A-Z0-9_]+)(?:=(.*))?$/i.exec(line.trim())
  return found?.[1] ? { name: found[1].toUpperCase(), value: found[2] ?? null } : null
}
