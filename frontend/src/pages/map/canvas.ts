/**
 * The map itself: an outline that is shipped with the page, names of towns, marks of modems; over the outline streets,
 * where the hub has a file of them. Nothing is asked of the internet.
 */

import L from 'leaflet'

import { readMap, type MapTiles } from '@/api/map'
import type { Language } from '@/i18n/format'
import type { Theme } from '@/store/look'

import cities from './cities.json'
import { clustered, type Cluster, type Spot } from './cluster'
import outlineUrl from './outline.json?url'
import type { Streets } from './streets'

export interface MapHandle {
  show: (spots: readonly Spot[]) => void
  /** Fits the view to what is shown. */
  fit: () => void
  goTo: (spot: Spot) => void
  restyle: (theme: Theme, language: Language) => void
  close: () => void
}

export interface MapOptions {
  place: HTMLElement
  theme: Theme
  language: Language
  cellPx: number
  /** A larger writing for a wall. */
  isWall: boolean
  titleOf: (cluster: Cluster) => string
  opened: (cluster: Cluster) => void
}

const RUSSIA = L.latLngBounds([41, 19], [72, 178])
const MOST_ZOOM = 14
/** From this zoom on towns of each rank have their names. */
const NAMED_FROM = [2, 4, 5, 6, 7, 8] as const
/** Under the tiles: what they do not hold shows the outline. */
const OUTLINE_PANE = 'outline'
const OUTLINE_DEPTH = '150'
const ONE_PLACE_DEG = 0.0005

export function openMap(options: MapOptions): MapHandle {
  const map = L.map(options.place, { zoomControl: !options.isWall, attributionControl: false, minZoom: 2, maxZoom: MOST_ZOOM, zoomSnap: 0.5, worldCopyJump: false, preferCanvas: true, maxBounds: [[20, -20], [86, 220]] })
  const towns = L.layerGroup().addTo(map)
  const marks = L.layerGroup().addTo(map)
  let spots: readonly Spot[] = []
  let outline: L.GeoJSON | null = null
  let { theme, language } = options
  let streets: Streets | null = null
  let covered: L.LatLngBounds | null = null
  let isClosed = false
  map.fitBounds(RUSSIA)
  map.createPane(OUTLINE_PANE).style.zIndex = OUTLINE_DEPTH

  const token = (name: string): string => getComputedStyle(options.place).getPropertyValue(`--${name}`).trim()
  const styleOf = (kind: string): L.PathOptions =>
    kind === 'land' ? { fillColor: token('surface'), fillOpacity: 1, color: token('line2'), weight: 0.8, interactive: false } : { color: token('line2'), weight: 1, dashArray: '4 4', interactive: false }

  async function draw(): Promise<void> {
    const answer = await fetch(outlineUrl)
    if (!answer.ok || isClosed) return
    const shape = (await answer.json()) as GeoJSON.GeoJsonObject
    outline = L.geoJSON(shape, { pane: OUTLINE_PANE, interactive: false, style: (feature) => styleOf(String(feature?.properties?.['kind'])) }).addTo(map)
  }

  async function drawStreets(): Promise<void> {
    const answer = await readMap()
    const tiles: MapTiles | null = answer.ok ? answer.value.tiles : null
    if (tiles === null || isClosed) return
    const { addStreets, CLOSEST } = await import('./streets')
    if (isClosed) return
    map.setMaxZoom(CLOSEST)
    const [west, south, east, north] = tiles.bounds
    covered = L.latLngBounds([south, west], [north, east])
    streets = await addStreets(map, tiles, theme, language)
    nameTowns()
  }

  function nameTowns(): void {
    towns.clearLayers()
    const zoom = map.getZoom()
    const seen = map.getBounds().pad(0.1)
    for (const [ru, en, latitude, longitude, rank] of cities as [string, string, number, number, number][]) {
      if (zoom < (NAMED_FROM[rank] ?? 9) || !seen.contains([latitude, longitude]) || covered?.contains([latitude, longitude])) continue
      const label = document.createElement('span')
      label.textContent = language === 'ru' ? ru : en
      L.marker([latitude, longitude], { interactive: false, keyboard: false, zIndexOffset: -1000, icon: L.divIcon({ className: 'town', html: label, iconSize: [0, 0] }) }).addTo(towns)
    }
  }

  function mark(): void {
    marks.clearLayers()
    const zoom = map.getZoom()
    const seen = map.getBounds().pad(0.2)
    const cell = zoom >= map.getMaxZoom() ? 12 : options.cellPx
    const found = clustered(spots.filter((each) => seen.contains([each.latitude, each.longitude])), (latitude, longitude) => map.project([latitude, longitude], zoom), cell)
    for (const cluster of found) {
      const marker = L.marker([cluster.latitude, cluster.longitude], {
        title: options.titleOf(cluster), alt: options.titleOf(cluster), keyboard: true, riseOnHover: true, zIndexOffset: cluster.bad * 10,
        icon: L.divIcon({ className: `spot ${cluster.state}${cluster.spots.length > 1 ? ' many' : ''}`, html: drawn(cluster), iconSize: [0, 0] }),
      })
      marker.on('click', () => press(cluster))
      marker.on('keypress', (event) => (event as unknown as { originalEvent: KeyboardEvent }).originalEvent.key === 'Enter' && press(cluster))
      marker.addTo(marks)
    }
  }

  function press(cluster: Cluster): void {
    const bounds = L.latLngBounds(cluster.spots.map((each) => [each.latitude, each.longitude]))
    const isOnePlace = bounds.getNorth() - bounds.getSouth() < ONE_PLACE_DEG && bounds.getEast() - bounds.getWest() < ONE_PLACE_DEG
    if (cluster.spots.length === 1 || isOnePlace || map.getZoom() >= map.getMaxZoom()) options.opened(cluster)
    else map.fitBounds(bounds.pad(0.3), { maxZoom: map.getMaxZoom() })
  }

  void draw()
  void drawStreets()
  nameTowns()
  map.on('moveend zoomend', () => {
    nameTowns()
    mark()
  })
  const observer = new ResizeObserver(() => map.invalidateSize())
  observer.observe(options.place)

  return {
    show(next) {
      spots = next
      mark()
    },
    fit() {
      if (spots.length > 0) map.fitBounds(L.latLngBounds(spots.map((each) => [each.latitude, each.longitude])).pad(0.15), { maxZoom: 11, animate: false })
    },
    goTo: (spot) => void map.setView([spot.latitude, spot.longitude], 12, { animate: false }),
    restyle(look, spoken) {
      theme = look
      language = spoken
      streets?.restyle(theme, language)
      outline?.setStyle((feature) => styleOf(String(feature?.properties?.['kind'])))
      nameTowns()
      mark()
    },
    close() {
      isClosed = true
      observer.disconnect()
      map.remove()
    },
  }
}

/** The shape of a state, with how many there are: drawn as elements, never as text that could be read as HTML. */
function drawn(cluster: Cluster): HTMLElement {
  const box = document.createElement('b')
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'g')
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  use.setAttribute('href', `#${cluster.state}`)
  svg.append(use)
  box.append(svg)
  if (cluster.spots.length > 1) box.append(cluster.bad > 0 && cluster.bad < cluster.spots.length ? `${cluster.bad}/${cluster.spots.length}` : String(cluster.spots.length))
  return box
}
