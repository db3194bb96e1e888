/** The rules that most hubs want, made from a few answers. */

import type { NewRule } from './rulesText'

export const CASES = ['lost', 'input', 'meter', 'missed', 'signal', 'temperature', 'hub'] as const
export type Case = (typeof CASES)[number]
export const HUB_PARTS = ['broker_lost', 'database_lost', 'uplink_lost', 'disk_lost', 'certificate_lost', 'gsm_modem_lost', 'smtp_lost'] as const

export interface Answers {
  kind: Case
  id: string
  alias: string
  /** Which modems; both empty: all. */
  group: string
  modem: string | null
  /** Minutes that it must last. */
  minutes: number
  input: number
  bound: number
  part: string
  target: string
  severity: 'info' | 'warning' | 'alarm'
  text: string
  /** Also tells that it is over; empty: does not. */
  overText: string
}

/** What is asked beside the kind: others have no meaning for it. */
export const ASKS: Readonly<Record<Case, { where: boolean; input?: boolean; bound?: [number, number]; part?: boolean; over: boolean; minutes: number }>> = {
  lost: { where: true, over: true, minutes: 10 },
  input: { where: true, input: true, over: true, minutes: 0 },
  meter: { where: true, over: true, minutes: 60 },
  missed: { where: true, over: true, minutes: 0 },
  signal: { where: true, bound: [0, 31], over: false, minutes: 15 },
  temperature: { where: true, bound: [-60, 150], over: false, minutes: 5 },
  hub: { where: false, part: true, over: true, minutes: 1 },
}
export const USUAL_BOUND: Readonly<Partial<Record<Case, number>>> = { signal: 8, temperature: 60 }

type Keys = Record<string, string | number | undefined>

/** Returns the rule that does what was answered. */
export function ruleOf(answers: Answers): NewRule {
  const where: Keys = ASKS[answers.kind].where ? { modem: answers.modem ?? undefined, group: answers.modem === null && answers.group !== '' ? answers.group : undefined } : {}
  const lasts: Keys = { for: answers.minutes > 0 ? durationOf(answers.minutes) : undefined }
  const [begins, ends] = triggersOf(answers)
  const tell = { action: 'notify', target: answers.target, severity: answers.severity, text: answers.text }
  const head = { id: answers.id, alias: answers.alias }
  if (answers.overText === '' || ends === null) return { ...head, triggers: [{ ...begins, ...where, ...lasts }], actions: [tell] }
  const over = { action: 'notify', target: answers.target, severity: 'info', closes: true, text: answers.overText }
  return {
    ...head,
    triggers: [{ id: 'began', ...begins, ...where, ...lasts }, { id: 'over', ...ends, ...where }],
    actions: [{ action: 'choose', options: [{ conditions: [{ condition: 'trigger', id: 'began' }], actions: [tell] }], default: [over] }],
  }
}

function triggersOf(answers: Answers): [Keys, Keys | null] {
  switch (answers.kind) {
    case 'lost':
      return [{ trigger: 'disconnected' }, { trigger: 'connected' }]
    case 'input':
      return [{ trigger: 'gpi', input: answers.input, to: 'alarm' }, { trigger: 'gpi', input: answers.input, to: 'normal' }]
    case 'meter':
      return [{ trigger: 'meter', to: 'silent' }, { trigger: 'meter', to: 'answering' }]
    case 'missed':
      return [{ trigger: 'missed_schedule' }, { trigger: 'connected' }]
    case 'signal':
      return [{ trigger: 'signal', below: answers.bound }, null]
    case 'temperature':
      return [{ trigger: 'temperature', above: answers.bound }, null]
    case 'hub':
      return [{ trigger: 'hub', event: answers.part }, { trigger: 'hub', event: answers.part.replace(/_lost$/, '_back') }]
  }
}

function durationOf(minutes: number): string {
  return Number.isInteger(minutes) ? `${minutes}m` : `${Math.round(minutes * 60)}s`
}
