/** Short words on what became of one's own action; nothing else speaks here. */

import { shallowRef } from 'vue'

export interface Toast {
  id: number
  text: string
  isBad: boolean
  undo?: () => void
}

const SHOWN_MS = 5000
const UNDO_MS = 10_000
let next = 1

export const toasts = shallowRef<Toast[]>([])

/** Shows `text`; with `undo` it stays 10 s and offers to take the action back. */
export function say(text: string, options: { isBad?: boolean; undo?: () => void } = {}): void {
  const id = next++
  toasts.value = [...toasts.value.slice(-2), { id, text, isBad: options.isBad ?? false, ...(options.undo && { undo: options.undo }) }]
  window.setTimeout(() => dismiss(id), options.undo || options.isBad ? UNDO_MS : SHOWN_MS)
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((each) => each.id !== id)
}
