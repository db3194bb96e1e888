/** How long something lasts, in words: `14 с`, `1 ч 29 м`, `41 сут`. */

import { tn, word } from '@/i18n'
import { formatAge, formatNumber, type Language } from '@/i18n/format'
import { useAgeUnits } from '@/i18n/units'
import { liveNow } from '@/store/clock'

const DAY_S = 86_400

export interface Lasting {
  /** Words for so many seconds. */
  text: (seconds: number) => string
  /** Words for the time since a moment, ticking. */
  since: (moment: string) => string
}

export function useLasting(): Lasting {
  const units = useAgeUnits()
  const text = (seconds: number): string => formatAge(seconds, units.value, () => tn('modem.days', Math.floor(seconds / DAY_S)))
  return { text, since: (moment) => text((liveNow.value - Date.parse(moment)) / 1000) }
}

/** Bytes as people say them: `28,4 МБ`. */
export function bytesText(bytes: number, language: Language): string {
  const power = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : bytes < 1e9 ? 2 : 3
  const unit = word(`modem.bytes.${(['b', 'kb', 'mb', 'gb'] as const)[power] ?? 'b'}`)
  return `${formatNumber(bytes / 1000 ** power, language, power === 0 ? 0 : bytes / 1000 ** power < 100 ? 1 : 0)}\u00a0${unit}`
}
