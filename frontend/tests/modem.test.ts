/** What the page of a modem makes of the record, of sessions, points and settings. */

import { describe, expect, it } from 'vitest'

import type { ModemSession, TrafficLine } from '@/api/modem'
import type { Setting } from '@/api/modemSettings'
import { rowsOf, talkOf } from '@/pages/modem/bytes'
import { gapsOf } from '@/pages/modem/gaps'
import { barred, stepped } from '@/pages/modem/series'
import { lineOf, namesOf, partsOf, placeholderOf, readLine } from '@/pages/modem/settings'
import { daysOf } from '@/pages/modem/uptime'

const at = (s: number, ms = 0): string => new Date(Date.UTC(2026, 10, 22, 9, 0, s, ms)).toISOString()
const line = (s: number, ms: number, direction: TrafficLine['direction'], hex: string): TrafficLine => ({ ts: at(s, ms), direction, hex })

describe('the traffic record', () => {
  const record = [line(1, 0, '>', '3c0501'), line(1, 300, '=', '3c05010f20'), line(3, 0, '>', '3c0814'), line(5, 100, '>', '3c0814'), line(5, 400, '=', '3c081400')]

  it('says who asked, who answered, where it was silent and where no answer came', () => {
    expect(rowsOf(record, 8, false).map((row) => row.kind)).toEqual(['ask', 'answer', 'silence', 'ask', 'late', 'ask', 'answer'])
  })

  it('tells an answer that is late beside the usual one', () => {
    const late = rowsOf(record, 8, false).find((row) => row.kind === 'late')
    expect([late?.seconds, late?.usual]).toEqual([2.1, 0.3])
  })

  it('breaks bytes into lines, and names a time once a second', () => {
    const rows = rowsOf([line(1, 5, '>', '3c41'), line(1, 9, '=', '00112233445566778899')], 8, false)
    expect(rows.map((row) => [row.time.slice(-4), row.hex, row.text])).toEqual([['.005', '3C 41', '<A'], ['.009', '00 11 22 33 44 55 66 77', '··"3DUfw'], ['', '88 99', '··']])
    expect(rows[1]?.time).toBe('.009')
  })

  it('leaves the modem\'s own frames out unless they are asked for', () => {
    const frames = [line(1, 0, '>', 'c8cacbcccd0c00030040010d0a')]
    expect([rowsOf(frames, 16, false).length, rowsOf(frames, 16, true).length]).toEqual([0, 1])
    expect(talkOf(frames)).toEqual({ asked: 0, answered: 0, answerS: null })
  })

  it('counts questions and answers', () => {
    expect(talkOf(record)).toEqual({ asked: 3, answered: 2, answerS: 0.3 })
  })
})

describe('times without a link', () => {
  const session = (from: number, to: number | null): ModemSession =>
    ({ session: String(from), peer: null, model: null, firmware: null, sim: null, csq: null, woken_by: null, opened_at: at(from), closed_at: to === null ? null : at(to), open: to === null, reason: null, detail: null, lasted_s: null, rx_bytes: null, tx_bytes: null })
  const now = Date.parse(at(600))

  it('lie between sessions, and a replaced session is none', () => {
    const gaps = gapsOf([session(300, null), session(100, 205), session(0, 102)], now)
    expect(gaps.map((gap) => [gap.from.toISOString(), gap.to.toISOString(), gap.isOpen])).toEqual([[at(205), at(300), false]])
  })

  it('last until now for a modem that is away', () => {
    expect(gapsOf([session(0, 100)], now).map((gap) => gap.isOpen)).toEqual([true])
  })
})

describe('the days of the uptime strip', () => {
  const day = (name: string, expected_s: number, online_s: number) => ({ day: name, expected_s, online_s, ratio: expected_s ? online_s / expected_s : null, sessions: 1 })
  const now = new Date('2026-11-21T21:30:00Z') // half past midnight in Moscow

  it('are as many as were asked for, and a day before the registration is unknown, not lost', () => {
    const days = daysOf({ time_zone: 'Europe/Moscow', ratio: 0.5, items: [day('2026-11-21', 3600, 1800), day('2026-11-22', 1800, 1800)] }, 4, now)
    expect(days.map((each) => [each.day, each.ratio, each.isUnknown])).toEqual([
      ['2026-11-19', null, true], ['2026-11-20', null, true], ['2026-11-21', 0.5, false], ['2026-11-22', 1, false],
    ])
  })

  it('lose nothing by a fraction of a second, and a whole day by a link that never came', () => {
    const days = daysOf({ time_zone: 'Europe/Moscow', ratio: 0.5, items: [day('2026-11-21', 150, 149.9), day('2026-11-22', 1800, 0)] }, 2, now)
    expect(days.map((each) => [each.ratio, each.lostS])).toEqual([[1, 0], [0, 1800]])
  })

  it('say nothing of a day on which it was not to be online', () => {
    expect(daysOf({ time_zone: 'Europe/Moscow', ratio: null, items: [day('2026-11-22', 0, 0)] }, 1, now)).toEqual([{ day: '2026-11-22', ratio: null, isUnknown: false, lostS: 0 }])
  })
})

describe('points of a plot', () => {
  const from = new Date(at(0))
  const to = new Date(at(60))

  it('break the line where nothing was seen', () => {
    const point = (s: number, avg: number): { at: string; min: null; avg: number; max: null; sum: null } => ({ at: at(s), min: null, avg, max: null, sum: null })
    expect(stepped([point(0, -70), point(40, -72)], 20, from, to).values).toEqual([-70, null, -72, null])
  })

  it('are summed into bars', () => {
    const begin = from.getTime() / 1000
    expect(barred([{ at: begin + 1, sum: 3 }, { at: begin + 19, sum: 4 }, { at: begin + 59, sum: 5 }], from, to, 20).values).toEqual([7, 0, 5])
  })
})

describe('settings', () => {
  const pins: Setting = { name: 'GPIO_SET', section: 'pins', title: { ru: '', en: '' }, index: { minimum: 1, maximum: 3 }, fields: [], access: 'read_write', secret: false, dangerous: false, models: [], note: null }

  it('have a name for each index', () => {
    expect(namesOf(pins)).toEqual(['GPIO_SET1', 'GPIO_SET2', 'GPIO_SET3'])
  })

  it('are lines of AT commands', () => {
    expect([lineOf('GPIO_SET1', '0,0'), lineOf('ATM_RESET', null)]).toEqual(['AT$GPIO_SET1=0,0', 'AT$ATM_RESET'])
    expect(readLine(' at$gpio_set1=0,0 ')).toEqual({ name: 'GPIO_SET1', value: '0,0' })
    expect(readLine('AT+CSQ')).toBeNull()
  })

  it('give each field its part, the last one what is left', () => {
    expect([partsOf('10.0.0.1,5009', 2), partsOf('1', 3), partsOf('a,b,c', 2)]).toEqual([['10.0.0.1', '5009'], ['1', '', ''], ['a', 'b,c']])
  })

  it('keep the value of a secret out of the line', () => {
    expect(placeholderOf('ATM_NEWPWD')).toBe('atm_newpwd')
  })
})
