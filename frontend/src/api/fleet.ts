/** The whole fleet in one answer: columns and rows, for a table of ten thousand. */

import { get } from './client'
import type { Modem } from './modems'
import type { Result } from './problem'

/** Why a modem is as it is, as far as the hub has heard; `code` is a key under `cause.` in the catalogues. */
export interface Cause {
  code: string
  since: string
  detail: string | null
}

/** A polling program on the modem's port: its name where people gave it one, else its address. */
export interface LineUser {
  /** Id of the connection. */
  client: string
  name: string
  since: string
}

const KEPT = [
  'modem', 'imei', 'channel', 'name', 'group', 'organisation', 'site', 'comment', 'phone_sim1', 'phone_sim2', 'commissioning',
  'state', 'stale', 'address', 'port', 'clients', 'model', 'firmware', 'sim', 'iccid', 'csq', 'rssi_dbm', 'temperature_c', 'cell',
  'gpi', 'inputs', 'last_seen', 'observed_at', 'registered_at', 'encapsulated', 'default_password', 'presence', 'expected', 'problem',
] as const

/** What the fleet view knows of a modem. */
export type FleetModem = Pick<Modem, (typeof KEPT)[number]> & { serials: string[]; cause: Cause | null; line: LineUser[] }

interface CompactFleet {
  columns: string[]
  rows: unknown[][]
}

/** Reads all modems that the person may see. */
export async function readFleet(): Promise<Result<FleetModem[]>> {
  const answer = await get<CompactFleet>('fleet')
  if (!answer.ok) return answer
  const { columns, rows } = answer.value
  const value = rows.map((row) => Object.fromEntries(columns.map((name, place) => [name, row[place]])) as unknown as FleetModem)
  return { ok: true, value, etag: answer.etag }
}

/** Returns what the fleet view keeps of a whole modem, as the stream tells it; the notes are those of `before`. */
export function kept(modem: Modem, before: Pick<FleetModem, 'cause' | 'line'> = { cause: null, line: [] }): FleetModem {
  const picked = Object.fromEntries(KEPT.map((name) => [name, modem[name]])) as Pick<Modem, (typeof KEPT)[number]>
  return { ...picked, serials: modem.meters.map((meter) => meter.serial).filter(Boolean), cause: before.cause, line: before.line }
}
