/** What the settings make of keys, and which places of a template people fill in. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { useLanguage } from '@/i18n'
import { openPlaces } from '@/pages/fleet/settingsPlaces'
import { expectedIn } from '@/pages/settings/expected'
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

describe('what keys take', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8')
  const forms = [...new Set([...page.matchAll(/^\| `[^|]*\|[^|]*\|([^|]+)\|/gm)].map(([, text = '']) => text.trim()))].filter((text) => text !== '')

  it('is said in Russian, every form that the schema has', async () => {
    await useLanguage('ru')
    expect(forms.length).toBeGreaterThan(40)
    const english = forms.filter((text) => / (?:of|from|or|and|with|such|number|list|null) /.test(` ${expectedIn(text)} `.replace(/ null /, ' ')))
    expect(english).toEqual([])
    expect([expectedIn('a whole number from -40 to 125, or null'), expectedIn('accept, refuse or wake'), expectedIn('auto or a duration such as 130s, 10m, 2h or 00:02:10')]).toEqual([
      'целое число от -40 до 125 или null', 'accept, refuse или wake', 'auto или длительность: 130s, 10m, 2h или 00:02:10',
    ])
  })

  it('stays as the schema says it in English', async () => {
    await useLanguage('en')
    expect(forms.filter((text) => expectedIn(text) !== text)).toEqual([])
  })
})
