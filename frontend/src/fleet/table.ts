/**
 * Which rows are shown, and in which order. Nothing moves under the hand: a row keeps its place while it changes, one that
 * no longer fits stays until `arrange`, new ones wait for it. The counts are live. A batch looks at its own rows alone.
 */

import type { FleetModem } from '@/api/fleet'

import { sortValue, type FieldName } from './fields'
import { isAlarmed, STATE_WORDS, stateOf, type StateWord } from './state'

export interface TableRow {
  readonly id: string
  data: FleetModem
}

export interface Sort {
  field: FieldName
  isDown: boolean
}

/** A figure above the table; `alarm` is counted apart from the others. */
export type Picked = StateWord | 'alarm'
export type Counts = Record<Picked | 'total', number>
export type RowTest<R> = (row: R) => boolean

export const USUAL_SORT: Sort = { field: 'address', isDown: false }

const UNCOUNTED = -1

export class FleetTable<R extends TableRow> {
  /** The shown rows in order; another array whenever they are arranged. */
  items: readonly R[] = []
  counts: Counts = noCounts()
  /** Ids of rows that fit and are not shown yet. */
  readonly waiting = new Set<string>()
  /** Ids of shown rows that fit no more, or are gone. */
  readonly left = new Set<string>()

  /** How many rows that fit stand behind each fold, instead of being shown. */
  folded: ReadonlyMap<number, number> = new Map()

  private foldOf: (row: R) => number | null = () => null
  private inFolds = new Map<string, number>()
  /** All rows in order, but for those that came since they were arranged. */
  private all: Slot<R>[] = []
  private slots = new Map<string, Slot<R>>()
  private fits: RowTest<R> = () => true
  private picked: Picked | null = null
  private sort: Sort = USUAL_SORT

  constructor(private readonly rows: ReadonlyMap<string, R>) {}

  /** Takes all rows anew, puts them in order and shows those that fit. */
  arrange(sort: Sort = this.sort): void {
    this.sort = sort
    this.all = ordered([...this.rows.values()], sort).map((row) => new Slot(row))
    this.slots = new Map(this.all.map((slot) => [slot.row.id, slot]))
    this.narrow(this.fits, this.picked)
  }

  /**
   * Shows the rows that fit another filter, in the present order; `foldOf` names the fold that stands for a row. This happens
   * with each typed letter: a row costs a test and two numbers, and where all is as before the array is the same one.
   */
  narrow(fits: RowTest<R>, picked: Picked | null, foldOf: (row: R) => number | null = this.foldOf): void {
    this.foldOf = foldOf
    this.inFolds.clear()
    this.fits = fits
    this.picked = picked
    this.counts = noCounts()
    this.waiting.clear()
    this.left.clear()
    for (const slot of this.slots.values()) slot.told = UNCOUNTED
    const items: R[] = []
    for (const slot of this.all) {
      const { row } = slot
      slot.isShown = false
      if (this.rows.get(row.id) !== row || !fits(row)) continue
      this.count(slot)
      if (!this.isPicked(row) || this.isFolded(row)) continue
      slot.isShown = true
      items.push(row)
    }
    if (!isEqual(items, this.items)) this.items = items
    // Rows that came since the last arranging are not in the order yet.
    if (this.all.length !== this.rows.size) for (const row of this.rows.values()) if (!this.slots.get(row.id)?.isShown) this.place(row)
    this.tallyFolds()
  }

  /** Looks at the rows of a batch. */
  take(changed: ReadonlySet<string>): void {
    for (const id of changed) {
      const slot = this.slots.get(id)
      if (slot) this.uncount(slot)
      const row = this.rows.get(id)
      if (row) this.place(row)
      else this.lose(id)
    }
    if (this.waiting.size > 0) this.append()
    this.tallyFolds()
  }

  /** Gives every row that fits, folded ones too. */
  *fitting(): Generator<R> {
    for (const { row, told } of this.slots.values()) if (told !== UNCOUNTED && this.isPicked(row)) yield row
  }

  /** Says how many rows each filter would show if it were dropped. */
  countWith(fits: RowTest<R>, picked: Picked | null): number {
    let found = 0
    for (const row of this.rows.values()) if (fits(row) && isOf(row, picked)) found += 1
    return found
  }

  /** Shows the waiting rows that stand behind all others: nothing moves for them. */
  private append(): void {
    const last = this.items.at(-1)
    const behind: R[] = []
    for (const id of this.waiting) {
      const row = this.rows.get(id)
      if (row && (!last || isBefore(last, row, this.sort))) behind.push(row)
    }
    if (behind.length === 0) return
    const added: Slot<R>[] = []
    for (const row of ordered(behind, this.sort)) {
      const slot = this.slotOf(row)
      slot.isShown = true
      this.waiting.delete(row.id)
      added.push(slot)
    }
    const isAdded = new Set(added)
    this.items = [...this.items, ...added.map((slot) => slot.row)]
    this.all = [...this.all.filter((slot) => !isAdded.has(slot)), ...added]
  }

