/** How many of the shown modems lost their link lately: the change beside the figure. */

import type { FleetModem } from '@/api/fleet'
import { stateOf } from '@/fleet/state'

export function recentlyLost(rows: Iterable<{ data: FleetModem }>, minutes: number, now: number): number {
  const since = now - minutes * 60_000
  let found = 0
  for (const { data } of rows) {
    if (data.state === 'offline' && data.cause !== null && stateOf(data) === 'off' && Date.parse(data.cause.since) >= since) found += 1
  }
  return found
}
