/** A problem in the reader's words: cause, check, action, and the number of the request. */

import type { Problem } from '@/api/problem'
import { t } from '@/i18n'

export interface Told {
  cause: string
  check: string
  id: string
}

/** Returns the words of the catalogues under `problem.<code>`, else the hub's own. */
export function tell(problem: Problem): Told {
  const key = `problem.${problem.code}`
  const known = t(`${key}.cause`)
  const cause = known === `${key}.cause` ? problem.detail || t('problem.unknown.cause') : known
  const check = known === `${key}.cause` ? t(problem.status >= 500 ? 'problem.internal.check' : 'problem.unknown.check') : t(`${key}.check`)
  return { cause, check, id: problem.id }
}

/** The same on one line, for a toast. */
export function tellShort(problem: Problem): string {
  const { cause, check } = tell(problem)
  return `${cause} ${check}`
}
