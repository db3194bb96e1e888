/** Settings of a modem as fields of a form: lines of AT commands from and to what people choose. */

import type { Setting } from '@/api/modemSettings'

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
