/** Drawing of `TimePlots`: one uPlot for each row, with the same time under the same pixel. */

import uPlot from 'uplot'

import type { Language } from '@/i18n/format'
import { formatNumber } from '@/i18n/format'

export interface PlotRow {
  key: string
  label: string
  /** The present value in words, such as `−79 дБм`. */
  figure?: string
  /** What is usual, such as `от −91 до −75`. */
  about?: string
  /** Times in seconds since 1970, ascending; null where nothing is known: the line is broken there. */
  times: readonly number[]
  values: readonly (number | null)[]
  kind?: 'line' | 'bars'
  /** Ends of the scale; found from the values when left out. Bars begin at 0. */
  least?: number
  most?: number
  /** Digits behind the comma in the hint under the cursor. */
  digits?: number
  unit?: string
}

export interface PlotBand {
  from: Date
  to: Date
}

export interface PlotOptions {
  rows: readonly PlotRow[]
  from: Date
  to: Date
  bands: readonly PlotBand[]
  rowHeight: number
  language: Language
  zoomed: (from: Date, to: Date) => void
}

export interface Drawn {
  resize: () => void
  destroy: () => void
}

const AXIS_PX = 22
const LEAST_ZOOM_S = 60
let groups = 0

/** Draws each row into its place. */
export function drawPlots(places: readonly HTMLElement[], options: PlotOptions): Drawn {
  const group = `plots${(groups += 1)}`
  const plots = places.map((place, n) => drawRow(place, group, n === places.length - 1, options.rows[n], options))
  const height = (n: number): number => options.rowHeight + (n === plots.length - 1 ? AXIS_PX : 0)
  return {
    resize: () => plots.forEach((plot, n) => plot.setSize({ width: Math.max(80, places[n]?.clientWidth ?? 0), height: height(n) })),
    destroy: () => plots.forEach((plot) => plot.destroy()),
  }
}

function drawRow(place: HTMLElement, group: string, isLast: boolean, row: PlotRow | undefined, options: PlotOptions): uPlot {
  const style = getComputedStyle(place)
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const isBars = row?.kind === 'bars'
  const bars = uPlot.paths.bars?.({ size: [0.7, 12, 1] })
  return new uPlot(
    {
      width: Math.max(80, place.clientWidth),
      height: options.rowHeight + (isLast ? AXIS_PX : 0),
      padding: [6, 2, isLast ? 0 : 4, 2],
      legend: { show: false },
      cursor: { sync: { key: group, setSeries: false }, y: false, points: { show: !isBars }, drag: { x: true, y: false, setScale: false } },
      scales: { x: { time: true, range: () => [options.from.getTime() / 1000, options.to.getTime() / 1000] }, y: { range: (_plot, low, high) => rangeOf(row, low, high) } },
      axes: [
        {
          show: isLast, size: AXIS_PX, stroke: token('text3'), font: `12px ${token('font')}`, gap: 2, space: 90,
          grid: { show: false }, ticks: { show: false },
          values: (_plot, splits) => splits.map((at) => tickOf(at, options)),
        },
        { show: false },
      ],
      series: [
        {},
        {
          spanGaps: false,
          width: 1.4,
          stroke: isBars ? token('text3') : token('text2'),
          ...(isBars && { fill: token('text3'), ...(bars && { paths: bars }) }),
          points: { show: false },
        },
      ],
      hooks: {
        drawClear: [(plot) => drawBands(plot, options.bands, token('bad'))],
        setCursor: [(plot) => hint(place, plot, row, options)],
        setSelect: [
          (plot) => {
            const { left, width } = plot.select
            if (width < 4) return
            const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
            if (to - from >= LEAST_ZOOM_S) options.zoomed(new Date(from * 1000), new Date(to * 1000))
          },
        ],
      },
    },
    [[...(row?.times ?? [])], [...(row?.values ?? [])]],
    place,
  )
}

function rangeOf(row: PlotRow | undefined, low: number | null, high: number | null): [number, number] {
  const least = row?.least ?? (row?.kind === 'bars' ? 0 : (low ?? 0))
  const most = row?.most ?? high ?? 1
  if (most > least) return row?.least === undefined && row?.kind !== 'bars' ? [least - (most - least) * 0.1, most + (most - least) * 0.1] : [least, most]
  return row?.kind === 'bars' ? [0, 1] : [least - 1, least + 1]
}

function tickOf(at: number, options: PlotOptions): string {
  const isLong = options.to.getTime() - options.from.getTime() > 3 * 86_400_000
  const locale = options.language === 'ru' ? 'ru' : 'en-GB'
  const how: Intl.DateTimeFormatOptions = isLong ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' }
  return new Intl.DateTimeFormat(locale, how).format(new Date(at * 1000))
}

function drawBands(plot: uPlot, bands: readonly PlotBand[], colour: string): void {
  plot.ctx.save()
  plot.ctx.fillStyle = colour
  for (const band of bands) {
    const left = Math.max(plot.bbox.left, plot.valToPos(band.from.getTime() / 1000, 'x', true))
    const right = Math.min(plot.bbox.left + plot.bbox.width, plot.valToPos(band.to.getTime() / 1000, 'x', true))
    if (right < plot.bbox.left || left > plot.bbox.left + plot.bbox.width) continue
    plot.ctx.globalAlpha = right - left > 3 ? 0.18 : 0.8
    plot.ctx.fillRect(left, 0, Math.max(2, right - left), plot.ctx.canvas.height)
  }
  plot.ctx.restore()
}

/** The value under the cursor, in the browser's own hint: no box over the curve. */
function hint(place: HTMLElement, plot: uPlot, row: PlotRow | undefined, options: PlotOptions): void {
  const at = plot.cursor.idx
  const value = at === null || at === undefined ? null : row?.values[at]
  const time = at === null || at === undefined ? undefined : row?.times[at]
  if (value === null || value === undefined || time === undefined) return place.removeAttribute('title')
  const moment = new Intl.DateTimeFormat(options.language === 'ru' ? 'ru' : 'en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(new Date(time * 1000))
  place.title = `${moment}: ${formatNumber(value, options.language, row?.digits ?? 0)}${row?.unit ? `\u00a0${row.unit}` : ''}`
}
