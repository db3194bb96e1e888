/** The units of ages in the shown language. */

import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'

import type { Units } from './format'

export function useAgeUnits(): ComputedRef<Units> {
  const { t } = useI18n()
  return computed(() => ({ s: t('units.s'), min: t('units.min'), h: t('units.h'), m: t('units.m') }))
}
