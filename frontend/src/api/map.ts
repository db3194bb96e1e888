/** Where modems stand, and links for screens on a wall. */

import { get, getAll, post } from './client'
import type { Result } from './problem'

export interface Place {
  id: string
  name: string
  address: string
  latitude: number | null
  longitude: number | null
}

/** A map of streets that the hub serves: west, south, east and north of what it holds. */
export interface MapTiles {
  least_zoom: number
  most_zoom: number
  bounds: [number, number, number, number]
}

export const readMap = (): Promise<Result<{ tiles: MapTiles | null }>> => get('map')
export const readPlaces = (): Promise<Result<Place[]>> => getAll<Place>('sites', { limit: 1000 }, 50_000)

/** A token that sees and does nothing: a viewer's rights over one group, without people's names and meter data. */
export const makeScreen = (name: string, group: string, idempotencyKey: string): Promise<Result<{ id: string; token: string }>> =>
  post('tokens', { name, role: 'viewer', rights_taken: ['phone.read', 'commands.read', 'jobs.read'], groups: group ? [group] : null }, { idempotencyKey })
