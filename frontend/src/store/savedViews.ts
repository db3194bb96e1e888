/** One's own saved views: a name and what the address says behind its path. The hub keeps them for the person. */

import { shallowRef } from 'vue'

import type { Problem } from '@/api/problem'
import { readViews, writeViews, type SavedView } from '@/api/views'

export const savedViews = shallowRef<readonly SavedView[]>([])

export async function loadViews(): Promise<void> {
  const answer = await readViews()
  if (answer.ok) savedViews.value = answer.value.items
}

/** Saves a view under its name, in the place of one of the same page and name; returns what went wrong. */
export function saveView(view: SavedView): Promise<Problem | null> {
  const isSame = (each: SavedView): boolean => each.name === view.name && each.page === view.page
  const next = savedViews.value.some(isSame) ? savedViews.value.map((each) => (isSame(each) ? view : each)) : [...savedViews.value, view]
  return write(next)
}

export function removeView(view: SavedView): Promise<Problem | null> {
  return write(savedViews.value.filter((each) => each !== view))
}

async function write(next: readonly SavedView[]): Promise<Problem | null> {
  const answer = await writeViews(next)
  if (!answer.ok) return answer.problem
  savedViews.value = answer.value.items
  return null
}
