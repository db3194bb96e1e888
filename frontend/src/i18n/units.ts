/** The units of ages in the shown language. */

import { computed, type ComputedRef } from 'vue'

import { word } from '.'
import type { Units } from './format'

export function useAgeUnits(): ComputedRef<Units> {
  return computed(() => ({ s: word('units.s'), min: word('units.min'), h: word('units.h'), m: word('units.m') }))
}
