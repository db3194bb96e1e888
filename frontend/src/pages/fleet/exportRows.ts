/** The shown rows and columns as a file for a spreadsheet. */

import type { ColumnName } from '@/fleet/columns'
import { csvOf, saveFile } from '@/fleet/csv'
import { siteOf, valueOf } from '@/fleet/fields'
import { shownState } from '@/fleet/state'
import { t } from '@/i18n'
import type { FleetRow } from '@/store/fleet'
import { dayOf } from '@/use/period'

import { choiceText } from './words'

/** Saves `modems-2026-11-22.csv`; times as the hub tells them, so that a spreadsheet can order them. */
export function exportRows(rows: readonly FleetRow[], columns: readonly ColumnName[]): void {
  const head = columns.flatMap((name) => (name === 'name' && !columns.includes('site') ? [t('fleet.field.name'), t('fleet.field.site')] : [t(`fleet.field.${name}`)]))
  const lines = rows.map((row) => columns.flatMap((name) => cellsOf(row, name, columns)))
  saveFile(`modems-${dayOf(new Date())}.csv`, csvOf(head, lines), 'text/csv;charset=utf-8')
}

function cellsOf({ data }: FleetRow, name: ColumnName, columns: readonly ColumnName[]): (string | number | boolean | null)[] {
  if (name === 'state') return [t(`state.${shownState(data)}`)]
  if (name === 'name') return columns.includes('site') ? [data.name] : [data.name, siteOf(data)]
  if (name === 'inputs') return [Object.entries(data.gpi).map(([pin, level]) => `${pin}: ${level === null ? '?' : t(level === 'ON' ? 'input.on' : 'input.off')}`).join(', ')]
  if (name === 'age') return [data.last_seen]
  if (name === 'registered') return [data.registered_at]
  const value = valueOf(name, data)
  return [typeof value === 'string' ? choiceText(name, value) : value]
}
