/** What a view says of itself: `pages/<area>/view.ts` exports `views`, and the frame finds them by itself. */

import type { Component } from 'vue'

export interface Badge {
  text: string
  isBad?: boolean
}

export interface View {
  /** Name of the route, unique. */
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

export interface NamedView extends View {
  /** Keys of its name in the catalogues: in the navigation, and on a phone's tab. */
  says: string
  saysShort: string
}

const found = import.meta.glob<{ views: View[] }>('../pages/*/view.ts', { eager: true })

/** The first view of an area is called as the area is: `<area>.nav`; the others by `<area>.views.<name>`. */
function named(path: string, view: View, place: number): NamedView {
  const area = path.split('/').at(-2) ?? ''
  return { ...view, says: place === 0 ? `${area}.nav` : `${area}.views.${view.name}`, saysShort: place === 0 ? `${area}.tab` : `${area}.views.${view.name}` }
}

export const VIEWS: readonly NamedView[] = Object.entries(found)
  .flatMap(([path, each]) => each.views.map((view, place) => named(path, view, place)))
  .sort((a, b) => (a.order ?? 1000) - (b.order ?? 1000))
