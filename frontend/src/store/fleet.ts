/** Every modem of the page, once. The stream changes single rows; what shows a row follows that row alone. */

import { shallowRef, triggerRef, type ShallowRef } from 'vue'

import { get, part } from '@/api/client'
import type { HubEvent } from '@/api/events'
import { kept, readFleet, type FleetModem } from '@/api/fleet'
import type { Modem } from '@/api/modems'
import type { Problem } from '@/api/problem'
import { readOrganisations, readPrograms, readSites, type Organisation, type Site } from '@/api/sites'

import { onComeback, onEvent, onState } from './feed'
import { noted } from './notes'

/** Four batches a second: more than the eye follows, and no cell changes more often. */
const BATCH_MS = 250

export class FleetRow {
  readonly id: string
  data: FleetModem
  private changes: ShallowRef<number> | null = null
  private text: string | null = null

  constructor(data: FleetModem) {
    this.id = data.modem
    this.data = data
  }

  /** Grows when the row is to be drawn anew: a shown row reads it, and the ten thousand others have none. */
  get tick(): ShallowRef<number> {
    return (this.changes ??= shallowRef(0))
  }

  replace(data: FleetModem): void {
    this.data = data
    this.text = null
    this.touch()
  }

  touch(): void {
    if (this.changes !== null) this.changes.value += 1
  }

  /** All that a search looks in, in small letters. */
  get searched(): string {
    if (this.text === null) {
      const it = this.data
      const site = it.site === null ? undefined : sites.get(it.site)
      const phones = [it.phone_sim1, it.phone_sim2, ...(site?.phones ?? [])].map((phone) => phone?.replace(/\D/g, ''))
      const parts = [it.name, it.modem, it.group, it.comment, it.phone_sim1, it.phone_sim2, it.iccid, it.address, it.model, ...it.serials]
      this.text = [...parts, site?.name, site?.address, site?.contact, ...(site?.phones ?? []), ...phones].filter(Boolean).join('\n').toLowerCase()
    }
    return this.text
  }

  forgetText(): void {
    this.text = null
  }
}

export const rows = new Map<string, FleetRow>()
export const sites = new Map<string, Site>()
export const organisations = shallowRef(new Map<string, Organisation>())
/** Grows with each batch of changes: what counts or orders rows looks at it. */
export const revision = shallowRef(0)
/** `begun`: the first rows are here, in the order of their ports, and the others are on their way. */
export const loadState = shallowRef<'idle' | 'loading' | 'begun' | 'ready' | 'failed'>('idle')
export const loadProblem = shallowRef<Problem | null>(null)

/** Names of polling programs by their address. */
const programs = new Map<string, string>()
const waiting = new Map<string, FleetModem | null>()
/** Modems of which the stream spoke while the whole fleet was being read: it knows better. */
const fresher = new Set<string>()
/** Rows that were shown before the others came: the first batch tells of them too. */
const begun = new Set<string>()
type BatchListener = (changed: ReadonlySet<string>) => void
const listeners = new Set<BatchListener>()
let timer = 0

