/** Why a modem is as it is, and who is on its line, as a key of the catalogue with what it is filled with. */

import type { FleetModem } from '@/api/fleet'

import { alarmedPins, stateOf } from './state'

export interface Told {
  /** Key under `cause.` in the catalogues. */
  key: string
  values: Record<string, unknown>
  /** `''` to be read, `m` quiet, `warn` a departure. */
  tone: '' | 'm' | 'warn'
  /** Its age is said behind the words. */
  since: string | null
  /** Words of people or of a program, shown as they are. */
  text?: string
}

const told = (key: string, tone: Told['tone'], more: Partial<Told> = {}): Told => ({ key, tone, values: {}, since: null, ...more })

/** Returns what the column "line or cause" says of a modem. */
export function causeOf(modem: FleetModem): Told {
  switch (stateOf(modem)) {
    case 'wait':
      return told(`waiting.${slugOf(modem.problem ?? '')}`, '', { text: modem.problem ?? '' })
    case 'off':
      return modem.cause === null ? told('lost.unknown', '') : told(`lost.${modem.cause.code}`, '')
    case 'standby':
      return told('standby', 'm')
    case 'window':
      return told('window', 'm')
    case 'stale':
      return told('stale', '')
    case 'on':
      return causeOnline(modem)
  }
}

function causeOnline(modem: FleetModem): Told {
  const [pin] = alarmedPins(modem)
  if (pin !== undefined) {
    const name = modem.inputs[pin]?.name
    return name ? told('alarm', '', { values: { name } }) : told('alarmPin', '', { values: { n: pin } })
  }
  if (modem.problem !== null) return told('port', 'warn', { text: modem.problem })
  if (modem.cause?.code === 'meter_silent') return told(modem.cause.detail ? 'meterSilent' : 'lineSilent', 'warn', { values: { meter: modem.cause.detail ?? '' }, since: modem.cause.since })
  const [user] = modem.line
  if (user) return told(modem.line.length > 1 ? 'lineMore' : 'line', '', { values: { name: user.name, n: modem.line.length - 1 }, since: user.since })
  if (modem.clients > 0) return told('clients', '', { values: { n: modem.clients } })
  return modem.commissioning ? told('commissioning', 'm') : told('free', 'm')
}

/** The hub's reason as a key: `waits for approval` is `waits_for_approval`. */
export function slugOf(reason: string): string {
  return reason.toLowerCase().replace(/[^a-z]+/g, '_').replace(/^_|_$/g, '') || 'unknown'
}
