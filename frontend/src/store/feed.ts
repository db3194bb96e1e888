/** The live feed: one WebSocket for the whole page, resumed where it broke off, polled where no socket gets through. */

import { computed, ref, shallowRef } from 'vue'

import { get } from '@/api/client'
import type { EventPage, HubEvent, StateMessage, StreamMessage } from '@/api/events'
import { socketUrl } from '@/api/root'

import { isLive, now } from './clock'
import { sessionState } from './session'

const PING_MS = 4000
const AWAY_AFTER_MS = 5000
const RETRY_MS = [500, 1000, 2000, 5000] as const
const POLL_MS = 5000
const TRIES_BEFORE_POLLING = 3
const SIGNED_OUT = 4401

type Listener<T> = (message: T) => void

const events = new Set<Listener<HubEvent>>()
const states = new Set<Listener<StateMessage>>()
const comebacks = new Set<() => void>()

export const isConnected = ref(false)
export const isPolling = ref(false)
export const delayS = ref<number | null>(null)
export const changesPerS = ref(0)
/** When the hub was last heard, as milliseconds of this browser's clock. */
export const heardAt = ref(Date.now())
export const retryAt = shallowRef<number | null>(null)
/** The hub has been silent for over five seconds: nothing on the page is live. */
export const isAway = computed(() => !isLive.value)

let socket: WebSocket | null = null
let lastSeq: number | null = null
let tries = 0
let pingedAt = 0
let changes = 0
let wanted = false
let retryTimer = 0

/** Calls `listener` for each event; returns how to stop. */
export function onEvent(listener: Listener<HubEvent>): () => void {
  events.add(listener)
  return () => events.delete(listener)
}

/** Calls `listener` for each change of a modem's state; returns how to stop. */
export function onState(listener: Listener<StateMessage>): () => void {
  states.add(listener)
  return () => states.delete(listener)
}

/** Calls `listener` when the hub is heard again after a silence: what is shown must be read anew. */
export function onComeback(listener: () => void): () => void {
  comebacks.add(listener)
  return () => comebacks.delete(listener)
}

export function startFeed(): void {
  if (wanted) return
  wanted = true
  connect()
}

export function stopFeed(): void {
  wanted = false
  window.clearTimeout(retryTimer)
  socket?.close()
  socket = null
}

function connect(): void {
  if (!wanted) return
  window.clearTimeout(retryTimer)
  retryAt.value = null
  const after = lastSeq === null ? '' : `&after_seq=${lastSeq}`
  const mine = new WebSocket(socketUrl(`api/v1/ws?states=true&gather=true${after}`))
  socket = mine
  mine.onopen = () => ping()
  mine.onmessage = (message: MessageEvent<string>) => take(message.data)
  mine.onclose = (event) => {
    if (socket === mine) lost(event.code)
  }
}

function take(text: string): void {
  heard()
  // What happens within a tenth of a second comes as one; what was missed before it comes one by one.
  const told = JSON.parse(text) as StreamMessage | StreamMessage[]
  if (Array.isArray(told)) told.forEach(hear)
  else hear(told)
}

function hear(message: StreamMessage): void {
  if (message.type === 'subscribed') {
    delayS.value = (performance.now() - pingedAt) / 1000
    pingedAt = 0
  } else if (message.type === 'state') {
    changes += 1
    for (const listener of states) listener(message as StateMessage)
  } else if ('seq' in message) {
    lastSeq = message.seq
    for (const listener of events) listener(message)
  }
}

function heard(): void {
  heardAt.value = Date.now()
  if (isConnected.value && isLive.value) return
  const wasSilent = tries > 0 || !isLive.value
  isConnected.value = true
  isLive.value = true
  tries = 0
  if (wasSilent) for (const listener of comebacks) listener()
}

function ping(): void {
  if (socket?.readyState !== WebSocket.OPEN || pingedAt !== 0) return
  pingedAt = performance.now()
  socket.send('{"type":"subscribe"}')
}

function lost(code: number): void {
  socket = null
  pingedAt = 0
  isConnected.value = false
  delayS.value = null
  if (code === SIGNED_OUT && sessionState.value === 'in') sessionState.value = 'expired'
  if (!wanted) return
  const wait = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] ?? POLL_MS
  tries += 1
  retryAt.value = Date.now() + wait
  retryTimer = window.setTimeout(connect, wait)
  if (tries >= TRIES_BEFORE_POLLING) void poll()
}

/** Reads by REST what the socket does not bring; where that works the page is live, only slower. */
async function poll(): Promise<void> {
  const page = await get<EventPage>('events', lastSeq === null ? { order: 'desc', limit: 1 } : { after_seq: lastSeq, limit: 1000 })
  isPolling.value = page.ok && !isConnected.value
  if (!page.ok || isConnected.value) return
  if (lastSeq !== null) for (const event of page.value.items) for (const listener of events) listener(event)
  lastSeq = page.value.items.at(-1)?.seq ?? lastSeq ?? page.value.last_seq
  heardAt.value = Date.now()
  isLive.value = true
  for (const listener of comebacks) listener()
}

setInterval(ping, PING_MS)
setInterval(() => {
  changesPerS.value = changes
  changes = 0
  if (!wanted) return
  // A socket that is open and dumb is as good as none.
  if (pingedAt !== 0 && performance.now() - pingedAt > AWAY_AFTER_MS) socket?.close()
  if (now.value - heardAt.value > AWAY_AFTER_MS + (isPolling.value ? POLL_MS : isConnected.value ? PING_MS : 0)) isLive.value = false
}, 1000)
