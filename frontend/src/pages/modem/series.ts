/** Points of the hub as rows of a plot: a step without a point breaks the line, bars are as wide as the eye can tell apart. */

import type { ModemSession, Point, Series } from '@/api/modem'

export interface Values {
  times: number[]
  values: (number | null)[]
}

const MOST_BARS = 48

/** Returns the values at each step from `from` to `to`, null where nothing was seen. */
export function stepped(points: readonly Point[], stepS: number, from: Date, to: Date): Values {
  const found = new Map(points.map((each) => [Math.floor(Date.parse(each.at) / 1000 / stepS) * stepS, each.avg]))
  const times: number[] = []
  for (let at = Math.floor(from.getTime() / 1000 / stepS) * stepS; at <= to.getTime() / 1000; at += stepS) times.push(at)
  return { times, values: times.map((at) => found.get(at) ?? null) }
}

/** Returns the sums of `points` in at most so many bars. */
export function barred(points: readonly { at: number; sum: number }[], from: Date, to: Date, stepS: number): Values {
  const [begin, end] = [from.getTime() / 1000, to.getTime() / 1000]
  const widthS = Math.max(stepS, Math.ceil((end - begin) / MOST_BARS / stepS) * stepS)
  const count = Math.max(1, Math.ceil((end - begin) / widthS))
  const sums = new Array<number>(count).fill(0)
  for (const { at, sum } of points) {
    const place = Math.floor((at - begin) / widthS)
    if (place >= 0 && place < count) sums[place] = (sums[place] ?? 0) + sum
  }
  return { times: sums.map((_, place) => begin + (place + 0.5) * widthS), values: sums }
}

export function seriesRows(series: Series, from: Date, to: Date): { signal: Values; temperature: Values; traffic: Values; bytes: number } {
  const moved = [...(series.values.rx_bytes ?? []), ...(series.values.tx_bytes ?? [])].map((each) => ({ at: Date.parse(each.at) / 1000, sum: each.sum ?? 0 }))
  return {
    signal: stepped(series.values.rssi_dbm ?? [], series.step_s, from, to),
    temperature: stepped(series.values.temperature_c ?? [], series.step_s, from, to),
    traffic: barred(moved, from, to, series.step_s),
    bytes: moved.reduce((all, each) => all + each.sum, 0),
  }
}

/** How often a new session began, by time. */
export function reconnectsRow(sessions: readonly ModemSession[], from: Date, to: Date): Values {
  const { times, values } = barred(sessions.map((each) => ({ at: Date.parse(each.opened_at) / 1000, sum: 1 })), from, to, 60)
  return { times, values: values.map((each) => each || null) }
}
