import { afterEach, expect, it, vi } from 'vitest'

import { FleetLines, kept, type FleetModem } from '@/api/fleet'
import type { Modem } from '@/api/modems'
import { loadFleet, loadState, onBatch, rows } from '@/store/fleet'
import { total, ungrouped } from '@/store/groups'

import { MODEM } from './fleet'

const COLUMNS = Object.keys(MODEM)
const HEAD = `{"columns":${JSON.stringify(COLUMNS)},"total":3,"rows":[`
const row = (changes: Partial<FleetModem>): string => JSON.stringify(COLUMNS.map((name) => ({ ...MODEM, ...changes })[name as keyof FleetModem]))

function taken(lines: string[]): { seen: [string[], number][]; isWhole: boolean } {
  const seen: [string[], number][] = []
  const reader = new FleetLines((modems, of) => seen.push([modems.map((modem) => modem.modem), of]))
  for (const line of lines) reader.read(line)
  return { seen, isWhole: reader.isWhole }
}

afterEach(() => vi.unstubAllGlobals())

it('reads each line by itself, and knows the end', () => {
  const lines = [HEAD, `${row({ modem: '1' })},${row({ modem: '2' })},`, row({ modem: '3' })]
  expect(taken(lines)).toEqual({ seen: [[['1', '2'], 3], [['3'], 3]], isWhole: false })
  expect(taken([...lines, ']}']).isWhole).toBe(true)
})

it('makes of a row what it makes of a modem', () => {
  const [told] = (() => {
    const found: FleetModem[] = []
    const reader = new FleetLines((modems) => found.push(...modems))
    reader.read(HEAD)
    reader.read(row({ name: 'ТП-7', serials: ['30418805'] }))
    return found
  })()
  expect(told).toEqual({ ...MODEM, name: 'ТП-7', serials: ['30418805'] })
  const whole = { ...MODEM, name: 'ТП-7', meters: [{ serial: '30418805' }, { serial: '' }], peer: '10.1.1.1:4' } as unknown as Modem
  expect(kept(whole)).toEqual(told)
})

it('shows the first modems before the others are here, and tells of all when they are', async () => {
  let send: (text: string) => void = () => undefined
  let end: () => void = () => undefined
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      send = (text) => stream.enqueue(new TextEncoder().encode(text))
      end = () => stream.close()
    },
  })
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body)))
  const batches: string[][] = []
  const stop = onBatch((changed) => batches.push([...changed]))

  const loaded = loadFleet()
  send(`${HEAD}\n${row({ modem: '1', group: '' })}`)
  await Promise.resolve()
  expect(loadState.value).toBe('loading')
  send(`,\n${row({ modem: '2' })},`)
  await vi.waitFor(() => expect(loadState.value).toBe('begun'))
  expect([...rows.keys()]).toEqual(['1'])
  expect(total.value).toBe(0)

  send(`${row({ modem: '3' })}\n]}`)
  end()
  await loaded
  stop()

  expect(loadState.value).toBe('ready')
  expect([...rows.keys()]).toEqual(['1', '2', '3'])
  expect(batches).toEqual([['1', '2', '3']])
  expect([total.value, ungrouped.value]).toEqual([3, 1])
})

it('takes an answer without its end for none', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(`${HEAD}\n${row({ modem: '1' })}`)))
  loadState.value = 'idle'
  await loadFleet()
  expect(loadState.value).toBe('failed')
})
