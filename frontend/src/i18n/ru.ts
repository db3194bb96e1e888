/** Every area's words in one catalogue: `ru/<area>.json` is read as `<area>.*`, `ru/<area>/<part>.json` as `<area>.<part>.*`. */

import { gathered } from './gather'

export const catalogue = gathered(import.meta.glob('./ru/**/*.json', { eager: true, import: 'default' }))
