/** Times without a link, from the sessions of a modem. */

import type { ModemSession } from '@/api/modem'

export interface Gap {
  from: Date
  to: Date
  /** It lasts still. */
  isOpen: boolean
}

/** A new session that comes so soon after the old one is no loss that anybody would notice. */
const LEAST_MS = 5000

/** Returns the gaps between sessions, in order; sessions may overlap where one replaced another. */
export function gapsOf(sessions: readonly ModemSession[], now: number): Gap[] {
  const times = sessions.map((each) => ({ from: Date.parse(each.opened_at), to: each.closed_at === null ? now : Date.parse(each.closed_at) })).sort((a, b) => a.from - b.from)
  const gaps: Gap[] = []
  let end: number | null = null
  for (const each of times) {
    if (end !== null && each.from - end >= LEAST_MS) gaps.push({ from: new Date(end), to: new Date(each.from), isOpen: false })
    end = Math.max(end ?? each.to, each.to)
  }
  if (end !== null && now - end >= LEAST_MS) gaps.push({ from: new Date(end), to: new Date(now), isOpen: true })
  return gaps
}
