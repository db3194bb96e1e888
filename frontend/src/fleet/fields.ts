/** Everything of a modem that a column shows, an order follows or a filter asks for: one table. */

import type { FleetModem } from '@/api/fleet'
import { sites } from '@/store/fleet'

import { operatorOf } from './operators'
import { alarmedPins, stateOf } from './state'

export type Kind = 'text' | 'choice' | 'number' | 'age' | 'flag'
export type Value = string | number | boolean | null

export interface FleetField {
  kind: Kind
  of: (modem: FleetModem) => Value
}

const STATE_ORDER: Readonly<Record<string, number>> = { alarm: 0, off: 1, stale: 2, wait: 3, on: 4, standby: 5, window: 6 }

export const FIELDS = {
  state: { kind: 'choice', of: (modem) => stateOf(modem) },
  name: { kind: 'text', of: (modem) => modem.name || null },
  site: { kind: 'text', of: (modem) => siteOf(modem) },
  imei: { kind: 'text', of: (modem) => modem.modem },
  group: { kind: 'text', of: (modem) => modem.group || null },
  organisation: { kind: 'choice', of: (modem) => modem.organisation },
  address: { kind: 'text', of: (modem) => modem.address },
  port: { kind: 'number', of: (modem) => modem.port },
  clients: { kind: 'number', of: (modem) => modem.clients },
  signal: { kind: 'number', of: (modem) => modem.rssi_dbm },
  sim: { kind: 'choice', of: (modem) => (modem.sim === null ? null : String(modem.sim)) },
  operator: { kind: 'choice', of: (modem) => operatorOf(modem.iccid, modem.cell) },
  iccid: { kind: 'text', of: (modem) => modem.iccid },
  phone: { kind: 'text', of: (modem) => [modem.phone_sim1, modem.phone_sim2].filter(Boolean).join(' ') || null },
  model: { kind: 'choice', of: (modem) => modem.model },
  firmware: { kind: 'choice', of: (modem) => modem.firmware },
  temperature: { kind: 'number', of: (modem) => modem.temperature_c },
  cell: { kind: 'text', of: (modem) => (typeof modem.cell === 'string' ? modem.cell : null) },
  inputs: { kind: 'flag', of: (modem) => alarmedPins(modem).length > 0 },
  cause: { kind: 'choice', of: (modem) => modem.cause?.code ?? null },
  line: { kind: 'text', of: (modem) => modem.line.map((user) => user.name).join(', ') || null },
  meters: { kind: 'text', of: (modem) => modem.serials.join(', ') || null },
  comment: { kind: 'text', of: (modem) => modem.comment || null },
  presence: { kind: 'choice', of: (modem) => modem.presence },
  commissioning: { kind: 'flag', of: (modem) => modem.commissioning },
  encapsulated: { kind: 'flag', of: (modem) => modem.encapsulated },
  default_password: { kind: 'flag', of: (modem) => modem.default_password },
  problem: { kind: 'text', of: (modem) => modem.problem },
  age: { kind: 'age', of: (modem) => momentOf(modem.last_seen) },
  registered: { kind: 'age', of: (modem) => momentOf(modem.registered_at) },
} as const satisfies Record<string, FleetField>

export type FieldName = keyof typeof FIELDS
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[]
export const isField = (name: string): name is FieldName => Object.hasOwn(FIELDS, name)
export const kindOf = (name: FieldName): Kind => FIELDS[name].kind
export const valueOf = (name: FieldName, modem: FleetModem): Value => FIELDS[name].of(modem)

/** What rows are ordered by: a state by its gravity, an address by its port, everything else by its value. */
export function sortValue(name: FieldName, modem: FleetModem): string | number | null {
  if (name === 'state') return STATE_ORDER[alarmedPins(modem).length > 0 ? 'alarm' : stateOf(modem)] ?? 9
  if (name === 'address') return modem.port
  if (name === 'inputs') return alarmedPins(modem).length
  if (name === 'cause') return modem.cause?.code ?? modem.line[0]?.name ?? null
  // The latest answer is the smallest age.
  const value = valueOf(name, modem)
  if (kindOf(name) === 'age') return typeof value === 'number' ? -value : null
  return typeof value === 'boolean' ? Number(value) : value
}

/** The name and the address of the modem's site, as people read it beside the name. */
export function siteOf(modem: FleetModem): string | null {
  const site = modem.site === null ? undefined : sites.get(modem.site)
  if (!site) return null
  return [site.name === modem.name ? '' : site.name, site.address].filter(Boolean).join(', ') || null
}

function momentOf(text: string | null): number | null {
  return text === null ? null : Date.parse(text)
}
