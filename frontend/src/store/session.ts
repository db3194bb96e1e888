/** Who is signed in; when the session ends the page stays as it is, and a dialog lies over it. */

import { computed, shallowRef } from 'vue'

import { onProblem, setCsrf } from '@/api/client'
import { readSession, signOut as endSession, type Session } from '@/api/session'

export type SessionState = 'unknown' | 'out' | 'in' | 'expired' | 'away'

export const session = shallowRef<Session | null>(null)
export const sessionState = shallowRef<SessionState>('unknown')
export const needsSecondFactor = computed(() => session.value?.second_factor?.required === true)

/** Says whether the person has a right, such as `commands.send` (docs/api.md). */
export function may(right: string): boolean {
  return session.value?.rights.includes(right) ?? false
}

export function signedIn(who: Session): void {
  session.value = who
  setCsrf(who.csrf)
  sessionState.value = 'in'
}

/** The page comes with a word on whether the browser sent a session's cookie: without one there is nobody to ask for. */
function hasCookie(): boolean {
  return document.querySelector<HTMLMetaElement>('meta[name=irzhub-session]')?.content !== 'none'
}

/** Asks the hub who this browser is. */
export async function findSession(isFirst = false): Promise<void> {
  if (isFirst && !hasCookie()) {
    sessionState.value = 'out'
    return
  }
  const answer = await readSession()
  if (answer.ok) signedIn(answer.value)
  else sessionState.value = answer.problem.status === 0 ? 'away' : 'out'
}

export async function signOut(): Promise<void> {
  const answer = await endSession()
  if (answer.ok || answer.problem.status === 401) leave()
}

function leave(): void {
  session.value = null
  setCsrf(null)
  sessionState.value = 'out'
}

onProblem((problem) => {
  if (problem.status === 401 && sessionState.value === 'in') sessionState.value = 'expired'
  // Rights may have been taken away, or the session's word is another one: ask again who this is.
  if (problem.status === 403 && sessionState.value === 'in') void findAgain()
})

let isAsking = false
async function findAgain(): Promise<void> {
  if (isAsking) return
  isAsking = true
  const answer = await readSession()
  isAsking = false
  if (answer.ok) signedIn(answer.value)
}
