/** What the settings make of keys, and which places of a template people fill in. */

import { describe, expect, it } from 'vitest'

import { openPlaces } from '@/pages/fleet/settingsPlaces'
import { yamlOf } from '@/pages/settings/yaml'

describe('a key of the hub as YAML', () => {
  it('stands under its sections', () => {
    expect(yamlOf('relay.modems.keepalive_timeout', '130s', false)).toBe('relay:\n  modems:\n    keepalive_timeout: "130s"')
    expect(yamlOf('web.port', 8080, false)).toBe('web:\n  port: 8080')
  })

  it('quotes what would be read as something else', () => {
    const said = (value: unknown): string => yamlOf('x', value, false)
    expect([said('0.0.0.0'), said('true'), said('on_start'), said('a: b'), said('Europe/Moscow'), said(''), said('007')]).toEqual(['x: "0.0.0.0"', 'x: "true"', 'x: on_start', 'x: "a: b"', 'x: Europe/Moscow', 'x: ""', 'x: "007"'])
    expect([said(null), said(true), said(1.5)]).toEqual(['x: null', 'x: true', 'x: 1.5'])
  })

  it('writes lists and mappings on one line', () => {
    expect(yamlOf('relay.polling.pools', [{ host: '0.0.0.0', first: 20000, last: 32700 }], false)).toBe('relay:\n  polling:\n    pools: [{host: "0.0.0.0", first: 20000, last: 32700}]')
  })

  it('never holds a secret', () => {
    expect(yamlOf('mqtt.password', null, true)).toBe('mqtt:\n  password: !secret mqtt_password')
  })
})

describe('a template for many modems', () => {
  it('asks for what no modem has of its own, and for secrets apart', () => {
    expect(openPlaces({ placeholders: ['imei', 'server', 'apn_password', 'port'], secrets: ['apn_password'] })).toEqual(['server'])
  })
})
