import { beforeEach, describe, expect, it } from 'vitest'

import { FleetTable, ordered } from '@/fleet/table'

import { rowOf, type modem, type Row } from './fleet'

const rows = new Map<string, Row>()
let table = new FleetTable<Row>(rows)
const ids = (): string[] => table.items.map((row) => row.id)
const put = (row: Row): void => void rows.set(row.id, row)
const change = (id: string, changes: Parameters<typeof modem>[0]): void => {
  const row = rows.get(id) as Row
  row.data = { ...row.data, ...changes }
  table.take(new Set([id]))
}

beforeEach(() => {
  rows.clear()
  for (const number of [3, 1, 2]) put(rowOf(number))
  table = new FleetTable<Row>(rows)
  table.arrange()
})

describe('the table', () => {
  it('shows rows in the order of their ports', () => {
    expect(ids()).toEqual(['1', '2', '3'])
    expect(table.counts).toMatchObject({ total: 3, on: 3, off: 0 })
  })

  it('moves nothing when a row changes, and counts it at once', () => {
    table.arrange({ field: 'name', isDown: false })
    const before = table.items
    change('1', { name: 'Я', state: 'offline' })
    expect(table.items).toBe(before)
    expect(table.counts).toMatchObject({ total: 3, on: 2, off: 1 })
    table.arrange()
    expect(ids()).toEqual(['2', '3', '1'])
  })

  it('keeps a row that fits no more, pale, until it is arranged', () => {
    table.narrow(() => true, 'on')
    change('2', { state: 'offline' })
    expect(ids()).toEqual(['1', '2', '3'])
    expect([...table.left]).toEqual(['2'])
    change('2', { state: 'online' })
    expect([...table.left]).toEqual([])
    change('2', { state: 'offline' })
    table.arrange()
    expect(ids()).toEqual(['1', '3'])
  })

  it('has new rows wait that would push others aside, and shows those behind all others', () => {
    put(rowOf(0))
    put(rowOf(9))
    table.take(new Set(['0', '9']))
    expect(ids()).toEqual(['1', '2', '3', '9'])
    expect([...table.waiting]).toEqual(['0'])
    expect(table.counts.total).toBe(5)
    table.arrange()
    expect(ids()).toEqual(['0', '1', '2', '3', '9'])
    expect(table.waiting.size).toBe(0)
  })

  it('keeps a deleted row pale, and counts it no more', () => {
    rows.delete('2')
    table.take(new Set(['2']))
    expect([...table.left]).toEqual(['2'])
    expect(table.counts.total).toBe(2)
    table.narrow(() => true, null)
    expect(ids()).toEqual(['1', '3'])
  })

  it('narrows without losing the order, rows that came since included', () => {
    put(rowOf(0))
    table.take(new Set(['0']))
    table.narrow((row) => row.data.port !== 2, null)
    expect(ids()).toEqual(['1', '3'])
    expect([...table.waiting]).toEqual(['0'])
  })

  it('counts an alarm apart from the states', () => {
    change('1', { gpi: { 1: 'ON' }, inputs: { 1: { name: 'Дверь', invert: false, debounce: 0, normal: 'OFF' } } })
    expect(table.counts).toMatchObject({ on: 3, alarm: 1 })
    table.narrow(() => true, 'alarm')
    expect(ids()).toEqual(['1'])
  })

  it('has one fold stand for rows that were lost together, until they are back', () => {
    const foldOf = (row: Row): number | null => (row.data.state === 'offline' ? 17 : null)
    change('1', { state: 'offline' })
    table.narrow(() => true, null, foldOf)
    expect(ids()).toEqual(['2', '3'])
    expect([...table.folded]).toEqual([[17, 1]])
    expect(table.counts).toMatchObject({ total: 3, off: 1 })
    change('2', { state: 'offline' })
    expect(ids()).toEqual(['2', '3'])
    table.arrange()
    expect(ids()).toEqual(['3'])
    expect([...table.folded]).toEqual([[17, 2]])
    change('1', { state: 'online' })
    expect([...table.folded]).toEqual([[17, 1]])
    expect([...table.waiting]).toEqual(['1'])
  })

  it('says how many rows each filter hides', () => {
    expect(table.countWith((row) => row.data.port === 2, null)).toBe(1)
    expect(table.countWith(() => true, 'off')).toBe(0)
  })

  it('is the same array while a narrower filter hides nothing', () => {
    const before = table.items
    table.narrow((row) => row.data.name.startsWith('ТП'), null)
    expect(table.items).toBe(before)
    table.narrow((row) => row.data.name !== 'ТП-2', null)
    expect(ids()).toEqual(['1', '3'])
    expect(table.counts.total).toBe(2)
  })

  it('counts rows that wait to be shown, also after another filter', () => {
    put(rowOf(0))
    table.take(new Set(['0']))
    table.narrow(() => true, 'on')
    expect([...table.waiting]).toEqual(['0'])
    expect(table.counts.total).toBe(4)
    expect([...table.fitting()].map((row) => row.id).sort()).toEqual(['0', '1', '2', '3'])
  })

  it('shows thousands of rows that come behind the first ones without moving those', () => {
    for (let number = 4; number <= 3000; number += 1) put(rowOf(number))
    const first = table.items
    table.take(new Set(rows.keys()))
    expect(table.items.slice(0, 3)).toEqual(first)
    expect(table.items.length).toBe(3000)
    expect(ids().at(-1)).toBe('3000')
    expect(table.waiting.size).toBe(0)
  })
})

describe('an order', () => {
  it('puts names by their figures, unknown last both ways', () => {
    const some = [rowOf(1, { name: 'ТП-10' }), rowOf(2, { name: 'ТП-9' }), rowOf(3, { name: '' })]
    expect(ordered(some, { field: 'name', isDown: false }).map((row) => row.id)).toEqual(['2', '1', '3'])
    expect(ordered(some, { field: 'name', isDown: true }).map((row) => row.id)).toEqual(['1', '2', '3'])
  })

  it('puts those without a port first: somebody has to approve them', () => {
    const some = [rowOf(5), rowOf(0, { port: null, state: 'quarantined' })]
    expect(ordered(some, { field: 'address', isDown: false }).map((row) => row.id)).toEqual(['0', '5'])
  })

  it('is quick with ten thousand rows', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => rowOf((n * 7919) % 10_000))
    const began = performance.now()
    expect(ordered(many, { field: 'address', isDown: false })[0]?.id).toBe('0')
    expect(performance.now() - began).toBeLessThan(500)
  })
})
