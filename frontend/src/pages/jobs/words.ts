/** What a job does and how it stands, in words; which shape stands for a status; what may be done in it. */

import type { ItemStatus, Job, JobAction, JobStatus } from '@/api/jobs'
import { t, tn } from '@/i18n'
import { formatNumber } from '@/i18n/format'
import { language } from '@/store/look'

/** Shape and colour of a status, of those in `Sprite.vue`. */
export const SHAPE: Readonly<Record<JobStatus | ItemStatus, string>> = {
  awaiting_approval: 'wait',
  running: 'on',
  paused: 'standby',
  stopped: 'off',
  cancelling: 'stale',
  done: 'done',
  cancelled: 'window',
  pending: 'window',
  failed: 'off',
  expired: 'stale',
}

export const ACTIONS: Readonly<Record<JobStatus, readonly JobAction[]>> = {
  awaiting_approval: ['approve', 'cancel'],
  running: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  stopped: ['resume', 'cancel'],
  cancelling: [],
  done: ['retry'],
  cancelled: ['retry'],
}

/** Names the modems that a retry would take. */
export const FAILED: readonly ItemStatus[] = ['failed', 'expired', 'cancelled']

/** `Команда: уровень сигнала`; kinds that nobody has named yet by their own name. */
export function whatOf({ kind, args }: Pick<Job, 'kind' | 'args'>): string {
  const name = known(`jobs.kind.${kind}`, kind)
  const command = args['command']
  return typeof command === 'string' ? `${name}: ${known(`fleet.command.names.${command}`, command)}` : name
}

/** For whom: so many chosen modems, a group, or a filter as it was written. */
export function whomOf({ target, total }: Pick<Job, 'target' | 'total'>): string {
  if (typeof target['group'] === 'string') return t('jobs.group', { group: target['group'] })
  if (typeof target['filter'] === 'string') return t('jobs.filter', { filter: target['filter'] })
  return tn('jobs.modems', total)
}

/** Texts of the hub about one modem of a job that have words of their own here; others are shown as they came. */
const ERRORS: Readonly<Record<string, string>> = {
  'the modem was deleted': 'deleted',
  'it was cancelled': 'cancelled',
  'the job was cancelled': 'cancelled',
  'the number of its SIM card is not known': 'no_number',
  'the modem was busy until the command\'s time was over': 'busy',
  'the modem disconnected before the command was sent': 'gone_before',
  'the modem disconnected before it answered': 'gone',
  'the modem works without encapsulation and takes no commands': 'raw',
  'the modem did not come before the command expired': 'absent',
  'the relay did not tell how the command ended': 'untold',
}
const SILENT = /^the modem did not answer within (\d+) s$/

export function errorOf(error: string | null): string {
  if (error === null) return ''
  const [, seconds] = SILENT.exec(error) ?? []
  if (seconds) return t('jobs.error.silent', { n: seconds })
  const key = ERRORS[error]
  return key === undefined ? error : t(`jobs.error.${key}`)
}

/** What a modem answered, in words and figures as people read them. */
export function resultOf(result: Record<string, unknown> | null): string {
  return Object.entries(result ?? {}).map(([name, value]) => `${known(`modem.result.${name}`, name)}: ${shown(value)}`).join('; ')
}

function shown(value: unknown): string {
  if (typeof value === 'number') return formatNumber(value, language.value, Number.isInteger(value) ? 0 : 1)
  if (value === null) return '–'
  return typeof value === 'object' ? Object.entries(value).map(([name, each]) => `${name} ${shown(each)}`).join(', ') : String(value)
}

function known(key: string, otherwise: string): string {
  const text = t(key)
  return text === key ? otherwise : text
}
