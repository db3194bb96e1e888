/** The modems of the chosen group with a place on earth, as live as the fleet is. */

import { computed, shallowRef, type ComputedRef } from 'vue'

import { readPlaces, type Place } from '@/api/map'
import { shownState, stateOf, type ShownState } from '@/fleet/state'
import { revision, rows } from '@/store/fleet'
import { isInScope, scope } from '@/store/scope'

import type { Spot } from './cluster'

const places = shallowRef<ReadonlyMap<string, Place>>(new Map())
export const arePlacesRead = shallowRef(false)

export async function loadPlacesOnEarth(): Promise<void> {
  const answer = await readPlaces()
  if (!answer.ok) return
  places.value = new Map(answer.value.map((each) => [each.id, each]))
  arePlacesRead.value = true
}

export interface Shown {
  spots: Spot[]
  counts: Record<ShownState, number>
  total: number
  /** Modems that cannot be shown: their site has no coordinates. */
  nowhere: number
}

export const shown: ComputedRef<Shown> = computed(() => {
  void revision.value
  const counts: Record<ShownState, number> = { on: 0, off: 0, stale: 0, standby: 0, window: 0, wait: 0, alarm: 0 }
  const spots: Spot[] = []
  let total = 0
  for (const { data } of rows.values()) {
    if (!isInScope(data.group, scope.value)) continue
    total += 1
    const state = shownState(data)
    // The six states add up to the total; alarms are counted apart.
    counts[stateOf(data)] += 1
    if (state === 'alarm') counts.alarm += 1
    const place = data.site === null ? undefined : places.value.get(data.site)
    if (place && place.latitude !== null && place.longitude !== null) spots.push({ id: data.modem, latitude: place.latitude, longitude: place.longitude, state, base: stateOf(data) })
  }
  return { spots, counts, total, nowhere: total - spots.length }
})
