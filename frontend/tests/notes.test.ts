import { describe, expect, it } from 'vitest'

import type { HubEvent } from '@/api/events'
import { noted } from '@/store/notes'

const event = (type: string, data: Record<string, unknown> = {}): HubEvent => ({ id: '1', seq: 1, ts: '2026-11-22T08:00:00.000Z', type, modem: '1', data })
const nobody = (): string => ''
const EMPTY = { cause: null, line: [] }

describe('notes from events', () => {
  it('say why a link was lost, until it is back', () => {
    const lost = noted(EMPTY, event('disconnected', { reason: 'keepalive_lost' }), nobody)
    expect(lost?.cause).toEqual({ code: 'keepalive_lost', since: '2026-11-22T08:00:00.000Z', detail: null })
    expect(noted(lost ?? EMPTY, event('connected'), nobody)).toEqual(EMPTY)
    expect(noted(EMPTY, event('connected'), nobody)).toBeNull()
  })

  it('say who is on the line, by name where there is one', () => {
    const one = noted(EMPTY, event('client_connected', { client: 'a', peer: '10.0.0.7:4001' }), (peer) => (peer === '10.0.0.7' ? 'АСКУЭ' : ''))
    expect(one?.line).toEqual([{ client: 'a', name: 'АСКУЭ', since: '2026-11-22T08:00:00.000Z' }])
    const two = noted(one ?? EMPTY, event('client_connected', { client: 'b', peer: '10.0.0.8:1' }), nobody)
    expect(two?.line.map((user) => user.name)).toEqual(['АСКУЭ', '10.0.0.8'])
    expect(noted(two ?? EMPTY, event('client_connected', { client: 'b', peer: '10.0.0.8:1' }), nobody)).toBeNull()
    expect(noted(two ?? EMPTY, event('client_disconnected', { client: 'a' }), nobody)?.line.map((user) => user.client)).toEqual(['b'])
  })

  it('of a silent meter do not hide why the modem is away', () => {
    const lost = { cause: { code: 'closed', since: '', detail: null }, line: [] }
    expect(noted(lost, event('meter_silent', { serial: '304' }), nobody)).toBeNull()
    expect(noted(lost, event('meter_answering'), nobody)).toBeNull()
    const silent = noted(EMPTY, event('meter_silent', { serial: '304', last_answered: '2026-11-13T00:00:00.000Z' }), nobody)
    expect(silent?.cause).toEqual({ code: 'meter_silent', since: '2026-11-13T00:00:00.000Z', detail: '304' })
  })
})
