/** How many of the expected meters were read, as a share: what a day is judged by. */

import { computed, ref } from 'vue'

import type { ReadingTotals } from '@/api/readings'
import { formatNumber, NBSP, type Language } from '@/i18n/format'
import { language } from '@/store/look'

/** A group below this share is a departure, one just below all others an attention. */
const BAD_SHARE = 0.97
const LOW_SHARE = 0.99

const last = ref<ReadingTotals | null>(null)

/** Remembers the totals of the last finished day for the navigation. */
export function noteTotals(totals: ReadingTotals): void {
  last.value = totals
}

/** Null when nothing was expected: no share is not a share of 0. */
export function shareOf({ read, expected }: Pick<ReadingTotals, 'read' | 'expected'>): number | null {
  return expected === 0 ? null : read / expected
}

/** `98,8 %`; rounded down, so that 100 % means that nothing is missing. */
export function formatShare(share: number | null, words: Language): string {
  return share === null ? '–' : `${formatNumber(Math.floor(share * 1000) / 10, words, 1)}${NBSP}%`
}

export function toneOf(share: number | null): 'bad' | 'warn' | '' {
  return share === null || share >= LOW_SHARE ? '' : share < BAD_SHARE ? 'bad' : 'warn'
}

/** Fewer meters than this are a departure of nothing, however rare they are. */
const LEAST_UNUSUAL = 5
const TIMES_USUAL = 3

/** Says whether so many meters are three times what a usual night has; without a usual night nothing is unusual. */
export function isUnusual(value: number, usual: number | null): boolean {
  return usual !== null && value >= LEAST_UNUSUAL && value >= TIMES_USUAL * usual
}

export const shareText = computed(() => (last.value === null || last.value.expected === 0 ? null : formatShare(shareOf(last.value), language.value)))
