/** One's own saved views of the page. */

import { get, put } from './client'
import type { Result } from './problem'

export interface SavedView {
  name: string
  page: string
  query: string
}

export const readViews = (): Promise<Result<{ items: SavedView[] }>> => get('saved_views')
export const writeViews = (items: readonly SavedView[]): Promise<Result<{ items: SavedView[] }>> => put('saved_views', { items })
