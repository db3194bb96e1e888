/** What a modem's row says of it in one word; the first six exclude each other and add up to the total. */

import type { FleetModem } from '@/api/fleet'

export type StateWord = 'on' | 'off' | 'stale' | 'standby' | 'window' | 'wait'
export type ShownState = StateWord | 'alarm'

export const STATE_WORDS: readonly StateWord[] = ['on', 'off', 'stale', 'standby', 'window', 'wait']

export function stateOf(modem: FleetModem): StateWord {
  switch (modem.state) {
    case 'quarantined':
      return 'wait'
    case 'standby':
      return 'standby'
    case 'offline':
      return modem.expected ? 'off' : 'window'
    case 'online':
      return modem.stale ? 'stale' : 'on'
  }
}

/** Pins whose level is not the normal one, as far as that is known now. */
export function alarmedPins(modem: FleetModem): number[] {
  if (modem.state !== 'online') return []
  return Object.entries(modem.inputs)
    .filter(([pin, input]) => input.normal !== null && (modem.gpi[pin] ?? input.normal) !== input.normal)
    .map(([pin]) => Number(pin))
}

/** The same as whether there is such a pin, quick enough for ten thousand modems with each key that is typed. */
export function isAlarmed(modem: FleetModem): boolean {
  if (modem.state !== 'online') return false
  for (const pin in modem.inputs) {
    const normal = modem.inputs[pin]?.normal
    if (normal && (modem.gpi[pin] ?? normal) !== normal) return true
  }
  return false
}

export function shownState(modem: FleetModem): ShownState {
  return isAlarmed(modem) ? 'alarm' : stateOf(modem)
}

/** Bars from a CSQ: 20 and more are four, 15 three, 10 two, 5 one; null while unknown. */
export function barsOf(csq: number | null): number | null {
  if (csq === null || csq > 31) return null
  return csq >= 20 ? 4 : csq >= 15 ? 3 : csq >= 10 ? 2 : csq >= 5 ? 1 : 0
}
