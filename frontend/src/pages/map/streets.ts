/** Streets from the hub's own PMTiles file, drawn under the marks. This file is loaded only where one is set. */

import L from 'leaflet'
import { FetchSource, PMTiles } from 'pmtiles'

import { authorization, urlOf } from '@/api/client'
import type { MapTiles } from '@/api/map'
import type { Language } from '@/i18n/format'
import type { Theme } from '@/store/look'

export interface Streets {
  /** Has its colours and names follow theme and language. */
  restyle: (theme: Theme, language: Language) => void
}

/** Streets may be looked at closer than the tiles go: they are drawn from lines, not from pictures. */
export const CLOSEST = 18

/** Adds the streets to a map. */
export async function addStreets(map: L.Map, tiles: MapTiles, theme: Theme, language: Language): Promise<Streets> {
  // The library looks for Leaflet where a script of the page would have put it.
  Object.assign(window, { L })
  const { leafletLayer } = await import('protomaps-leaflet')
  const url = new URL(urlOf('map_tiles'), document.baseURI).href
  const source = new PMTiles(new FetchSource(url, new Headers(authorization())))
  const [west, south, east, north] = tiles.bounds
  const made = (flavor: Theme, lang: Language): L.GridLayer =>
    leafletLayer({ url: source, flavor, lang, maxDataZoom: tiles.most_zoom, bounds: [[south, west], [north, east]], attribution: '' }) as unknown as L.GridLayer
  let layer = made(theme, language).addTo(map)
  L.control.attribution({ prefix: false }).addAttribution('© OpenStreetMap').addTo(map)
  return {
    restyle(flavor, lang) {
      layer.remove()
      layer = made(flavor, lang).addTo(map)
    },
  }
}