  /** Counts a row that fits, and says where it belongs: shown, pale, waiting, or in a fold. */
  private place(row: R): void {
    this.inFolds.delete(row.id)
    const slot = this.slotOf(row)
    const isFit = this.fits(row)
    if (isFit) this.count(slot)
    // A row that is shown stays where it is, though others of its kind are folded.
    const isWanted = isFit && this.isPicked(row) && (slot.isShown || !this.isFolded(row))
    if (!slot.isShown) {
      if (isWanted) this.waiting.add(row.id)
      else this.waiting.delete(row.id)
    } else if (isWanted) this.left.delete(row.id)
    else this.left.add(row.id)
  }

  /** Returns what is known of a row here; one that came again under its id stands where it stood. */
  private slotOf(row: R): Slot<R> {
    const known = this.slots.get(row.id)
    if (known?.row === row) return known
    const slot = new Slot(row)
    slot.isShown = known?.isShown ?? false
    this.slots.set(row.id, slot)
    return slot
  }

  private isFolded(row: R): boolean {
    const fold = this.foldOf(row)
    if (fold === null) return false
    this.inFolds.set(row.id, fold)
    return true
  }

  private tallyFolds(): void {
    const found = new Map<number, number>()
    for (const fold of this.inFolds.values()) found.set(fold, (found.get(fold) ?? 0) + 1)
    this.folded = found
  }

  private lose(id: string): void {
    this.waiting.delete(id)
    this.inFolds.delete(id)
    if (this.slots.get(id)?.isShown) this.left.add(id)
  }

  private isPicked(row: R): boolean {
    return this.picked === null || isOf(row, this.picked)
  }

  private count(slot: Slot<R>): void {
    this.uncount(slot)
    slot.told = PLACE[stateOf(slot.row.data)] + (isAlarmed(slot.row.data) ? ALARM : 0)
    this.add(slot.told, 1)
  }

  private uncount(slot: Slot<R>): void {
    if (slot.told === UNCOUNTED) return
    this.add(slot.told, -1)
    slot.told = UNCOUNTED
  }

  private add(told: number, step: 1 | -1): void {
    const word = STATE_WORDS[told % ALARM]
    this.counts.total += step
    if (word) this.counts[word] += step
    if (told >= ALARM) this.counts.alarm += step
  }
}

/** What the table knows of one row. */
class Slot<R extends TableRow> {
  isShown = false
  /** What it was counted as: place of its word, plus `ALARM`. */
  told = UNCOUNTED

  constructor(readonly row: R) {}
}

const ALARM = 16
const PLACE = Object.fromEntries(STATE_WORDS.map((word, place) => [word, place])) as Record<StateWord, number>

function isOf(row: TableRow, picked: Picked | null): boolean {
  if (picked === null) return true
  return picked === 'alarm' ? isAlarmed(row.data) : stateOf(row.data) === picked
}

function noCounts(): Counts {
  return { total: 0, on: 0, off: 0, stale: 0, standby: 0, window: 0, wait: 0, alarm: 0 }
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

interface Keyed {
  key: string | number | null
  port: number
}

const keyOf = (row: TableRow, sort: Sort): Keyed => ({ key: sortValue(sort.field, row.data), port: row.data.port ?? -1 })

/** Equals stand by their port. What has no port yet waits for somebody and is first, other unknowns are last. */
function compare(a: Keyed, b: Keyed, sort: Sort): number {
  if (a.key === null || b.key === null) {
    const unknown = sort.field === 'address' ? -1 : 1
    return a.key === b.key ? a.port - b.port : a.key === null ? unknown : -unknown
  }
  const found = typeof a.key === 'number' && typeof b.key === 'number' ? a.key - b.key : collator.compare(String(a.key), String(b.key))
  return found === 0 ? a.port - b.port : sort.isDown ? -found : found
}

const isEqual = <T>(one: readonly T[], other: readonly T[]): boolean => one.length === other.length && one.every((each, place) => each === other[place])
const isBefore = (one: TableRow, other: TableRow, sort: Sort): boolean => compare(keyOf(one, sort), keyOf(other, sort), sort) < 0

/** Puts rows in order. */
export function ordered<R extends TableRow>(rows: R[], sort: Sort): R[] {
  return rows
    .map((row) => ({ row, ...keyOf(row, sort) }))
    .sort((a, b) => compare(a, b, sort))
    .map((each) => each.row)
}
