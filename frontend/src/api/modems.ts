/** A modem as REST and the stream give it. Unknown is null, never 0. */

export type Level = 'ON' | 'OFF'
export type Link = 'online' | 'offline' | 'standby' | 'quarantined'

export interface InputSettings {
  name: string
  invert: boolean
  debounce: number
  normal: Level | null
}

export interface Output {
  name: string
  feedback: number | null
  invert: boolean
  time: number
  commanded: Level | null
  commanded_at: string | null
  state: 'commanded' | 'confirmed' | 'stuck' | null
}

export interface ModemMeter {
  id: string
  type: string
  serial: string
  address: string
  comment: string
}

export interface Modem {
  modem: string
  imei: string
  channel: number | null
  name: string
  group: string
  organisation: string | null
  site: string | null
  comment: string
  phone_sim1: string | null
  phone_sim2: string | null
  commissioning: boolean
  state: Link
  stale: boolean
  address: string | null
  port: number | null
  peer: string | null
  clients: number
  model: string | null
  firmware: string | null
  sim: number | null
  iccid: string | null
  csq: number | null
  rssi_dbm: number | null
  temperature_c: number | null
  cell: string | Record<string, unknown> | null
  rx_bytes: number
  tx_bytes: number
  gpi: Record<string, Level | null>
  gpo: Record<string, Level | null>
  inputs: Record<string, InputSettings>
  outputs: Record<string, Output>
  relay: Record<string, unknown>
  meters: ModemMeter[]
  last_seen: string | null
  observed_at: string | null
  registered_at: string | null
  encapsulated: boolean | null
  default_password: boolean
  presence: 'always' | 'schedule' | 'on_request'
  expected: boolean
  problem: string | null
}
