/** Places and owners of modems, for their names. */

import { get, getAll } from './client'
import type { Result } from './problem'

export interface Site {
  id: string
  name: string
  address: string
  contact: string
  phones: string[]
}

export interface Organisation {
  id: string
  name: string
}

export const readSites = (): Promise<Result<Site[]>> => getAll<Site>('sites', { limit: 1000 }, 50_000)
export const readOrganisations = (): Promise<Result<Organisation[]>> => getAll<Organisation>('organisations', { limit: 1000 })

/** What people call the polling programs of an address. */
export interface Program {
  program: string
  name: string
}

export async function readPrograms(): Promise<Result<Program[]>> {
  const answer = await get<{ items: Program[] }>('programs')
  return answer.ok ? { ...answer, value: answer.value.items.filter((each) => each.name) } : answer
}
