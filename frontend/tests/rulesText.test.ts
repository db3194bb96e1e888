/** Rules that a form makes are YAML as the hub reads it. */

import { describe, expect, it } from 'vitest'

import type { Blueprint } from '@/api/automations'
import { ruleOf } from '@/pages/automations/commonCases'
import { asWritten, isFilled } from '@/pages/automations/openPlaces'
import { freeId, ruleText, withRule } from '@/pages/automations/rulesText'

const ANSWERS = { id: 'lost_1', kind: 'lost', alias: 'Нет связи', group: 'Север', modem: null, minutes: 10, input: 1, bound: 0, part: '', target: 'duty', severity: 'warning', text: 'нет связи', overText: '' } as const

describe('a rule made by the form', () => {
  it('tells that a modem of a group is away', () => {
    expect(ruleText(ruleOf(ANSWERS))).toBe(
      '- id: lost_1\n  alias: "Нет связи"\n  triggers:\n    - {trigger: disconnected, group: "Север", for: "10m"}\n  actions:\n    - {action: notify, target: duty, severity: warning, text: "нет связи"}\n',
    )
  })

  it('tells that it is over, in lines that people can read', () => {
    expect(ruleText(ruleOf({ ...ANSWERS, overText: 'на связи' }))).toContain(
      '    - action: choose\n      options:\n        - conditions:\n            - {condition: trigger, id: began}\n          actions:\n            - {action: notify, target: duty, severity: warning, text: "нет связи"}\n      default:\n        - {action: notify,',
    )
  })

  it('has an id that nobody has, and stands behind the others', () => {
    expect(freeId('lost', ['lost_1', 'lost_2'])).toBe('lost_3')
    expect(withRule('[]\n', '- id: a\n')).toBe('- id: a\n')
    expect(withRule('- id: a\n\n\n', '- id: b\n')).toBe('- id: a\n\n- id: b\n')
  })
})

describe('the open places of a blueprint', () => {
  const blueprint = { path: 'input.yaml', inputs: { modem: {}, for: { default: '5s' }, target: { default: 'duty' } } } as unknown as Blueprint

  it('need a value, and a recipient of this hub whatever is usual', () => {
    expect(isFilled(blueprint, { modem: '868441036775234', target: 'anna' })).toBe(true)
    expect(isFilled(blueprint, { modem: '868441036775234' })).toBe(false)
    expect(isFilled(blueprint, { target: 'anna' })).toBe(false)
  })

  it('become figures where they are short ones', () => {
    expect(asWritten({ modem: ' 868441036775234', input: '1', what: 'дверь', for: ' ' })).toEqual({ modem: '868441036775234', input: 1, what: 'дверь' })
  })
})
