/** Shapes of a report's picture in a field of 600 by 120. */

import type { ReportChart } from '@/api/reports'

export interface ChartShape {
  /** Ends of the scale, and the least and the greatest value. */
  bottom: number
  top: number
  least: number
  most: number
  step: number
  legend: { title: string; colour: string }[]
  columns: { key: string; x: number; y: number; width: number; height: number; colour: string }[]
  lines: { key: string; path: string; colour: string }[]
  bars: { label: string; value: number; share: number }[]
}

const WIDTH = 600
const HEIGHT = 120
const GAP = 0.3
const COLOURS = ['text3', 'bad', 'warn', 'sleep', 'wait', 'accent', 'ok', 'line2', 'okq', 'text']

/** Says whether a picture would show anything: a line of zeros does, columns of zeros do not. */
export function hasFigures({ form, series }: ReportChart): boolean {
  return series.some(({ values }) => values.some((value) => (form === 'line' ? value !== null : Boolean(value))))
}

export function shapeOf(chart: ReportChart): ChartShape {
  const known = chart.series.flatMap(({ values }) => values.filter((value) => value !== null))
  const sums = chart.labels.map((_, place) => chart.series.reduce((sum, { values }) => sum + (values[place] ?? 0), 0))
  const [least, most] = [Math.min(...known, Infinity), Math.max(...(chart.form === 'stacked' ? sums : known), -Infinity)]
  const [bottom, top] = scaleOf(chart, Number.isFinite(least) ? least : 0, Number.isFinite(most) ? most : 1)
  const step = WIDTH / Math.max(1, chart.labels.length)
  const y = (value: number): number => HEIGHT - ((value - bottom) / (top - bottom)) * HEIGHT
  const shape: ChartShape = { bottom, top, least: Number.isFinite(least) ? least : 0, most: Number.isFinite(most) ? most : 0, step, legend: [], columns: [], lines: [], bars: [] }
  const drawn = chart.series.filter(({ values }) => chart.form !== 'stacked' || values.some((value) => value))
  if (drawn.length > 1) shape.legend = drawn.map(({ title }, n) => ({ title, colour: colourOf(n) }))
  if (chart.form === 'bars') shape.bars = chart.labels.flatMap((label, place) => barOf(label, chart.series[0]?.values[place] ?? null, most))
  else if (chart.form === 'line') shape.lines = drawn.map(({ name, values }, n) => ({ key: name, path: pathOf(values, step, y), colour: drawn.length > 1 ? colourOf(n) : 'text2' }))
  else shape.columns = columnsOf(chart.form === 'stacked', drawn, step, y)
  return shape
}

const colourOf = (n: number): string => COLOURS[n % COLOURS.length] ?? 'text3'

/** Columns stand on 0; a line fills its field, with room above and below, shares never beyond one. */
function scaleOf(chart: ReportChart, least: number, most: number): [number, number] {
  if (chart.form !== 'line') return [Math.min(0, least), most > 0 ? most : 1]
  const room = (most - least) * 0.15 || Math.abs(most) * 0.1 || 1
  const top = chart.meaning === 'ratio' ? Math.min(1, most + room) : most + room
  const bottom = least >= 0 ? Math.max(0, least - room) : least - room
  return top > bottom ? [bottom, top] : [bottom, bottom + 1]
}

function barOf(label: string, value: number | null, most: number): { label: string; value: number; share: number }[] {
  return value === null ? [] : [{ label, value, share: most > 0 ? Math.max(0, value / most) : 0 }]
}

/** A line that is broken where nothing is known; a lone value is a short stroke. */
function pathOf(values: readonly (number | null)[], step: number, y: (value: number) => number): string {
  let path = ''
  values.forEach((value, place) => {
    if (value === null) return
    const x = (place + 0.5) * step
    const isJoined = place > 0 && values[place - 1] !== null
    const isAlone = !isJoined && (values[place + 1] ?? null) === null
    path += isAlone ? `M${(x - 3).toFixed(1)} ${y(value).toFixed(1)}h6` : `${isJoined ? 'L' : 'M'}${x.toFixed(1)} ${y(value).toFixed(1)}`
  })
  return path
}

function columnsOf(isStacked: boolean, series: ReportChart['series'], step: number, y: (value: number) => number): ChartShape['columns'] {
  const found: ChartShape['columns'] = []
  const below = new Map<number, number>()
  const width = (step * (1 - GAP)) / (isStacked ? 1 : Math.max(1, series.length))
  series.forEach(({ name, values }, n) => {
    values.forEach((value, place) => {
      if (!value) return
      const base = isStacked ? (below.get(place) ?? 0) : 0
      below.set(place, base + value)
      const x = place * step + (step * GAP) / 2 + (isStacked ? 0 : n * width)
      found.push({ key: `${name}${place}`, x, y: y(base + value), width, height: y(base) - y(base + value), colour: series.length > 1 ? colourOf(n) : 'text3' })
    })
  })
  return found
}
