/** Editing one thing of the hub: only what was changed is sent, nothing that was typed is lost, two editors hear of each other. */

import { computed, reactive, ref, shallowRef, toRaw, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'

import { fieldProblem, type Problem, type Result } from '@/api/problem'

import { useUnsaved } from './unsaved'

type Fields = Record<string, unknown>

export interface Edit<T extends Fields> {
  /** What the form shows and changes. */
  draft: T
  changes: ComputedRef<Partial<T>>
  isDirty: ComputedRef<boolean>
  isBusy: Ref<boolean>
  problem: ShallowRef<Problem | null>
  /** Somebody saved meanwhile: their values of the fields that were changed here too. Saving again overrules them. */
  theirs: ShallowRef<Partial<T> | null>
  errorOf: (field: string) => string | null
  /** Takes what the hub has, keeping what was typed. */
  take: (value: T, etag: string | null) => void
  /** Sends the changes; true when the hub took them. */
  save: () => Promise<boolean>
  reset: () => void
}

/**
 * @param start - what the hub has now, of the fields that can be edited
 * @param send - sends changes with the ETag that was read
 * @param readAgain - reads the thing anew when somebody else was quicker
 */
export function useEdit<T extends Fields>(
  start: T,
  etag: string | null,
  send: (changes: Partial<T>, etag: string | null) => Promise<Result<T>>,
  readAgain: () => Promise<Result<T>>,
): Edit<T> {
  let tag = etag
  const saved = shallowRef<T>(copied(start))
  const draft = reactive(copied(start)) as T
  const isBusy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  const theirs = shallowRef<Partial<T> | null>(null)
  const changes = computed(() => differences(saved.value, draft))
  const isDirty = computed(() => Object.keys(changes.value).length > 0)

  function take(value: T, newTag: string | null): void {
    const mine = changes.value
    tag = newTag
    saved.value = copied(value)
    Object.assign(draft, copied(value), mine)
  }

  async function save(): Promise<boolean> {
    if (isBusy.value) return false
    isBusy.value = true
    const sent = copied(changes.value)
    const answer = await send(sent, tag)
    isBusy.value = false
    problem.value = answer.ok ? null : answer.problem
    if (answer.ok) {
      theirs.value = null
      // What was typed while it was sent stays a change; what was sent is now the hub's.
      for (const name of Object.keys(sent) as (keyof T)[]) if (same(draft[name], sent[name])) draft[name] = copied(answer.value[name])
      saved.value = copied({ ...saved.value, ...pick(answer.value, saved.value) })
      tag = answer.etag
      return true
    }
    if (answer.problem.status === 412) await meet()
    return false
  }

  async function meet(): Promise<void> {
    const mine = Object.keys(changes.value) as (keyof T)[]
    const answer = await readAgain()
    if (!answer.ok) return
    const value = pick(answer.value, saved.value)
    theirs.value = Object.fromEntries(mine.filter((name) => !same(value[name], saved.value[name])).map((name) => [name, value[name]])) as Partial<T>
    take(value, answer.etag)
  }

  function reset(): void {
    Object.assign(draft, copied(saved.value))
    problem.value = null
    theirs.value = null
  }

  watch(changes, () => {
    if (problem.value?.status === 422) problem.value = null
  })
  useUnsaved(isDirty)
  return { draft, changes, isDirty, isBusy, problem, theirs, errorOf: (field) => fieldProblem(problem.value, field), take, save, reset }
}

function pick<T extends Fields>(from: T, like: T): T {
  return Object.fromEntries(Object.keys(like).map((name) => [name, from[name]])) as T
}

function differences<T extends Fields>(before: T, now: T): Partial<T> {
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => !same(value, before[name]))) as Partial<T>
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function copied<V>(value: V): V {
  return value === undefined ? value : (JSON.parse(JSON.stringify(toRaw(value))) as V)
}
