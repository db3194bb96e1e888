import { describe, expect, it } from 'vitest'

import type { ReportChart } from '@/api/reports'
import { changesOf } from '@/pages/audit/words'
import { hasFigures, shapeOf } from '@/pages/reports/chart'
import { addressesOf, periodChoice, usualPeriod } from '@/pages/reports/choice'
import { formatDay, isFigure } from '@/pages/reports/values'

const chart = (change: Partial<ReportChart>): ReportChart => ({
  name: 'x', title: 'x', form: 'line', meaning: 'number', label_meaning: 'day', labels: ['2026-11-20', '2026-11-21', '2026-11-22'], series: [], ...change,
})
const series = (name: string, ...values: (number | null)[]): ReportChart['series'][number] => ({ name, title: name, values })

describe('what a report is asked for', () => {
  it('is a period of the hub, or whole days', () => {
    expect(periodChoice('30d')).toEqual({ period: 'last_30_days' })
    expect(periodChoice('2026-11-01..2026-11-15')).toEqual({ first: '2026-11-01', last: '2026-11-15' })
    expect(periodChoice('<script>')).toEqual({ period: 'last_7_days' })
  })

  it('is today where the whole fleet began today, else the week before', () => {
    const now = new Date(2026, 10, 22, 14, 30)
    const [today, before] = [new Date(2026, 10, 22, 0, 1).toISOString(), new Date(2026, 10, 21, 23, 59).toISOString()]
    expect(usualPeriod([today, null, today], now)).toBe('today')
    expect(usualPeriod([today, before], now)).toBe('7d')
    expect(usualPeriod([], now)).toBe('7d')
  })

  it('goes to each address once, however they are written', () => {
    expect(addressesOf('a@x.ru, b@x.ru;\n a@x.ru  ')).toEqual(['a@x.ru', 'b@x.ru'])
    expect(addressesOf(' \n')).toEqual([])
  })
})

describe('pictures', () => {
  it('are left out where there is nothing to see', () => {
    expect(hasFigures(chart({ series: [series('a', null, null)] }))).toBe(false)
    expect(hasFigures(chart({ series: [series('a', null, 0)] }))).toBe(true)
    expect(hasFigures(chart({ form: 'stacked', series: [series('a', 0, 0)] }))).toBe(false)
  })

  it('break a line where nothing is known, and never reach beyond a hundred per cent', () => {
    const shape = shapeOf(chart({ meaning: 'ratio', series: [series('a', 0.9, null, 1)] }))
    expect(shape.top).toBe(1)
    expect(shape.lines[0]?.path.match(/M/g)).toHaveLength(2)
  })

  it('put columns upon each other from 0 up, without those of nothing', () => {
    const shape = shapeOf(chart({ form: 'stacked', series: [series('a', 1, 2, 0), series('b', 3, 2, 0), series('c', 0, 0, 0)] }))
    expect([shape.bottom, shape.top]).toEqual([0, 4])
    expect(shape.legend.map((each) => each.title)).toEqual(['a', 'b'])
    expect(shape.columns.map(({ y, height }) => [y, height])).toEqual([[90, 30], [60, 60], [0, 90], [0, 60]])
  })

  it('measure bars by the longest, and draw nothing of nothing', () => {
    const shape = shapeOf(chart({ form: 'bars', label_meaning: 'text', labels: ['x', 'y', 'z'], series: [series('a', 4, 1, null)] }))
    expect(shape.bars).toEqual([{ label: 'x', value: 4, share: 1 }, { label: 'y', value: 1, share: 0.25 }])
    expect(shapeOf(chart({ labels: [], series: [] })).lines).toEqual([])
  })
})

describe('values', () => {
  it('are written as their column says', () => {
    expect([formatDay('2026-11-22', 'ru'), formatDay('2026-11-22', 'en'), formatDay('soon', 'ru')]).toEqual(['22.11.2026', '22/11/2026', 'soon'])
    expect([isFigure('ratio'), isFigure('modem')]).toEqual([true, false])
  })
})

describe('an entry of the audit', () => {
  it('tells what differs, nested values as JSON', () => {
    const found = changesOf({ before: { name: 'a', port: 1, same: 2 }, after: { name: 'b', relay: { mode: 'share' }, same: 2 } })
    expect(found).toEqual([{ name: 'name', before: 'a', after: 'b' }, { name: 'port', before: '1', after: '–' }, { name: 'relay', before: '–', after: '{"mode":"share"}' }])
  })
})
