import { describe, expect, it } from 'vitest'

import type { Reading, ReadingTotals } from '@/api/readings'
import { linesBelow, sumOf } from '@/pages/readings/byGroup'
import { formatShare, shareOf, toneOf } from '@/pages/readings/share'
import { whyOf } from '@/pages/readings/why'
import { NO_GROUP } from '@/store/scope'

const totals = (group: string, expected: number, read: number): ReadingTotals => ({
  group, expected, read, causes: { no_link: expected - read, meter_silent: 0, line_busy: 0, link_lost: 0, not_asked: 0, refused: 0 },
})
const GROUPS = [totals('', 2, 1), totals('Север', 5, 5), totals('Север/Садовая', 10, 7), totals('Север/Лесной', 4, 4), totals('Юг', 3, 0), totals('Северный', 1, 1)]

describe('groups of the reading summary', () => {
  it('sums each child with all below it, and puts modems without a group last', () => {
    const lines = linesBelow(GROUPS, '')
    expect(lines.map(({ path, expected, read }) => [path, expected, read])).toEqual([
      ['Север', 19, 16], ['Северный', 1, 1], ['Юг', 3, 0], [null, 2, 1],
    ])
    expect(sumOf(lines)).toMatchObject({ expected: 25, read: 18, causes: { no_link: 7 } })
  })

  it('shows the children of the chosen group and its own modems, no neighbour with a like name', () => {
    expect(linesBelow(GROUPS, 'Север').map(({ path, expected }) => [path, expected])).toEqual([['Север/Лесной', 4], ['Север/Садовая', 10], [null, 5]])
    expect(linesBelow(GROUPS, NO_GROUP).map(({ path, expected }) => [path, expected])).toEqual([[null, 2]])
  })
})

describe('shares', () => {
  it('never rounds up to a hundred, and knows no share of nothing', () => {
    expect(formatShare(0.99999, 'ru')).toBe('99,9\u00a0%')
    expect(formatShare(1, 'ru')).toBe('100,0\u00a0%')
    expect(shareOf({ read: 0, expected: 0 })).toBeNull()
    expect(formatShare(null, 'en')).toBe('–')
    expect([0.5, 0.98, 0.995, null].map(toneOf)).toEqual(['bad', 'warn', '', ''])
  })
})

describe('why a meter was not read', () => {
  const reading = (change: Partial<Reading>): Reading => ({ cause: null, asked: 6, answered: 6, other: null, last_answered: null, hours: [], ...change }) as Reading
  const time = (moment: string): string => moment.slice(11, 16)

  it.each([
    ['read', reading({ hours: [true, true], last_answered: '2026-11-21T01:00:00Z' })],
    ['poor', reading({ answered: 2, hours: [true, true], last_answered: '2026-11-21T01:00:00Z' })],
    ['fell_silent', reading({ answered: 1, hours: [true, false], last_answered: '2026-11-21T00:09:00Z' })],
    ['other_address', reading({ cause: 'meter_silent', answered: 0, other: '12' })],
    ['line_busy', reading({ cause: 'line_busy', answered: 0 })],
  ])('%s', (key, row) => expect(whyOf(row, time).key).toBe(key))

  it('says when it fell silent', () => {
    expect(whyOf(reading({ answered: 1, hours: [true, false], last_answered: '2026-11-21T00:09:00Z' }), time).values).toEqual({ time: '00:09' })
  })
})
