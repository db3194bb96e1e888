import { describe, expect, it } from 'vitest'

import type { Reading, ReadingTotals } from '@/api/readings'
import { linesBelow, sumOf } from '@/pages/readings/byGroup'
import { leftOf, spanOf, ticksOf } from '@/pages/readings/hours'
import { formatShare, isUnusual, shareOf, toneOf } from '@/pages/readings/share'
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

describe('what is unusual', () => {
  it('is three times the usual night, and no handful', () => {
    expect([[63, 5], [15, 5], [14, 5], [4, 0], [5, 0], [63, null]].map(([value, usual]) => isUnusual(value as number, usual as number | null))).toEqual([true, true, false, false, true, false])
  })
})

describe('hours', () => {
  const asked = (...hours: number[]): { hours: (boolean | null)[] } => ({ hours: Array.from({ length: 24 }, (_, hour) => (hours.includes(hour) ? true : null)) })
  const span = (...rows: { hours: (boolean | null)[] }[]): number[] => Object.values(spanOf(rows, (mark) => mark !== null))

  it('span those in which anything was asked, six at the least', () => {
    expect(span(asked(0, 5), asked(3))).toEqual([0, 6, 1])
    expect(span(asked(1))).toEqual([0, 6, 1])
    expect(span(asked(23))).toEqual([18, 24, 1])
    expect(span(asked(2, 20))).toEqual([2, 21, 4])
    expect(span(asked())).toEqual([0, 24, 4])
  })

  it('stand at equal distances, labels at whole steps', () => {
    const night = { from: 0, to: 6, step: 1 }
    expect([0, 3, 6].map((hour) => leftOf(hour, night))).toEqual([6, 111, 216])
    expect(ticksOf(night)).toEqual([0, 1, 2, 3, 4, 5, 6])
  })
})

describe('why a meter was not read', () => {
  const reading = (change: Partial<Reading>): Reading => ({ cause: null, asked: 6, answered: 6, other: null, last_answered: null, last_heard: null, hours: [], ...change }) as Reading
  const END = Date.parse('2026-11-21T21:00:00Z')
  const time = (moment: string): string => moment.slice(11, 16)

  it.each([
    ['read', reading({ hours: [true, true], last_answered: '2026-11-21T01:00:00Z' })],
    ['poor', reading({ answered: 2, hours: [true, true], last_answered: '2026-11-21T01:00:00Z' })],
    ['fell_silent', reading({ answered: 1, hours: [true, false], last_answered: '2026-11-21T00:09:00Z' })],
    ['other_address', reading({ cause: 'meter_silent', answered: 0, other: '12' })],
    ['meter_silent', reading({ cause: 'meter_silent', answered: 0 })],
    ['first_night', reading({ cause: 'meter_silent', answered: 0, last_heard: '2026-11-20T03:00:00Z' })],
    ['silent_days', reading({ cause: 'meter_silent', answered: 0, last_heard: '2026-11-12T03:00:00Z' })],
    ['line_busy', reading({ cause: 'line_busy', answered: 0 })],
  ])('%s', (key, row) => expect(whyOf(row, time, END).key).toBe(key))

  it('says when it fell silent', () => {
    expect(whyOf(reading({ answered: 1, hours: [true, false], last_answered: '2026-11-21T00:09:00Z' }), time, END).values).toEqual({ time: '00:09' })
  })
})
