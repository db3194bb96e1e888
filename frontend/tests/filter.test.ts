import { describe, expect, it } from 'vitest'

import { causeOf } from '@/fleet/cause'
import { csvOf } from '@/fleet/csv'
import { readCondition, searchOf, testOf, writeCondition } from '@/fleet/filter'
import { operatorOf } from '@/fleet/operators'
import { alarmedPins, barsOf, shownState, stateOf } from '@/fleet/state'

import { modem } from './fleet'

const NOW = Date.parse('2026-11-22T09:00:00Z')
const fits = (text: string, changes = {}): boolean => {
  const condition = readCondition(text)
  if (!condition) throw new Error(text)
  expect(writeCondition(condition)).toBe(text)
  return testOf(condition)(modem(changes), NOW)
}

describe('a condition', () => {
  it('on a figure fits no unknown one', () => {
    expect([fits('signal.le.-70'), fits('signal.le.-80'), fits('signal.ge.-80'), fits('signal.le.-70', { rssi_dbm: null })]).toEqual([true, false, true, false])
    expect([fits('signal.none', { rssi_dbm: null }), fits('signal.some', { rssi_dbm: null })]).toEqual([true, false])
  })

  it('on a choice takes several, with any letters in them', () => {
    expect([fits('model.in.ATM21,ATM3'), fits('model.in.ATM3'), fits('model.not.ATM3')]).toEqual([true, false, true])
    expect(fits('organisation.in.a%2Cb,c', { organisation: 'a,b' })).toBe(true)
  })

  it('on a text knows no capital letters', () => {
    expect([fits('name.has.тп-11'), fits('name.hasnt.тп'), fits('comment.none')]).toEqual([true, false, true])
  })

  it('on an age looks from now', () => {
    expect([fits('age.older.1800'), fits('age.older.7200'), fits('age.newer.7200')]).toEqual([true, false, true])
  })

  it('on a flag does not take unknown for no', () => {
    expect([fits('encapsulated.yes'), fits('encapsulated.no', { encapsulated: false }), fits('encapsulated.no', { encapsulated: null })]).toEqual([true, true, false])
  })

  it('that means nothing is none', () => {
    for (const text of ['', 'x', 'constructor.has.a', 'signal.has.a', 'signal.le', 'name.has.', '__proto__.none']) expect(readCondition(text)).toBeNull()
  })
})

describe('a search', () => {
  it('wants every word', () => {
    expect(searchOf('тп садовая')?.('тп-1187\nсадовая, 14')).toBe(true)
    expect(searchOf('тп лесная')?.('тп-1187\nсадовая, 14')).toBe(false)
    expect(searchOf('  ')).toBeNull()
  })

  it('finds a telephone number however it is written', () => {
    expect(searchOf('+7 (921) 123-45')?.('79211234567')).toBe(true)
  })
})

describe('a state', () => {
  it('is one of six', () => {
    expect(stateOf(modem())).toBe('on')
    expect(stateOf(modem({ stale: true }))).toBe('stale')
    expect(stateOf(modem({ state: 'offline' }))).toBe('off')
    expect(stateOf(modem({ state: 'offline', expected: false }))).toBe('window')
    expect(stateOf(modem({ state: 'standby' }))).toBe('standby')
    expect(stateOf(modem({ state: 'quarantined' }))).toBe('wait')
  })

  it('is an alarm only where the level is known now', () => {
    const door = { gpi: { 1: 'ON' as const, 2: null }, inputs: { 1: { name: '', invert: false, debounce: 0, normal: 'OFF' as const } } }
    expect(alarmedPins(modem(door))).toEqual([1])
    expect(shownState(modem(door))).toBe('alarm')
    expect(shownState(modem({ ...door, state: 'offline' }))).toBe('off')
  })

  it('of a signal is told by bars', () => {
    expect([null, 99, 0, 4, 5, 10, 15, 20, 31].map(barsOf)).toEqual([null, null, 0, 0, 1, 2, 3, 4, 4])
  })
})

describe('a cause', () => {
  it('says why, who, or that the line is free', () => {
    expect(causeOf(modem()).key).toBe('free')
    expect(causeOf(modem({ state: 'offline', cause: { code: 'keepalive_lost', since: '', detail: null } })).key).toBe('lost.keepalive_lost')
    expect(causeOf(modem({ state: 'quarantined', problem: 'waits for approval' })).key).toBe('waiting.waits_for_approval')
    const line = [{ client: 'a', name: 'АСКУЭ сбыта', since: '2026-11-22T08:59:00Z' }]
    expect(causeOf(modem({ line })).values).toEqual({ name: 'АСКУЭ сбыта', n: 0 })
    expect(causeOf(modem({ line, cause: { code: 'meter_silent', since: '', detail: '304' } })).key).toBe('meterSilent')
  })
})

it('an operator is told by the serving cell, else by the card', () => {
  expect(operatorOf('89701010000000000000', null)).toBe('mts')
  expect(operatorOf('89701010000000000000', '250-02-1-2')).toBe('megafon')
  expect(operatorOf(null, '401-01-1-2')).toBe('beeline_kz')
  expect(operatorOf('8988303000005142343', '250-98-1-2')).toBeNull()
  expect(operatorOf(null, null)).toBeNull()
})

it('a spreadsheet runs nothing of what modems say, and rounds no IMEI', () => {
  const text = csvOf(['a'], [['=1+1'], ['868441036775234'], ['a;b"c'], [-79], [null], ['+7921']])
  expect(text).toBe('\ufeffa\r\n\'=1+1\r\n"=""868441036775234"""\r\n"a;b""c"\r\n-79\r\n\r\n\'+7921\r\n')
})
