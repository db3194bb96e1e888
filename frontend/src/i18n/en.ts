/** Every area's words in one catalogue: `en/<area>.json` is read as `<area>.*`, `en/<area>/<part>.json` as `<area>.<part>.*`. */

import { gathered } from './gather'

export const catalogue = gathered(import.meta.glob('./en/**/*.json', { eager: true, import: 'default' }))
