/** What the open view says in the status line: rows and selection. */

import { shallowRef } from 'vue'

export const statusText = shallowRef('')
