/** Conditions and choices in the reader's words. */

import type { FieldName } from '@/fleet/fields'
import { kindOf } from '@/fleet/fields'
import type { Condition } from '@/fleet/filter'
import { language, t } from '@/i18n'
import { formatNumber, NBSP } from '@/i18n/format'
import { organisations } from '@/store/fleet'

const BY_KEY: Partial<Record<FieldName, string>> = { state: 'state', operator: 'operator', presence: 'presence', cause: 'cause.lost' }

/** Returns what a choice is called. */
export function choiceText(field: FieldName, value: string): string {
  if (field === 'organisation') return organisations.value.get(value)?.name ?? value
  const area = BY_KEY[field]
  if (!area) return value
  const key = value === 'meter_silent' ? 'cause.lineSilent' : `${area}.${value}`
  const text = t(key)
  return text === key ? value : text
}

/** Returns the value of a condition for its chip, such as `≤ −95` or `старше 2 ч`. */
export function conditionText({ field, operation, values }: Condition): string {
  const [first = ''] = values
  const kind = kindOf(field)
  if (kind === 'choice' && values.length > 0) {
    const names = values.map((value) => choiceText(field, value)).join(', ')
    return operation === 'not' ? `${t('fleet.operation.not')} ${names}` : names
  }
  const word = t(`fleet.operation.${operation}`)
  if (kind === 'flag' || values.length === 0) return word
  if (kind === 'text') return operation === 'has' ? first : `${word} ${first}`
  if (kind === 'number') return `${operation === 'le' ? '≤' : '≥'}${NBSP}${formatNumber(Number(first), language())}`
  const unit = [86_400, 3600, 60].find((each) => Number(first) % each === 0) ?? 60
  return `${word} ${formatNumber(Number(first) / unit, language())}${NBSP}${t(`fleet.filter.short.${unit}`)}`
}
