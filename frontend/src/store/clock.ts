/** The page's time: stands still while the hub is away, so that nothing old grows older by itself. */

import { computed, ref } from 'vue'

import { t } from '@/i18n'

const TICK_MS = 1000

export const now = ref(Date.now())
/** Ages are counted to this moment; the feed stops it when the hub is away. */
export const liveNow = ref(Date.now())
export const isLive = ref(true)

setInterval(() => {
  now.value = Date.now()
  if (isLive.value) liveNow.value = now.value
}, TICK_MS)

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

function offset(): string {
  const minutes = -new Date().getTimezoneOffset()
  const rest = Math.abs(minutes) % 60
  const sign = minutes < 0 ? '\u2212' : '+'
  return `UTC${sign}${Math.floor(Math.abs(minutes) / 60)}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`
}

/** The zone beside the clock: a short word where people have one, the distance from UTC elsewhere. */
export const zoneShort = computed(() => named('short') ?? offset())
/** The zone in the status line: the city and the distance. */
export const zoneLong = computed(() => [named('city') ?? zone.split('/').pop()?.replace('_', ' ') ?? zone, offset()].join(', '))

function named(kind: 'short' | 'city'): string | null {
  const key = `zones.${kind}.${zone.replace('/', '_')}`
  const text = t(key)
  return text === key ? null : text
}
