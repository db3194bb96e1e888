/** What the live events say beside a modem's state: why its link was lost, and which programs are on its line. */

import type { HubEvent } from '@/api/events'
import type { Cause, FleetModem, LineUser } from '@/api/fleet'

type Notes = Pick<FleetModem, 'cause' | 'line'>

/** Returns the notes after an event, null when it changes none. `nameOf` gives a program's name by its address. */
export function noted(modem: Notes, event: HubEvent, nameOf: (address: string) => string): Notes | null {
  const { data } = event
  switch (event.type) {
    case 'disconnected':
      return { cause: { code: text(data['reason']), since: event.ts, detail: text(data['detail']) || null }, line: [] }
    case 'connected':
      return modem.cause === null ? null : { cause: null, line: modem.line }
    case 'client_connected': {
      const user = userOf(data, event.ts, nameOf)
      return modem.line.some((each) => each.client === user.client) ? null : { cause: modem.cause, line: [...modem.line, user] }
    }
    case 'client_disconnected':
      return modem.line.length === 0 ? null : { cause: modem.cause, line: modem.line.filter((each) => each.client !== text(data['client'])) }
    case 'meter_silent':
      // Why the modem is away says more than what its meter does not.
      return modem.cause !== null && modem.cause.code !== 'meter_silent' ? null : { cause: silence(event), line: modem.line }
    case 'meter_answering':
      return modem.cause?.code === 'meter_silent' ? { cause: null, line: modem.line } : null
    default:
      return null
  }
}

function userOf(data: Record<string, unknown>, since: string, nameOf: (address: string) => string): LineUser {
  const address = text(data['peer']).replace(/:\d+$/, '')
  return { client: text(data['client']), name: nameOf(address) || address, since }
}

function silence(event: HubEvent): Cause {
  const { data } = event
  return { code: 'meter_silent', since: text(data['last_answered']) || event.ts, detail: text(data['serial']) || text(data['address']) || null }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
