/** Everybody whom a message can be sent to by name: contacts, teams, duty rosters, ladders. */

import { get } from './client'
import type { Result } from './problem'

export type RecipientKind = 'contacts' | 'teams' | 'rosters' | 'ladders'

export interface Recipient {
  kind: RecipientKind
  name: string
  title: string
}

const KINDS: readonly RecipientKind[] = ['rosters', 'teams', 'contacts', 'ladders']

export async function readRecipients(): Promise<Result<Recipient[]>> {
  const found: Recipient[] = []
  for (const kind of KINDS) {
    const answer: Result<{ items: { name: string; title?: string }[] }> = await get(kind, { limit: 1000 })
    if (!answer.ok) return answer
    found.push(...answer.value.items.map(({ name, title }) => ({ kind, name, title: title ?? '' })))
  }
  return { ok: true, value: found, etag: null }
}
