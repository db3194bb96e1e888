/** A screen that was opened by its own link: it signs in by the word behind `#`, without a person. */

import { setBearer } from '@/api/client'
import { findSession } from '@/store/session'

const LINK = /^#screen=([\w-]{10,200})$/

/** Takes the word of the address, if it has one. */
export function openScreen(): void {
  const word = LINK.exec(window.location.hash)?.[1]
  if (word === undefined) return
  setBearer(word)
  void findSession()
}
