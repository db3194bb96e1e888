/** What an entry of the audit says, in words: the action, and what was before and after. */

import type { AuditEntry } from '@/api/audit'
import { t } from '@/i18n'

/** An action that has no words is shown by its own name. */
export function actionText(action: string): string {
  const key = `audit.action.${action}`
  const known = /^\w+$/.test(action) ? t(key) : key
  return known === key ? action : known
}

export interface Change {
  name: string
  before: string
  after: string
}

/** Every field that was set, changed or removed; a nested value is written as JSON. */
export function changesOf({ before, after }: Pick<AuditEntry, 'before' | 'after'>): Change[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return names.map((name) => ({ name, before: written(before?.[name]), after: written(after?.[name]) })).filter((each) => each.before !== each.after)
}

/** What it was done to, besides a modem. */
export const objectText = (object: Record<string, unknown>): string => Object.entries(object).map(([name, value]) => `${name}: ${written(value)}`).join(', ')

function written(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
