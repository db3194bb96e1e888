/** Every area's words in one catalogue: `ru/<area>.json` is read as `<area>.*`. */

import { gathered } from './gather'

export const catalogue = gathered(import.meta.glob('./ru/*.json', { eager: true, import: 'default' }))
