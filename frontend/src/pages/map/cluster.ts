/** Points that lie together on the screen become one mark that says how many, and how the gravest of them is. */

import type { ShownState, StateWord } from '@/fleet/state'

export interface Spot {
  id: string
  latitude: number
  longitude: number
  state: ShownState
  /** The same without alarms: the six states that exclude each other. */
  base: StateWord
}

export interface Cluster {
  key: string
  latitude: number
  longitude: number
  spots: Spot[]
  /** The gravest state of its spots. */
  state: ShownState
  /** How many of them are not well. */
  bad: number
}

const GRAVITY: Readonly<Record<ShownState, number>> = { alarm: 6, off: 5, stale: 4, wait: 3, on: 2, standby: 1, window: 0 }
const BAD: readonly ShownState[] = ['alarm', 'off', 'stale']

export function gravest(states: readonly ShownState[]): ShownState {
  return states.reduce((found, each) => (GRAVITY[each] > GRAVITY[found] ? each : found), 'window' as ShownState)
}

/**
 * Gathers spots whose places on the screen fall into one cell.
 *
 * @param project - pixels of a place at the present zoom, counted from a fixed point, so that a moved map clusters the same
 */
export function clustered(spots: readonly Spot[], project: (latitude: number, longitude: number) => { x: number; y: number }, cellPx: number): Cluster[] {
  const cells = new Map<string, Spot[]>()
  for (const spot of spots) {
    const { x, y } = project(spot.latitude, spot.longitude)
    const key = `${Math.floor(x / cellPx)}:${Math.floor(y / cellPx)}`
    const cell = cells.get(key)
    if (cell) cell.push(spot)
    else cells.set(key, [spot])
  }
  return [...cells].map(([key, found]) => ({
    key,
    latitude: found.reduce((sum, each) => sum + each.latitude, 0) / found.length,
    longitude: found.reduce((sum, each) => sum + each.longitude, 0) / found.length,
    spots: found,
    state: gravest(found.map((each) => each.state)),
    bad: found.filter((each) => BAD.includes(each.state)).length,
  }))
}
