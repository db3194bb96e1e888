/** Automations in words: what sets them off, how runs ended, where in a rule a step stands. */

import type { Automation, RunResult, TraceStep } from '@/api/automations'
import { t } from '@/i18n'

export const SHAPE: Readonly<Record<RunResult, string>> = {
  running: 'on',
  done: 'done',
  stopped: 'done',
  failed: 'off',
  conditions: 'window',
  skipped: 'window',
  broken: 'alarm',
  cancelled: 'standby',
}

/** Results after which somebody should look. */
export const BAD: readonly RunResult[] = ['failed', 'broken']

export function known(key: string, otherwise: string): string {
  const text = t(key)
  return text === key ? otherwise : text
}

export const triggerName = (name: string): string => known(`automations.trigger.${name}`, name)
export const triggersOf = (rule: Pick<Automation, 'triggers'>): string => [...new Set(rule.triggers)].map(triggerName).join(', ')

/** Rules that notification settings make are named by what they tell, and after how long. */
export function nameOf(rule: Pick<Automation, 'id' | 'name' | 'source'>): string {
  if (rule.source !== 'notifications') return rule.name || rule.id
  const [, kind = '', delay = '0'] = rule.id.split('/')
  return t('automations.made', { what: known(`automations.madeOf.${kind}`, kind), delay: shortDuration(Number(delay)) })
}

/** `10 мин`, `1 ч 30 мин`, `5 с`. */
export function shortDuration(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), t('automations.day')],
    [Math.floor(seconds / 3600) % 24, t('automations.hour')],
    [Math.floor(seconds / 60) % 60, t('automations.minute')],
    [Math.floor(seconds) % 60, t('automations.second')],
  ]
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}\u00a0${unit}`)
  return said.length > 0 ? said.join(' ') : `0\u00a0${t('automations.second')}`
}

/** `actions[0].options[1].conditions[0]` as `Действие 1, вариант 2, условие 1`. */
export function placeOf(path: string): string {
  const parts = [...path.matchAll(/([a-z_]+)(?:\[(\d+)\])?/g)].map(([, name = '', index]) => known(`automations.place.${name}`, name) + (index === undefined ? '' : `\u00a0${Number(index) + 1}`))
  return parts.join(', ') || t('automations.place.rule')
}

/** How a step ended: shape and words. */
export function stepOf(step: TraceStep): { shape: string; word: string } {
  const result = step.result
  if (result === true) return { shape: 'done', word: t('automations.step.holds') }
  if (result === false) return { shape: 'window', word: t('automations.step.holdsNot') }
  if (result === null || result === undefined) return { shape: 'window', word: t('automations.step.passed') }
  const key = result.replace(/ /g, '_')
  const isBad = ['failed', 'error', 'not_told', 'template_failed', 'timeout', 'rejected'].includes(key)
  return { shape: isBad ? 'off' : key === 'wait' || key === 'delay' ? 'standby' : 'done', word: known(`automations.step.${key}`, result) }
}

/** What else a step tells, beside its text and error. */
export function moreOf(step: TraceStep): string {
  return Object.entries(step)
    .filter(([name, value]) => !['path', 'result', 'text', 'error', 'error_said'].includes(name) && value !== null && value !== '')
    .map(([name, value]) => `${known(`automations.more.${name}`, name)}: ${name === 'seconds' ? shortDuration(Number(value)) : typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ')
}
