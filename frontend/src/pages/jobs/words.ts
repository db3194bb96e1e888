/** What a job does and how it stands, in words; which shape stands for a status; what may be done in it. */

import type { ItemStatus, Job, JobAction, JobStatus } from '@/api/jobs'
import { t, tn } from '@/i18n'

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
}

export function errorOf(error: string | null): string {
  if (error === null) return ''
  const key = ERRORS[error]
  return key === undefined ? error : t(`jobs.error.${key}`)
}

function known(key: string, otherwise: string): string {
  const text = t(key)
  return text === key ? otherwise : text
}
