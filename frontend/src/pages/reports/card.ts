/** The columns that say of which modem and SIM card a row is. */

import type { Column } from '@/components/PlainTable.vue'
import { operatorName } from '@/fleet/operators'
import { t } from '@/i18n'

interface Card {
  modem: string
  modem_name: string
  group: string
  operator: string | null
  iccid: string | null
}

export const cardColumns = <C extends Card>(): Column<C>[] => [
  { key: 'modem', label: t('reports.modem'), by: (row) => row.modem_name || row.modem },
  { key: 'group', label: t('reports.group'), by: (row) => row.group, isWideOnly: true },
  { key: 'operator', label: t('reports.operator'), width: '110px', by: (row) => (row.operator === null ? null : operatorName(row.operator)), isWideOnly: true },
  { key: 'iccid', label: t('reports.iccid'), width: '180px', isMono: true, by: (row) => row.iccid, isWideOnly: true },
]
