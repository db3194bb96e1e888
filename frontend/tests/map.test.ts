/** Marks on the map: what lies together is one, and says how the gravest is. */

import { describe, expect, it } from 'vitest'

import { clustered, gravest, type Spot } from '@/pages/map/cluster'

const project = (latitude: number, longitude: number): { x: number; y: number } => ({ x: longitude * 10, y: -latitude * 10 })
const spot = (id: string, latitude: number, longitude: number, state: Spot['state'] = 'on'): Spot => ({ id, latitude, longitude, state, base: state === 'alarm' ? 'on' : state })

describe('marks', () => {
  it('gather what is near, and leave alone what is not', () => {
    const found = clustered([spot('a', 55.1, 37.1), spot('b', 55.2, 37.2, 'off'), spot('c', 60, 30)], project, 50)
    expect(found.map((each) => [each.spots.map((one) => one.id).join(), each.state, each.bad])).toEqual([['a,b', 'off', 1], ['c', 'on', 0]])
  })

  it('stand in the middle of theirs', () => {
    const [one] = clustered([spot('a', 55.1, 37.1), spot('b', 55.3, 37.3)], project, 500)
    expect([one?.latitude.toFixed(1), one?.longitude.toFixed(1)]).toEqual(['55.2', '37.2'])
  })

  it('are as grave as the gravest', () => {
    expect([gravest(['on', 'stale', 'standby']), gravest(['off', 'alarm']), gravest(['window'])]).toEqual(['stale', 'alarm', 'window'])
  })
})
