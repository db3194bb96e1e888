/** What a meter and a program are called in a list. */

import type { Reading } from '@/api/readings'
import { t } from '@/i18n'

export const meterOf = (row: Reading): string =>
  [row.type, row.serial].filter(Boolean).join(' ') || (row.address ? t('readings.atAddress', { address: row.address }) : t('readings.lone'))

export const programOf = (row: Reading): string => row.program_name || row.program || t('readings.nobody')
