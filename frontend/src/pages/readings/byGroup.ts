/** Totals of the groups below the chosen one, each with all that lies below it. */

import { CAUSES, type ReadingTotals } from '@/api/readings'
import { NO_GROUP } from '@/store/scope'

export interface GroupLine extends ReadingTotals {
  /** What choosing this line makes the scope; null for modems of the chosen group itself. */
  path: string | null
  name: string
}

const empty = (): ReadingTotals => ({ group: null, expected: 0, read: 0, causes: { no_link: 0, meter_silent: 0, line_busy: 0, link_lost: 0, not_asked: 0, refused: 0 } })

export function add(sum: ReadingTotals, each: ReadingTotals): void {
  sum.expected += each.expected
  sum.read += each.read
  for (const cause of CAUSES) sum.causes[cause] += each.causes[cause]
}

/** Sums the totals of exact groups up to the children of `scope`; own modems of `scope` make a line without a path. */
export function linesBelow(groups: readonly ReadingTotals[], scope: string): GroupLine[] {
  const below = scope === '' || scope === NO_GROUP ? '' : `${scope}/`
  const found = new Map<string, GroupLine>()
  for (const each of groups) {
    const group = each.group ?? ''
    const isOwn = group === (scope === NO_GROUP ? '' : scope)
    if (!isOwn && (scope === NO_GROUP || !group.startsWith(below))) continue
    const name = isOwn ? '' : (group.slice(below.length).split('/')[0] ?? '')
    let line = found.get(name)
    if (!line) found.set(name, (line = { ...empty(), path: isOwn ? null : below + name, name }))
    add(line, each)
  }
  return [...found.values()].sort((a, b) => (a.path === null ? 1 : b.path === null ? -1 : a.name.localeCompare(b.name, undefined, { numeric: true })))
}

export function sumOf(lines: readonly ReadingTotals[]): ReadingTotals {
  const sum = empty()
  for (const each of lines) add(sum, each)
  return sum
}
