/** The tree of groups with its counts, made from the modems themselves, so that it is as live as they are. */

import { computed, ref, shallowRef } from 'vue'

import { get } from '@/api/client'
import { stateOf } from '@/fleet/state'

import { onBatch, rows } from './fleet'
import { recall, remember } from './memory'

export interface GroupNode {
  path: string
  name: string
  depth: number
  modems: number
  lost: number
  hasChildren: boolean
}

/** A cross with a number appears only above this share, or this many, of lost modems. */
const LOST_SHARE = 0.03
const LOST_COUNT = 20

const empty = ref<string[]>([])
const unfolded = ref(new Set(recall<string[]>('groups') ?? []))

interface Tally {
  modems: number
  lost: number
}

/** How many modems each path has, without those below it: a few hundred paths for ten thousand modems. */
const tally = shallowRef<ReadonlyMap<string, Tally>>(new Map())
/** What each modem was counted as. */
const counted = new Map<string, { group: string; isLost: boolean }>()

/** Counts the modems of a batch anew, and no others; most batches move nobody and lose nobody. */
onBatch((changed) => {
  const found = new Map(tally.value)
  const add = ({ group, isLost }: { group: string; isLost: boolean }, step: 1 | -1): void => {
    const { modems, lost } = found.get(group) ?? { modems: 0, lost: 0 }
    if (modems + step === 0) found.delete(group)
    else found.set(group, { modems: modems + step, lost: lost + (isLost ? step : 0) })
  }
  let isOther = false
  for (const id of changed) {
    const data = rows.get(id)?.data
    const before = counted.get(id)
    const now = data && { group: data.group, isLost: stateOf(data) === 'off' }
    if (before?.group === now?.group && before?.isLost === now?.isLost) continue
    isOther = true
    if (before) add(before, -1)
    if (now) add(now, 1)
    if (now) counted.set(id, now)
    else counted.delete(id)
  }
  if (isOther) tally.value = found
})
export const ungrouped = computed(() => tally.value.get('')?.modems ?? 0)
export const total = computed(() => [...tally.value.values()].reduce((sum, each) => sum + each.modems, 0))

/** Reads groups that have no modem yet: they are shown too. */
export async function loadGroups(): Promise<void> {
  const answer = await get<{ items: { path: string }[] }>('groups', { limit: 1000 })
  if (answer.ok) empty.value = answer.value.items.map((each) => each.path)
}

const all = computed<Map<string, GroupNode>>(() => {
  const found = new Map<string, GroupNode>()
  for (const path of empty.value) nodesTo(found, path)
  for (const [path, { modems, lost }] of tally.value) {
    for (const node of nodesTo(found, path)) {
      node.modems += modems
      node.lost += lost
    }
  }
  return found
})

/** The rows of the tree that are unfolded now, in order. */
export const shownGroups = computed<GroupNode[]>(() =>
  [...all.value.values()]
    .filter((node) => ancestors(node.path).every((path) => unfolded.value.has(path)))
    .sort((a, b) => compare(a.path, b.path)),
)
export const groupPaths = computed(() => [...all.value.keys()].sort(compare))

export const isUnfolded = (path: string): boolean => unfolded.value.has(path)
export const showsLost = (node: GroupNode): boolean => node.lost > LOST_COUNT || (node.lost > 0 && node.lost > node.modems * LOST_SHARE)

export function fold(path: string, wanted = !unfolded.value.has(path)): void {
  const next = new Set(unfolded.value)
  if (wanted) next.add(path)
  else next.delete(path)
  unfolded.value = next
  remember('groups', [...next])
}

function nodesTo(found: Map<string, GroupNode>, path: string): GroupNode[] {
  if (path === '') return []
  const parts = path.split('/')
  return parts.map((name, depth) => {
    const here = parts.slice(0, depth + 1).join('/')
    let node = found.get(here)
    if (!node) {
      node = { path: here, name, depth, modems: 0, lost: 0, hasChildren: false }
      found.set(here, node)
    }
    if (depth < parts.length - 1) node.hasChildren = true
    return node
  })
}

function ancestors(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(0, -1).map((_, place) => parts.slice(0, place + 1).join('/'))
}

const order = new Intl.Collator(undefined, { numeric: true })
function compare(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')]
  for (let place = 0; place < Math.min(left.length, right.length); place += 1) {
    const found = order.compare(left[place] ?? '', right[place] ?? '')
    if (found !== 0) return found
  }
  return left.length - right.length
}
