/** Columns of the fleet's table: what each is ordered by, how wide it is, and which are shown at first. */

import type { FieldName } from './fields'

export interface ColumnLook {
  /** CSS width in the grid. */
  width: string
  least: number
  isNumber?: boolean
  isMono?: boolean
}

const fixed = (px: number, more: Partial<ColumnLook> = {}): ColumnLook => ({ width: `${px}px`, least: px, ...more })

export const COLUMNS = {
  state: fixed(146),
  name: { width: 'minmax(190px, 1fr)', least: 190 },
  imei: fixed(126, { isMono: true }),
  address: fixed(162, { isMono: true }),
  signal: fixed(151),
  inputs: fixed(102),
  cause: { width: 'var(--cause, 212px)', least: 212 },
  age: fixed(75, { isNumber: true }),
  group: fixed(170),
  site: fixed(200),
  organisation: fixed(150),
  clients: fixed(84, { isNumber: true }),
  operator: fixed(96),
  iccid: fixed(152, { isMono: true }),
  phone: fixed(120),
  model: fixed(96),
  firmware: fixed(96),
  temperature: fixed(92, { isNumber: true }),
  cell: fixed(132, { isMono: true }),
  line: fixed(160),
  meters: fixed(130),
  comment: fixed(200),
  presence: fixed(120),
  registered: fixed(96, { isNumber: true }),
} as const satisfies Partial<Record<FieldName, ColumnLook>>

export type ColumnName = keyof typeof COLUMNS
export const COLUMN_NAMES = Object.keys(COLUMNS) as ColumnName[]
export const USUAL_COLUMNS: readonly ColumnName[] = ['state', 'name', 'imei', 'address', 'signal', 'inputs', 'cause', 'age']
export const isColumn = (name: string): name is ColumnName => Object.hasOwn(COLUMNS, name)
export const lookOf = (name: ColumnName): ColumnLook => COLUMNS[name]

/** Returns the columns that a text such as `state,name,age` means, the usual ones when it means none. */
export function readColumns(text: string | null): readonly ColumnName[] {
  const found = [...new Set((text ?? '').split(',').filter(isColumn))]
  return found.length === 0 ? USUAL_COLUMNS : found
}
