/** The reading summary of a day, and the programs that ask. */

import { get, part, put } from './client'
import type { Result } from './problem'

export const CAUSES = ['no_link', 'meter_silent', 'line_busy', 'link_lost', 'not_asked', 'refused'] as const
export type Cause = (typeof CAUSES)[number]

/** One meter and one program on one day. `hours`: null not asked, false in vain, true answered. */
export interface Reading {
  id: string
  modem: string
  modem_name: string
  group: string
  site: string | null
  address: string
  protocol: string | null
  meter: string | null
  type: string | null
  serial: string | null
  program: string | null
  program_name: string | null
  cause: Cause | null
  asked: number
  answered: number
  silent: number
  lost: number
  away: number
  busy: number
  refused: number
  answer_s: number | null
  longest_s: number | null
  first_asked: string | null
  last_asked: string | null
  last_answered: string | null
  other: string | null
  identity: string | null
  hours: (boolean | null)[]
  last_heard: string | null
}

export interface ReadingTotals {
  group: string | null
  expected: number
  read: number
  causes: Record<Cause, number>
}

export interface Readings {
  day: string
  is_over: boolean
  total: number
  totals: ReadingTotals
  groups: ReadingTotals[]
  items: Reading[]
  next: string | null
}

export interface ReadingsQuery {
  day?: string | null
  group?: string | null
  organisation?: string | null
  program?: string | null
  cause?: Cause | 'read' | 'unread' | null
  limit?: number
  cursor?: string | null
}

/** What is usual of a night: medians of the last `days` with polls, of a group alone and with all below it. */
export interface Usual {
  days: number
  items: { group: string; causes: Record<Cause, number>; below: Record<Cause, number> }[]
}

/** The polling programs of one address on one day; `overlaps`: with whom it shares how many modems in the same hours. */
export interface PollingProgram {
  program: string
  name: string
  comment: string
  modems: number
  asked: number
  answered: number
  first_asked: string | null
  last_asked: string | null
  hours: boolean[]
  overlaps: Record<string, number>
}

export const readUsual = (organisation: string | null): Promise<Result<Usual>> => get<Usual>('reports/readings/usual', { organisation })

export const nameProgram = (program: string, name: string, comment: string): Promise<Result<unknown>> => put(`programs/${part(program)}`, { name, comment })

export const readReadings = (query: ReadingsQuery): Promise<Result<Readings>> => get<Readings>('reports/readings', { ...query })

export async function readPollingPrograms(day: string | null): Promise<Result<PollingProgram[]>> {
  const answer = await get<{ items: PollingProgram[] }>('programs', { day })
  return answer.ok ? { ...answer, value: answer.value.items } : answer
}
