/** The one way to the hub's REST: every answer is a typed value or a typed problem, nothing is thrown. */

import { NO_ANSWER, readProblem, type Problem, type Result } from './problem'
import { ROOT } from './root'

export type Query = Record<string, string | number | boolean | null | undefined>

export interface CallOptions {
  query?: Query
  body?: unknown
  /** A body that is a file, sent as it is. */
  bytes?: Blob
  /** The ETag that was read: the change is refused with `edited_meanwhile` (412) when somebody was quicker. */
  ifMatch?: string | null
  /** Key of a POST that creates: make it once per dialog with `newKey()`, so that a repeat creates nothing twice. */
  idempotencyKey?: string
  signal?: AbortSignal
  /** For what the hub works on for longer than usual. */
  timeoutS?: number
}

const PREFIX = 'api/v1/'
const TIMEOUT_MS = 30_000
const MERGE = 'application/merge-patch+json'

let csrf: string | null = null
let bearer: string | null = null
const watchers = new Set<(problem: Problem) => void>()

/** The session's word for changes; the session store sets it. */
export function setCsrf(word: string | null): void {
  csrf = word
}

/** A screen on a wall signs in by a token of its link; nothing else of the page has one. */
export function setBearer(token: string): void {
  bearer = token
}

/** Headers that say who asks, for a library that fetches by itself; a browser's session says it by its cookie. */
export const authorization = (): Record<string, string> => (bearer === null ? {} : { Authorization: `Bearer ${bearer}` })

/** Calls `watcher` with every problem of every request; returns how to stop. */
export function onProblem(watcher: (problem: Problem) => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Escapes one part of a path: a group's path is one part. */
export function part(text: string | number): string {
  return encodeURIComponent(String(text))
}

export function urlOf(path: string, query: Query = {}): string {
  const known = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '')
  const text = new URLSearchParams(known.map(([name, value]) => [name, String(value)])).toString()
  return `${ROOT}${PREFIX}${path}${text ? `?${text}` : ''}`
}

/** Asks the hub; `path` is relative to `/api/v1/`. */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<Result<T>> {
  let answer: Response
  try {
    answer = await fetch(urlOf(path, options.query), requestOf(method, options))
  } catch {
    return told(NO_ANSWER)
  }
  if (!answer.ok) return told(await readProblem(answer))
  try {
    const value = (answer.status === 204 ? null : await answer.json()) as T
    return { ok: true, value, etag: answer.headers.get('ETag') }
  } catch {
    return told(NO_ANSWER)
  }
}

/** Asks for an answer that is written line by line: `take` gets each as it comes. */
export async function getLines(path: string, take: (line: string) => void): Promise<Result<null>> {
  try {
    const answer = await fetch(urlOf(path), requestOf('GET', {}))
    if (!answer.ok) return told(await readProblem(answer))
    if (answer.body === null) return told(NO_ANSWER)
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
    let rest = ''
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const lines = (rest + piece.value).split('\n')
      rest = lines.pop() ?? ''
      lines.forEach(take)
    }
    if (rest !== '') take(rest)
    return { ok: true, value: null, etag: null }
  } catch {
    return told(NO_ANSWER)
  }
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<Result<T>> =>
  call<T>('GET', path, { ...(query && { query }), ...(signal && { signal }) })
export const post = <T>(path: string, body?: unknown, options: CallOptions = {}): Promise<Result<T>> =>
  call<T>('POST', path, { ...options, body })
export const put = <T>(path: string, body?: unknown, options: CallOptions = {}): Promise<Result<T>> =>
  call<T>('PUT', path, { ...options, body })
export const patch = <T>(path: string, body: unknown, ifMatch?: string | null): Promise<Result<T>> =>
  call<T>('PATCH', path, { body, ifMatch: ifMatch ?? null })
export const del = (path: string, query?: Query): Promise<Result<null>> => call<null>('DELETE', path, { ...(query && { query }) })

/** Reads a list to its end, page by page; `most` bounds it. */
export async function getAll<T>(path: string, query: Query = {}, most = 5000): Promise<Result<T[]>> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const page: Result<{ items: T[]; next: string | null }> = await get(path, { ...query, cursor })
    if (!page.ok) return page
    items.push(...page.value.items)
    cursor = page.value.next
  } while (cursor !== null && items.length < most)
  return { ok: true, value: items, etag: null }
}

function requestOf(method: string, options: CallOptions): RequestInit {
  const headers: Record<string, string> = { Accept: 'application/json', ...authorization() }
  if (method !== 'GET' && csrf !== null) headers['X-CSRF-Token'] = csrf
  if (options.body !== undefined) headers['Content-Type'] = method === 'PATCH' ? MERGE : 'application/json'
  if (options.bytes) headers['Content-Type'] = 'application/octet-stream'
  if (options.ifMatch) headers['If-Match'] = options.ifMatch
  if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey
  const deadline = AbortSignal.timeout(options.timeoutS === undefined ? TIMEOUT_MS : options.timeoutS * 1000)
  return {
    method,
    headers,
    credentials: 'same-origin',
    signal: options.signal ? AbortSignal.any([options.signal, deadline]) : deadline,
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    ...(options.bytes && { body: options.bytes }),
  }
}

function told(problem: Problem): { ok: false; problem: Problem } {
  for (const watcher of watchers) watcher(problem)
  return { ok: false, problem }
}