/** Calls `listener` after each batch with the ids that changed, came or went. */
export function onBatch(listener: BatchListener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

let isReading = false

/** Reads the fleet anew; what is shown stays until it is here. The first time its first rows are shown at once. */
export async function loadFleet(): Promise<void> {
  if (isReading) return
  isReading = true
  if (loadState.value !== 'ready') loadState.value = 'loading'
  fresher.clear()
  const gone = new Set(rows.keys())
  const answer = await readFleet((modems) => {
    for (const modem of modems) {
      gone.delete(modem.modem)
      const told = fresher.has(modem.modem) ? waiting.get(modem.modem) : undefined
      if (told !== null) waiting.set(modem.modem, told ? { ...told, cause: modem.cause, line: modem.line } : modem)
    }
    if (loadState.value === 'loading' && modems.length > 0) begin(modems)
  })
  isReading = false
  if (!answer.ok) {
    loadProblem.value = answer.problem
    if (loadState.value !== 'ready') loadState.value = 'failed'
    return
  }
  loadProblem.value = null
  for (const id of gone) if (!fresher.has(id)) waiting.set(id, null)
  flush()
  loadState.value = 'ready'
}

/** Shows the first modems; what the stream told of others waits until they are here, or they would stand in the wrong place. */
function begin(modems: readonly FleetModem[]): void {
  for (const { modem: id } of modems) {
    const modem = waiting.get(id)
    if (!modem) continue
    waiting.delete(id)
    put(id, modem)
    begun.add(id)
  }
  loadState.value = 'begun'
}

/** Reads the names of places and owners, once they are wanted. */
export async function loadPlaces(): Promise<void> {
  const [foundSites, foundOrganisations, foundPrograms] = await Promise.all([readSites(), readOrganisations(), readPrograms()])
  if (foundPrograms.ok) for (const each of foundPrograms.value) programs.set(each.program, each.name)
  if (foundOrganisations.ok) organisations.value = new Map(foundOrganisations.value.map((each) => [each.id, each]))
  if (!foundSites.ok) return
  for (const site of foundSites.value) sites.set(site.id, site)
  for (const row of rows.values()) {
    if (row.data.site === null) continue
    row.forgetText()
    row.touch()
  }
  triggerRef(revision)
  warm()
}

/** Makes the texts that a search looks in while nobody waits, so that the first typed letter need not. */
function warm(): void {
  const all = rows.values()
  const some = (until: () => boolean): void => {
    for (let next = all.next(); !next.done; next = all.next()) {
      void next.value.searched
      if (until()) return void later(some)
    }
  }
  later(some)
}

/** Calls `work` when the browser is idle; what it is given says when to stop. */
function later(work: (until: () => boolean) => void): void {
  const MOST_MS = 8
  window.setTimeout(() => {
    const end = performance.now() + MOST_MS
    work(() => performance.now() > end)
  }, 16)
}

function put(id: string, modem: FleetModem): void {
  const row = rows.get(id)
  if (row) row.replace(modem)
  else rows.set(id, new FleetRow(modem))
}

function flush(): void {
  timer = 0
  const changed = new Set([...begun, ...waiting.keys()])
  begun.clear()
  for (const [id, modem] of waiting) {
    if (modem === null) rows.delete(id)
    else put(id, modem)
  }
  waiting.clear()
  revision.value += 1
  for (const listener of listeners) listener(changed)
}

function change(id: string, modem: FleetModem | null): void {
  waiting.set(id, modem)
  if (isReading) fresher.add(id)
  if (timer === 0 && loadState.value !== 'loading' && loadState.value !== 'begun') timer = window.setTimeout(() => requestAnimationFrame(flush), BATCH_MS)
}

/** What the row will be after the next batch. */
const latest = (id: string): FleetModem | null => waiting.get(id) ?? rows.get(id)?.data ?? null

function note(event: HubEvent): void {
  if (event.modem === null) return
  const modem = latest(event.modem)
  if (modem === null) {
    if (event.type === 'rejected') void meet(event.modem)
    return
  }
  const notes = noted(modem, event, (address) => programs.get(address) ?? '')
  if (notes) change(event.modem, { ...modem, ...notes })
}

/** Modems that wait for approval have no state of their own in the stream: they are asked for when they are turned away. */
async function meet(id: string): Promise<void> {
  const answer = await get<Modem>(`modems/${part(id)}`)
  if (answer.ok && !rows.has(id)) change(id, kept(answer.value))
}

/** Takes a row away, or another state into it, after one's own action: before the stream tells it. */
export function tellRow(id: string, modem: Modem | null): void {
  change(id, modem === null ? null : kept(modem, latest(id) ?? undefined))
}

onState((message) => change(message.modem, message.data === null ? null : kept(message.data, latest(message.modem) ?? undefined)))
onEvent(note)
onComeback(() => {
  if (loadState.value === 'ready') void loadFleet()
})
