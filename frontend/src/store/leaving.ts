/** The question whether a view with unsaved changes may be left; the frame shows it. */

import { shallowRef } from 'vue'

export const leaving = shallowRef<((mayLeave: boolean) => void) | null>(null)

/** Asks; resolves with the answer. */
export function askToLeave(): Promise<boolean> {
  leaving.value?.(false)
  return new Promise((resolve) => {
    leaving.value = (mayLeave) => {
      leaving.value = null
      resolve(mayLeave)
    }
  })
}
