/** The open places of a blueprint, as they are filled in. */

import type { Blueprint } from '@/api/automations'

/** The one that is a recipient: its usual value may be nobody of this hub. */
export const TARGET = 'target'

/** Says whether every place has a value, of its own or a usual one. */
export function isFilled(blueprint: Blueprint, values: Readonly<Record<string, string>>): boolean {
  return Object.entries(blueprint.inputs).every(([name, about]) => (about.default !== undefined && name !== TARGET) || (values[name] ?? '').trim() !== '')
}

/** Returns the values for the text: short figures are figures, an IMEI or a phone number stays a text, empty ones are left out. */
export function asWritten(values: Readonly<Record<string, string>>): Record<string, string | number> {
  const given = Object.entries(values).map(([name, value]) => [name, value.trim()] as const)
  return Object.fromEntries(given.filter(([, value]) => value !== '').map(([name, value]) => [name, /^-?\d{1,6}$/.test(value) ? Number(value) : value]))
}
