/** Keys by their place on the keyboard (`event.code`), so that they work in the Russian layout too. */

import { onBeforeUnmount, onMounted, shallowReactive } from 'vue'

export interface Key {
  /** `event.code`, such as `KeyJ`, with `Shift+` before it where it is held; `KeyG KeyS` for two in a row. */
  code: string
  /** Key of the catalogue that says what it does, for the sheet behind `?`. */
  says: string
  /** What the sheet shows, such as `j`. */
  shown: string
  /** Key of the catalogue that says it in the status line; keys with the same words stand there together. */
  inLine?: string
  act: (event: KeyboardEvent) => void
}

const CHORD_MS = 1200
const stack = shallowReactive<Key[][]>([])
let first: { code: string; at: number } | null = null

/** Returns every key that works now, for the sheet; the innermost view first. */
export function activeKeys(): Key[] {
  return [...stack].reverse().flat()
}

/** Returns what the status line says of the view that is shown: words, and the keys for them. */
export function lineKeys(): { says: string; shown: string[] }[] {
  const found = new Map<string, string[]>()
  for (const { inLine, shown } of stack.flat()) if (inLine) found.set(inLine, [...(found.get(inLine) ?? []), shown])
  return [...found].map(([says, shown]) => ({ says, shown }))
}

/** Has `keys` work while the component is shown. */
export function useKeys(keys: Key[]): void {
  onMounted(() => void stack.push(keys))
  onBeforeUnmount(() => {
    const place = stack.indexOf(keys)
    if (place >= 0) stack.splice(place, 1)
  })
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type)
  return target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName)
}

/** A dialog has the keyboard for itself. */
const isUnderDialog = (): boolean => document.querySelector('[aria-modal=true]') !== null

export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  if (isTyping(event.target) || isUnderDialog()) return
  const onControl = event.target instanceof HTMLElement && event.target.closest('button, a, [role=menuitem]') !== null
  if (onControl && (event.code === 'Enter' || event.code === 'Space')) return
  const code = (event.shiftKey ? 'Shift+' : '') + event.code
  const chord = first !== null && event.timeStamp - first.at < CHORD_MS ? `${first.code} ${code}` : null
  const keys = activeKeys()
  const found = keys.find((key) => key.code === chord) ?? keys.find((key) => key.code === code)
  first = !found && keys.some((key) => key.code.startsWith(`${code} `)) ? { code, at: event.timeStamp } : null
  if (!found) return
  event.preventDefault()
  found.act(event)
}
