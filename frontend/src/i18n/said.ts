/** What the hub says of a trouble in its own words, in the reader's language. */

import { language } from '.'

/** The same in Russian; null where it is a text of another program, which stays as it is. */
export interface Said {
  code: string
  values: Record<string, string>
  russian: string
}

export const saidIn = (text: string | null | undefined, said: Said | null | undefined): string => (said && language() === 'ru' ? said.russian : (text ?? ''))
