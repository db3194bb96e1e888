/** Modems for tests: what a fresh one is, and how it differs. */

import type { FleetModem } from '@/api/fleet'
import type { TableRow } from '@/fleet/table'

export const MODEM: FleetModem = {
  modem: '868441036775234', imei: '868441036775234', channel: null, name: 'ТП-1187', group: 'Север', organisation: null, site: null, comment: '',
  phone_sim1: null, phone_sim2: null, commissioning: false, state: 'online', stale: false, address: '10.20.0.5:21187', port: 21187, clients: 0,
  model: 'ATM21', firmware: '3.11', sim: 1, iccid: null, csq: 20, rssi_dbm: -73, temperature_c: null, cell: null, gpi: {}, inputs: {},
  last_seen: '2026-11-22T08:00:00.000Z', observed_at: null, registered_at: null, encapsulated: true, default_password: false, presence: 'always',
  expected: true, problem: null, serials: [], cause: null, line: [],
}

export const modem = (changes: Partial<FleetModem> = {}): FleetModem => ({ ...MODEM, ...changes })

export class Row implements TableRow {
  constructor(
    readonly id: string,
    public data: FleetModem,
  ) {}
}

/** A row whose port is its number. */
export const rowOf = (number: number, changes: Partial<FleetModem> = {}): Row =>
  new Row(String(number), modem({ modem: String(number), imei: String(number), name: `ТП-${number}`, port: number, ...changes }))
