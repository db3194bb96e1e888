/** What the address of the fleet asks for: group, search, filters, order and columns; and the rows that it shows. */

import { computed, onUnmounted, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'

import { readColumns, USUAL_COLUMNS, type ColumnName } from '@/fleet/columns'
import { isField } from '@/fleet/fields'
import { readCondition, searchOf, testOf, writeCondition, type Condition } from '@/fleet/filter'
import { shownRows } from '@/fleet/selection'
import { FleetTable, USUAL_SORT, type Counts, type Picked, type Sort } from '@/fleet/table'
import { loadState, onBatch, rows, type FleetRow } from '@/store/fleet'
import { isNarrow } from '@/store/look'
import { recall, remember } from '@/store/memory'
import { isInScope, scope } from '@/store/scope'
import { searchText } from '@/store/search'

import { useFolds, type Fold } from './useFolds'

export interface FleetView {
  items: ShallowRef<readonly FleetRow[]>
  counts: ShallowRef<Counts>
  waiting: Ref<number>
  /** There is something to show: all rows, or the first of them while the others are on their way. */
  isShown: Ref<boolean>
  left: ShallowRef<ReadonlySet<string>>
  conditions: ComputedRef<Condition[]>
  picked: ComputedRef<Picked | null>
  sort: ComputedRef<Sort>
  columns: ComputedRef<readonly ColumnName[]>
  /** Every row that fits, folded ones too. */
  fitting: () => Iterable<FleetRow>
  arrange: () => void
  setConditions: (conditions: readonly Condition[]) => void
  pick: (picked: Picked | null) => void
  setSort: (sort: Sort) => void
  setColumns: (columns: readonly ColumnName[]) => void
  /** Which condition hides most when nothing fits: how many rows there were without it, and how to drop it. */
  culprit: () => Culprit | null
  dropAll: () => void
  folds: ShallowRef<readonly Fold[]>
  /** Rows could be folded into one; it waits for `arrange`. */
  isFoldDue: Ref<boolean>
  unfold: (id: number) => void
  /** Folds again what was unfolded; null while nothing is. */
  fold: ComputedRef<(() => void) | null>
}

const isSame = (one: Counts, other: Counts): boolean => (Object.keys(other) as (keyof Counts)[]).every((key) => one[key] === other[key])

export interface Culprit {
  what: Condition | 'search' | 'group' | 'picked'
  rows: number
  drop: () => void
}

const FIRST_SIGHT_MS = 5000

/** Parameters of the address that belong to a view of the fleet, and so to a saved one. */
export const OWN = ['group', 'q', 'state', 'f', 'sort', 'cols'] as const

const list = (query: LocationQuery, name: string): string[] => [query[name] ?? []].flat().filter((each): each is string => typeof each === 'string')

export function useFleetView(): FleetView {
  const route = useRoute()
  const router = useRouter()
  const table = new FleetTable<FleetRow>(rows)
  const items = shallowRef<readonly FleetRow[]>([])
  const counts = shallowRef<Counts>(table.counts)
  const left = shallowRef<ReadonlySet<string>>(new Set())
  const waiting = ref(0)
  const isShown = ref(false)
  const folding = useFolds()
  const folds = shallowRef<readonly Fold[]>([])
  const usual = shallowRef(readColumns(recall<string>('columns')))

  // As one text: a change of another part of the address is no other filter.
  const written = computed(() => JSON.stringify(list(route.query, 'f')))
  const conditions = computed(() => (JSON.parse(written.value) as string[]).map(readCondition).filter((each): each is Condition => each !== null))
  const picked = computed(() => (route.query['state'] as Picked | undefined) ?? null)
  const columns = computed(() => {
    const chosen = route.query['cols'] ? readColumns(String(route.query['cols'])) : usual.value
    // On a narrow screen the name says enough; who asked for the IMEI has it.
    return isNarrow.value && chosen === USUAL_COLUMNS ? USUAL_COLUMNS.filter((name) => name !== 'imei') : chosen
  })
  const sorting = computed(() => String(route.query['sort'] ?? ''))
  const sort = computed<Sort>(() => {
    const text = sorting.value
    const field = text.replace(/^-/, '')
    return isField(field) ? { field, isDown: text.startsWith('-') } : USUAL_SORT
  })

  const change = (query: Record<string, string | string[] | undefined>): void => void router.replace({ query: { ...route.query, ...query } })

  function testBut(without: Culprit['what'] | null): (row: FleetRow) => boolean {
    const now = Date.now()
    const group = without === 'group' ? '' : scope.value
    const search = without === 'search' ? null : searchOf(searchText.value)
    const tests: ((row: FleetRow) => boolean)[] = []
    if (group !== '') tests.push((row) => isInScope(row.data.group, group))
    for (const test of conditions.value.filter((each) => each !== without).map(testOf)) tests.push((row) => test(row.data, now))
    if (search !== null) tests.push((row) => search(row.searched))
    const [only = () => true] = tests
    return tests.length <= 1 ? only : (row) => tests.every((test) => test(row))
  }

  function show(): void {
    items.value = shownRows.value = table.items
    tell()
  }

  /** What is the same as before is not told again: it would draw the whole table anew. */
  function tell(): void {
    if (!isSame(counts.value, table.counts)) counts.value = { ...table.counts }
    waiting.value = table.waiting.size
    if (left.value.size !== table.left.size || [...table.left].some((id) => !left.value.has(id))) left.value = new Set(table.left)
    if (table.folded.size > 0 || folds.value.length > 0) folds.value = folding.describe(table.folded)
  }

  const openedAt = performance.now()
  const isFoldDue = ref(false)
  const narrow = (): void => {
    isFoldDue.value = false
    table.narrow(testBut(null), picked.value, folding.foldOf)
    show()
  }
  const arrange = (): void => {
    isFoldDue.value = false
    table.arrange(sort.value)
    show()
  }

  /** Rows that come later are behind the first ones only where the order is that in which the hub tells them. */
  const isBegun = (): boolean => loadState.value === 'begun' && sort.value === USUAL_SORT
  function load(): void {
    const hasBegun = isShown.value
    isShown.value = loadState.value === 'ready' || isBegun()
    if (loadState.value === 'ready' && hasBegun && sort.value === USUAL_SORT) return
    if (isShown.value) arrange()
  }

  narrow()
  load()
  watch(sort, arrange)
  watch([conditions, picked, scope, searchText], narrow)
  // Rows fold under nobody's hand: at the first sight of the view, and by a press; else when the rows are arranged anew.
  watch(folding.revision, () => (performance.now() - openedAt < FIRST_SIGHT_MS || folding.isByHand() ? narrow() : (isFoldDue.value = true)))
  watch(loadState, load, { flush: 'sync' })
  const stop = onBatch((changed) => {
    // Until something is shown a batch is the whole fleet, which is put in order at once.
    if (isShown.value) table.take(changed)
    items.value = table.items
    tell()
  })
  onUnmounted(stop)

  const setConditions = (next: readonly Condition[]): void => change({ f: next.map(writeCondition) })
  const pick = (next: Picked | null): void => change({ state: next ?? undefined })

  function culprit(): Culprit | null {
    const candidates: Culprit[] = [
      ...conditions.value.map((what) => ({ what, rows: table.countWith(testBut(what), picked.value), drop: () => setConditions(conditions.value.filter((each) => each !== what)) })),
      { what: 'search', rows: searchText.value ? table.countWith(testBut('search'), picked.value) : 0, drop: () => (searchText.value = '') },
      { what: 'picked', rows: picked.value ? table.countWith(testBut(null), null) : 0, drop: () => pick(null) },
      { what: 'group', rows: scope.value ? table.countWith(testBut('group'), picked.value) : 0, drop: () => change({ group: undefined }) },
    ]
    return candidates.reduce<Culprit | null>((most, each) => (each.rows > (most?.rows ?? 0) ? each : most), null)
  }

  return {
    fitting: () => table.fitting(),
    folds, isFoldDue, unfold: folding.unfold, fold: computed(() => (folding.isUnfolded.value ? folding.fold : null)),
    items, counts, waiting, isShown, left, conditions, picked, sort, columns, arrange, setConditions, pick, culprit,
    setSort: (next) => change({ sort: next.field === USUAL_SORT.field && !next.isDown ? undefined : `${next.isDown ? '-' : ''}${next.field}` }),
    setColumns: (next) => {
      const text = next.join(',')
      const isUsual = text === USUAL_COLUMNS.join(',')
      usual.value = next
      remember('columns', isUsual ? null : text)
      change({ cols: isUsual ? undefined : text })
    },
    dropAll: () => {
      searchText.value = ''
      change({ f: undefined, state: undefined, q: undefined })
    },
  }
}
