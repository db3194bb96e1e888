/** The two catalogues say the same, in the right forms, and nothing is said past them. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'
import { NodeTypes, type TemplateChildNode } from '@vue/compiler-core'
import { parse } from 'vue/compiler-sfc'
import { createI18n } from 'vue-i18n'

import { catalogue as english } from '@/i18n/en'
import { gathered } from '@/i18n/gather'
import { catalogue as russian } from '@/i18n/ru'

const SRC = join(import.meta.dirname, '../src')
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(vue|ts)$/.test(path) && !path.startsWith('i18n/'))
const sources = new Map(files.map((path) => [path, readFileSync(join(SRC, path), 'utf8')]))
/** Names that are the same in both languages, and figures' units of the wire. */
const PROPER = /\b(irzhub|IMEI|ICCID|SMS|CSV|XLSX|PDF|YAML|JSON|CSQ|IRZ|Hex|MQTT|TOTP|REST|API|pcapng|dBm|GPS|PIN|HTTP|TLS)\b/g
const SAID = ['title', 'placeholder', 'aria-label', 'alt', 'label']

function flat(words: object, prefix = ''): Map<string, string> {
  return new Map(Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value] as const] : [...flat(value as object, `${prefix}${key}.`)])))
}

const ru = flat(russian)
const en = flat(english)
const forms = (text: string): string[] => text.split(/\s\|\s/)
const places = (text: string): string[] => [...new Set(text.match(/\{[\w.]+\}/g) ?? [])].sort()

function canSay(say: () => string): boolean {
  try {
    say()
    return true
  } catch {
    return false
  }
}

describe('files of words', () => {
  it('stand under the name of their area, those of a folder under its name and theirs', () => {
    const files = { './ru/map.json': { title: 'a' }, './ru/modem.json': { nav: 'b', tabs: { state: 'c' } }, './ru/modem/tabs.json': { log: 'd' }, './ru/modem/card.json': { name: 'e' } }
    expect(gathered(files)).toEqual({ map: { title: 'a' }, modem: { nav: 'b', tabs: { state: 'c', log: 'd' }, card: { name: 'e' } } })
  })

  it('say nothing twice', () => {
    expect(() => gathered({ './en/modem.json': { tabs: { log: 'a' } }, './en/modem/tabs.json': { log: 'b' } })).toThrow('modem.tabs.log')
  })
})

describe('the catalogues', () => {
  it('have the same keys in both languages', () => {
    expect([...ru.keys()].sort()).toEqual([...en.keys()].sort())
  })

  it('fill the same places in both languages', () => {
    const differ = [...ru].filter(([key, text]) => String(places(text)) !== String(places(en.get(key) ?? ''))).map(([key]) => key)
    expect(differ).toEqual([])
  })

  it('can be said: no sign in them means something else than itself', () => {
    const told = createI18n({ legacy: false, locale: 'ru', messages: { ru: russian, en: english } as Record<'ru' | 'en', never>, missingWarn: false })
    const say = (told.global as unknown as { t: (key: string, values: object, options: { locale: string }) => string }).t
    // What the hub itself says in English is looked up as it is, not told.
    const keys = [...ru.keys()].filter((key) => !key.startsWith('settings.expectedText.'))
    const wrong = keys.filter((key) => ['ru', 'en'].some((locale) => !canSay(() => say(key, {}, { locale }))))
    expect(wrong).toEqual([])
  })

  it('say nothing empty', () => {
    expect([...ru, ...en].filter(([, text]) => text.trim() === '').map(([key]) => key)).toEqual([])
  })

  it('have three forms of a Russian plural and two of an English one', () => {
    const wrong = [...ru.keys()].filter((key) => {
      const [left, right] = [forms(ru.get(key) ?? '').length, forms(en.get(key) ?? '').length]
      return (left !== 1 && left !== 3) || (right !== 1 && right !== 2) || (left === 1) !== (right === 1)
    })
    expect(wrong).toEqual([])
  })

  it('are Russian where they are Russian, with words that are not left in English', () => {
    const wrong = [...ru].filter(([key, text]) => text === en.get(key) && /[a-z]{4,}/.test(text.replace(PROPER, '').replace(/\{\w+\}/g, '')) && !/^(operator|shell\.otherLanguage)/.test(key))
    expect(wrong).toEqual([])
    expect([...en].filter(([key, text]) => /[а-яё]/i.test(text) && key !== 'shell.otherLanguage')).toEqual([])
  })

  it('write no exclamation marks and no em dashes', () => {
    expect([...ru, ...en].filter(([, text]) => /[!—]/.test(text)).map(([key]) => key)).toEqual([])
  })
})

describe('the page', () => {
  it('uses no key that is not there', () => {
    const missing: string[] = []
    for (const [path, source] of sources) {
      for (const [, key = ''] of source.matchAll(/\b(?:t|tn|word)\(\s*'([\w.]+)'/g)) if (!ru.has(key)) missing.push(`${path}: ${key}`)
      for (const [, prefix = ''] of source.matchAll(/\b(?:t|tn|word)\(\s*`([\w.]+\.)\$\{/g)) {
        if (![...ru.keys()].some((key) => key.startsWith(prefix))) missing.push(`${path}: ${prefix}*`)
      }
      for (const [, key = ''] of source.matchAll(/\bsays: '([\w.]+)'/g)) if (!ru.has(key)) missing.push(`${path}: ${key}`)
    }
    expect(missing).toEqual([])
  })

  it('counts with plural forms where it gives a number for them', () => {
    const wrong: string[] = []
    for (const [path, source] of sources) {
      for (const [, key = ''] of source.matchAll(/\btn\(\s*'([\w.]+)'/g)) if (forms(ru.get(key) ?? '').length === 1) wrong.push(`${path}: ${key}`)
    }
    expect(wrong).toEqual([])
  })

  it('has every view named in the navigation', () => {
    const areas = files.filter((path) => /^pages\/\w+\/view\.ts$/.test(path)).map((path) => path.split('/')[1] ?? '')
    expect(areas.filter((area) => !ru.has(`${area}.nav`))).toEqual([])
  })

  it('says nothing past the catalogues', () => {
    const bare: string[] = []
    for (const [path, source] of sources) {
      if (path.endsWith('.vue')) for (const text of bareOf(source)) bare.push(`${path}: ${text}`)
      const code = source.replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|(^|\s)\/\/.*$/gm, '')
      for (const [text] of code.matchAll(/[а-яё]+/gi)) bare.push(`${path}: ${text}`)
    }
    expect(bare).toEqual([])
  })
})

function bareOf(source: string): string[] {
  const root = parse(source).descriptor.template?.ast
  const found: string[] = []
  const see = (text: string): void => {
    if (/\p{L}{2,}/u.test(text.replace(PROPER, ''))) found.push(text.trim())
  }
  const walk = (node: TemplateChildNode): void => {
    if (node.type === NodeTypes.TEXT) see(node.content)
    if (node.type !== NodeTypes.ELEMENT || ['kbd', 'code', 'style'].includes(node.tag)) return
    for (const prop of node.props) if (prop.type === NodeTypes.ATTRIBUTE && SAID.includes(prop.name) && prop.value) see(prop.value.content)
    node.children.forEach(walk)
  }
  root?.children.forEach(walk)
  return found
}
