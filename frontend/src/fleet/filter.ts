/**
 * Conditions on modems, as the address writes them: `f=signal.le.-95`, `f=model.in.ATM21,ATM3`, `f=name.has.ТП`,
 * `f=age.older.3600`, `f=commissioning.yes`, `f=phone.none`. All of them must hold.
 */

import type { FleetModem } from '@/api/fleet'

import { isField, kindOf, valueOf, type FieldName, type Kind } from './fields'

export const OPERATIONS = {
  text: ['has', 'hasnt', 'none', 'some'],
  choice: ['in', 'not', 'none'],
  number: ['le', 'ge', 'none', 'some'],
  age: ['older', 'newer', 'none'],
  flag: ['yes', 'no'],
} as const satisfies Record<Kind, readonly string[]>

export type Operation = (typeof OPERATIONS)[Kind][number]

export interface Condition {
  field: FieldName
  operation: Operation
  /** Choices of `in` and `not`; else one text or number; empty where the operation asks for none. */
  values: string[]
}

export type Test = (modem: FleetModem, now: number) => boolean

const PARTS = /^(\w+)\.(\w+)(?:\.(.*))?$/s
const NEEDS_NOTHING: readonly Operation[] = ['none', 'some', 'yes', 'no']

/** Says whether an operation asks for a value. */
export const needsValue = (operation: Operation): boolean => !NEEDS_NOTHING.includes(operation)

/** Returns the condition that a text of the address means, null when it means none. */
export function readCondition(text: string): Condition | null {
  const [, field = '', operation = '', rest = ''] = PARTS.exec(text) ?? []
  if (!isField(field)) return null
  const known: readonly string[] = OPERATIONS[kindOf(field)]
  if (!known.includes(operation)) return null
  const condition = { field, operation: operation as Operation, values: valuesOf(field, operation as Operation, rest) }
  return needsValue(condition.operation) && condition.values.every((value) => value === '') ? null : condition
}

export function writeCondition(condition: Condition): string {
  const head = `${condition.field}.${condition.operation}`
  return condition.values.length === 0 ? head : `${head}.${condition.values.map((value) => (kindOf(condition.field) === 'choice' ? encodeURIComponent(value) : value)).join(',')}`
}

function valuesOf(field: FieldName, operation: Operation, rest: string): string[] {
  if (!needsValue(operation)) return []
  if (kindOf(field) !== 'choice') return [rest]
  return rest.split(',').map((each) => {
    try {
      return decodeURIComponent(each)
    } catch {
      return each
    }
  })
}

/** Returns what tells whether a modem fits. Unknown fits no figure and no text. */
export function testOf({ field, operation, values }: Condition): Test {
  const [first = ''] = values
  const text = first.toLowerCase()
  const figure = Number(first)
  const value = (modem: FleetModem): ReturnType<typeof valueOf> => valueOf(field, modem)
  switch (operation) {
    case 'none':
      return (modem) => isNone(value(modem))
    case 'some':
      return (modem) => !isNone(value(modem))
    case 'yes':
      return (modem) => value(modem) === true
    case 'no':
      return (modem) => value(modem) === false
    case 'in':
      return (modem) => values.includes(String(value(modem) ?? ''))
    case 'not':
      return (modem) => !values.includes(String(value(modem) ?? ''))
    case 'has':
      return (modem) => (value(modem) ?? '').toString().toLowerCase().includes(text)
    case 'hasnt':
      return (modem) => !(value(modem) ?? '').toString().toLowerCase().includes(text)
    case 'le':
      return (modem) => isAtMost(value(modem), figure)
    case 'ge':
      return (modem) => isAtMost(figure, value(modem))
    case 'older':
      return (modem, now) => isAtMost(value(modem), now - figure * 1000)
    case 'newer':
      return (modem, now) => isAtMost(now - figure * 1000, value(modem))
  }
}

const isNone = (value: unknown): boolean => value === null || value === ''
const isAtMost = (left: unknown, right: unknown): boolean => typeof left === 'number' && typeof right === 'number' && left <= right

/** Returns what tells whether a row's text has every typed word; figures of phones are found without their signs. */
export function searchOf(typed: string): ((searched: string) => boolean) | null {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return null
  const digits = /^[\d\s+()-]{4,}$/.test(typed.trim()) ? typed.replace(/\D/g, '') : null
  const [only] = words
  // One word is what most people type, and ten thousand texts are looked through with each letter.
  const hasAll = words.length === 1 && only !== undefined ? (searched: string) => searched.includes(only) : (searched: string) => words.every((word) => searched.includes(word))
  return digits === null ? hasAll : (searched) => hasAll(searched) || searched.includes(digits)
}
