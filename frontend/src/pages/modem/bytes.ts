/** The traffic record as people read it: who asked, who answered, the silence between, an answer that never came. */

import type { TrafficLine } from '@/api/modem'

export type ByteKind = 'ask' | 'answer' | 'service' | 'dropped' | 'silence' | 'late'

export interface ByteRow {
  key: string
  kind: ByteKind
  /** Empty where the bytes of the row above go on. */
  time: string
  hex: string
  text: string
  /** Of silence and of answers that never came: for how long, and how long one usually takes. */
  seconds?: number
  usual?: number | null
}

export interface Talk {
  asked: number
  answered: number
  /** How long an answer usually takes, in seconds. */
  answerS: number | null
}

/** Frames of the modem's own control channel begin so (docs/protocol.md 2). */
const SERVICE = 'c8cacbcccd'
const SILENCE_S = 0.5

export const kindOf = (line: TrafficLine): ByteKind => {
  if (line.direction === '-') return 'dropped'
  if (line.direction === '=') return 'answer'
  if (line.hex.startsWith(SERVICE)) return 'service'
  return line.direction === '>' ? 'ask' : 'answer'
}

export function asText(hex: string): string {
  return (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)).map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('')
}

/** Returns how many questions were answered, and how soon. */
export function talkOf(lines: readonly TrafficLine[]): Talk {
  const delays: number[] = []
  let asked = 0
  let since: number | null = null
  for (const line of lines) {
    const kind = kindOf(line)
    if (kind === 'ask') {
      asked += 1
      since = Date.parse(line.ts)
    } else if (kind === 'answer' && since !== null) {
      delays.push((Date.parse(line.ts) - since) / 1000)
      since = null
    }
  }
  const sorted = [...delays].sort((a, b) => a - b)
  return { asked, answered: delays.length, answerS: sorted[Math.floor(sorted.length / 2)] ?? null }
}

/** Returns rows of `width` bytes each. */
export function rowsOf(lines: readonly TrafficLine[], width: number, withService: boolean): ByteRow[] {
  const rows: ByteRow[] = []
  const usual = talkOf(lines).answerS
  let last: { at: number; kind: ByteKind; second: string } | null = null
  for (const [place, line] of lines.entries()) {
    const kind = kindOf(line)
    if (kind === 'service' && !withService) continue
    const at = Date.parse(line.ts)
    const key = `${line.ts}${line.direction}${place}`
    const pauseS = last === null ? 0 : (at - last.at) / 1000
    if (kind === 'ask' && last?.kind === 'ask') rows.push({ key: `${key}l`, kind: 'late', time: '', hex: '', text: '', seconds: pauseS, usual })
    else if (pauseS >= SILENCE_S) rows.push({ key: `${key}s`, kind: 'silence', time: '', hex: '', text: '', seconds: pauseS })
    const second = timeOf(line.ts)
    const pairs = line.hex.toUpperCase().match(/../g) ?? []
    for (let start = 0; start < Math.max(1, pairs.length); start += width) {
      const part = pairs.slice(start, start + width).join('')
      const time = start > 0 ? '' : last?.second === second ? line.ts.slice(19, 23) : `${second}${line.ts.slice(19, 23)}`
      rows.push({ key: `${key}${start}`, kind, time, hex: (part.match(/../g) ?? []).join(' '), text: asText(part) })
    }
    last = { at, kind, second }
  }
  return rows
}

function timeOf(ts: string): string {
  const at = new Date(ts)
  return `${String(at.getMinutes()).padStart(2, '0')}:${String(at.getSeconds()).padStart(2, '0')}`
}
