import { describe, expect, it } from 'vitest'

import { periodOf, writePeriod } from '@/use/period'

const NOW = new Date(2026, 10, 22, 14, 30)

describe('a period', () => {
  it('of hours ends now', () => {
    expect(periodOf('24h', NOW)).toEqual({ from: new Date(2026, 10, 21, 14, 30), to: NOW })
  })

  it('of whole days holds the last one', () => {
    const text = writePeriod(new Date(2026, 10, 1), new Date(2026, 10, 15, 23, 59))
    expect(text).toBe('2026-11-01..2026-11-15')
    expect(periodOf(text, NOW)).toEqual({ from: new Date(2026, 10, 1), to: new Date(2026, 10, 16) })
  })

  it('of the month before goes over the end of the year', () => {
    expect(periodOf('last_month', new Date(2026, 0, 3))).toEqual({ from: new Date(2025, 11, 1), to: new Date(2026, 0, 1) })
  })

  it('that cannot be read is the last day', () => {
    expect(periodOf('<script>', NOW).from).toEqual(new Date(2026, 10, 21, 14, 30))
  })
})
