/** Which hours of the day the marks of a list span: those in which anything was asked, six at the least. */

export interface HourSpan {
  from: number
  to: number
  /** Hours between two labels. */
  step: number
}

const LEAST = 6
const DAY = 24
/** Width of the drawing, and where its first and last hour lie. */
export const WIDTH_PX = 222
export const EDGE_PX = 6

export function spanOf(rows: readonly { readonly hours: readonly unknown[] }[], isAsked: (mark: unknown) => boolean): HourSpan {
  let [from, to] = [DAY, 0]
  for (const { hours } of rows) {
    hours.forEach((mark, hour) => {
      if (!isAsked(mark)) return
      from = Math.min(from, hour)
      to = Math.max(to, hour + 1)
    })
  }
  if (from >= to) return { from: 0, to: DAY, step: 4 }
  if (to - from < LEAST) from = Math.max(0, to - LEAST)
  if (to - from < LEAST) to = LEAST
  const length = to - from
  const step = length <= 8 ? 1 : length <= 16 ? 2 : 4
  return { from, to, step }
}

/** Left of an hour in the drawing. */
export function leftOf(hour: number, { from, to }: HourSpan): number {
  return EDGE_PX + ((hour - from) / (to - from)) * (WIDTH_PX - 2 * EDGE_PX)
}

export function ticksOf({ from, to, step }: HourSpan): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, place) => from + place * step)
}
