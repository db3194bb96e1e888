/** What a view says of itself: `pages/<area>/view.ts` exports `views`, and the frame finds them by itself. */

import type { Component } from 'vue'

export interface Badge {
  text: string
  isBad?: boolean
}

export interface View {
  /** Name of the route, unique; also the word in the catalogue: `nav.<name>` and, for the phone, `nav.short.<name>`. */
  name: string
  path: string
  page: () => Promise<Component>
  /** The right without which the view is not offered, such as `modems.read`. */
  right?: string
  /** Its place in the navigation; views without one are reached from others only. */
  order?: number
  /** Its tab on a phone: id of a shape in `Sprite.vue`. */
  tab?: string
  /** `event.code` behind `g`: `KeyS` for `g s`. */
  key?: string
  badge?: () => Badge | null
  /** The view under which the navigation shows this one, such as `fleet` for a modem. */
  under?: string
}

const found = import.meta.glob<{ views: View[] }>('../pages/*/view.ts', { eager: true })

export const VIEWS: readonly View[] = Object.values(found)
  .flatMap((each) => each.views)
  .sort((a, b) => (a.order ?? 1000) - (b.order ?? 1000))
