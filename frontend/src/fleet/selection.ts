/** Which modems are chosen in the fleet, and where the cursor is: both survive filters, scrolling and a look at a modem. */

import { shallowRef } from 'vue'

export const selection = shallowRef<ReadonlySet<string>>(new Set())
export const cursor = shallowRef<string | null>(null)
/** Where the table was scrolled to when the view was left. */
export const scrolledTo = { px: 0 }

/** Chooses or drops modems. */
export function choose(ids: Iterable<string>, isChosen: boolean): void {
  const next = new Set(selection.value)
  for (const id of ids) {
    if (isChosen) next.add(id)
    else next.delete(id)
  }
  selection.value = next
}

export const toggle = (id: string): void => choose([id], !selection.value.has(id))
export const clearSelection = (): void => void (selection.value = new Set())

/** The rows as the fleet showed them last: the neighbours of an opened modem. */
export const shownRows = shallowRef<readonly { id: string }[]>([])

/** Returns the modem before (-1) or behind (1) another one, null at the ends. */
export function neighbourOf(id: string, step: 1 | -1): string | null {
  const place = shownRows.value.findIndex((row) => row.id === id)
  return place < 0 ? null : (shownRows.value[place + step]?.id ?? null)
}
