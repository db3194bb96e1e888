/** The modem of the page: read once, then followed by the live stream; and what happened to it, the newest first. */

import { inject, markRaw, onScopeDispose, provide, shallowReactive, shallowRef, type InjectionKey, type Ref, type ShallowRef } from 'vue'

import type { HubEvent } from '@/api/events'
import { readEvents, readModem, TOLD } from '@/api/modem'
import type { Modem } from '@/api/modems'
import type { Problem } from '@/api/problem'
import { onComeback, onEvent, onState } from '@/store/feed'

const FIRST = 60
const MOST = 200

export interface OneModem {
  id: string
  modem: Modem | null
  problem: Problem | null
  /** It was deleted while it was looked at. */
  isGone: boolean
  events: HubEvent[]
  hasEvents: boolean
  reload: () => Promise<void>
  /** Takes what an own action made of it, before the stream tells it. */
  take: (modem: Modem) => void
  /** Forms of the page with text that is not saved. */
  unsaved: Set<Readonly<Ref<boolean>>>
}

const KEY: InjectionKey<OneModem> = Symbol('modem')

/** Reads and follows a modem for the component and all that is in it. */
export function provideModem(id: string): OneModem {
  const told: ReadonlySet<string> = new Set(TOLD)
  const one = shallowReactive<OneModem>({
    id, modem: null, problem: null, isGone: false, events: [], hasEvents: false,
    async reload() {
      const [found, past] = await Promise.all([readModem(id), readEvents(id, TOLD, FIRST)])
      one.problem = found.ok ? null : found.problem
      if (found.ok) one.modem = found.value
      if (past.ok) one.events = past.value.items
      one.hasEvents = past.ok
    },
    take: (modem) => void (one.modem = modem),
    unsaved: markRaw(new Set<Readonly<Ref<boolean>>>()),
  })
  const stops = [
    onState((message) => {
      if (message.modem !== id) return
      if (message.data === null) one.isGone = true
      else one.modem = message.data
    }),
    onEvent((event) => {
      if (event.modem === id && told.has(event.type) && one.events[0]?.id !== event.id) one.events = [event, ...one.events].slice(0, MOST)
    }),
    onComeback(() => void one.reload()),
  ]
  onScopeDispose(() => stops.forEach((stop) => stop()))
  provide(KEY, one)
  void one.reload()
  return one
}

/** The modem of the page that this component is a part of. */
export function useModem(): OneModem {
  const one = inject(KEY)
  if (!one) throw new Error('expected a page of a modem around this component')
  return one
}

/** Has the page ask before another modem takes the place of a form with unsaved text. */
export function keepUnsaved(isDirty: Readonly<Ref<boolean>>): void {
  const { unsaved } = useModem()
  unsaved.add(isDirty)
  onScopeDispose(() => unsaved.delete(isDirty))
}

/** A value that is read again a moment after something happened to the modem, once for many events. */
export function useAfterEvents(types: readonly string[], read: () => void, pauseMs = 300): ShallowRef<number> {
  const { id } = useModem()
  const timer = shallowRef(0)
  const stop = onEvent((event) => {
    if (event.modem !== id || !types.includes(event.type)) return
    window.clearTimeout(timer.value)
    timer.value = window.setTimeout(read, pauseMs)
  })
  onScopeDispose(() => {
    stop()
    window.clearTimeout(timer.value)
  })
  return timer
}
