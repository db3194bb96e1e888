/** What a person did, in words: the operations of REST that are about a modem. */

import { t } from '@/i18n'

/** Returns the words for an operation, else its own name. */
export function auditText(action: string): string {
  const key = `modem.audit.${action}`
  const said = t(key)
  return said === key ? action : said
}
