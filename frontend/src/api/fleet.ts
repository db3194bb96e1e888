/** The whole fleet in one answer: columns and rows, for a table of ten thousand. */

import { getLines } from './client'
import type { Modem } from './modems'
import { NO_ANSWER, type Result } from './problem'

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

/** What the fleet view keeps of a modem's object. */
type Kept =
  | 'modem' | 'imei' | 'channel' | 'name' | 'group' | 'organisation' | 'site' | 'comment' | 'phone_sim1' | 'phone_sim2' | 'commissioning'
  | 'state' | 'stale' | 'address' | 'port' | 'clients' | 'model' | 'firmware' | 'sim' | 'iccid' | 'csq' | 'rssi_dbm' | 'temperature_c' | 'cell'
  | 'gpi' | 'inputs' | 'last_seen' | 'observed_at' | 'registered_at' | 'encapsulated' | 'default_password' | 'presence' | 'expected' | 'problem'

interface Notes {
  serials: string[]
  cause: Cause | null
  line: LineUser[]
}

/** What the fleet view knows of a modem. */
export type FleetModem = Pick<Modem, Kept> & Notes

/** Written out name by name: ten thousand objects of one shape are small, and each look into one is quick. */
function shaped(of: <N extends Kept>(name: N) => Modem[N], { serials, cause, line }: Notes): FleetModem {
  return {
    modem: of('modem'), imei: of('imei'), channel: of('channel'), name: of('name'), group: of('group'), organisation: of('organisation'),
    site: of('site'), comment: of('comment'), phone_sim1: of('phone_sim1'), phone_sim2: of('phone_sim2'), commissioning: of('commissioning'),
    state: of('state'), stale: of('stale'), address: of('address'), port: of('port'), clients: of('clients'), model: of('model'),
    firmware: of('firmware'), sim: of('sim'), iccid: of('iccid'), csq: of('csq'), rssi_dbm: of('rssi_dbm'), temperature_c: of('temperature_c'),
    cell: of('cell'), gpi: of('gpi'), inputs: of('inputs'), last_seen: of('last_seen'), observed_at: of('observed_at'),
    registered_at: of('registered_at'), encapsulated: of('encapsulated'), default_password: of('default_password'), presence: of('presence'),
    expected: of('expected'), problem: of('problem'), serials, cause, line,
  }
}

type Row = unknown[]
/** Receives some modems at a time, in the order of their ports; `total` is how many there will be. */
export type TakeModems = (modems: FleetModem[], total: number) => void

/** Reads all modems that the person may see. The first come while the hub still writes the others. */
export async function readFleet(take: TakeModems): Promise<Result<null>> {
  const lines = new FleetLines(take)
  const answer = await getLines('fleet', (line) => lines.read(line))
  return answer.ok && !lines.isWhole ? { ok: false, problem: NO_ANSWER } : answer
}

/** The lines of the answer: a head with columns and total, rows, and an end without which it broke off. */
export class FleetLines {
  isWhole = false
  private total = 0
  private places: Record<string, number> | null = null

  constructor(private readonly take: TakeModems) {}

  read(line: string): void {
    if (line === ']}') this.isWhole = true
    else if (this.places === null) this.begin(line)
    else this.take((JSON.parse(`[${line.replace(/,$/, '')}]`) as Row[]).map((row) => this.modemOf(row)), this.total)
  }

  private begin(line: string): void {
    const head = JSON.parse(`${line}]}`) as { columns: string[]; total: number }
    this.total = head.total
    this.places = Object.fromEntries(head.columns.map((name, place) => [name, place]))
  }

  private modemOf(row: Row): FleetModem {
    const of = (name: string): unknown => row[this.places?.[name] ?? -1]
    return shaped(of as <N extends Kept>(name: N) => Modem[N], { serials: of('serials') as string[], cause: of('cause') as Cause | null, line: of('line') as LineUser[] })
  }
}

/** Returns what the fleet view keeps of a whole modem, as the stream tells it; the notes are those of `before`. */
export function kept(modem: Modem, before: Pick<FleetModem, 'cause' | 'line'> = { cause: null, line: [] }): FleetModem {
  return shaped((name) => modem[name], { serials: modem.meters.map((meter) => meter.serial).filter(Boolean), cause: before.cause, line: before.line })
}
