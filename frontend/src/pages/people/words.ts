/** Entries of the directory on one line each. */

import type { Calendar, Contact, Kind, Ladder, Roster, Span, Team } from '@/api/people'
import { DAYS } from '@/api/people'
import { t, tn } from '@/i18n'

export const KINDS: readonly Kind[] = ['contact', 'team', 'roster', 'ladder', 'calendar']

const MINUTE_S = 60
const names = (list: readonly string[]): string => list.join(', ')

export function waysOf(contact: Contact): string {
  return contact.addresses.map((way) => `${t(`people.channel.${way.channel}`)} ${way.address}`).join(', ')
}

function daysText({ days }: Span): string {
  const isWhole = days.length === DAYS.length
  return isWhole ? t('people.daily') : DAYS.filter((day) => days.includes(day)).map((day) => t(`people.day.${day}`)).join(' ')
}

/** What an entry says, by its kind. */
export function contentOf(kind: Kind, entry: object): string {
  switch (kind) {
    case 'contact':
      return waysOf(entry as Contact)
    case 'team':
      return names((entry as Team).members)
    case 'roster':
      return rosterText(entry as Roster)
    case 'ladder':
      return ladderText(entry as Ladder)
    case 'calendar':
      return calendarText(entry as Calendar)
  }
}

function rosterText({ rotation, shifts, otherwise }: Roster): string {
  const parts = [
    rotation && t('people.inTurn', { names: names(rotation.names), hours: rotation.hours }),
    shifts.length > 0 && tn('people.shiftCount', shifts.length),
    otherwise.length > 0 && t('people.elseNames', { names: names(otherwise) }),
  ]
  return parts.filter((part): part is string => typeof part === 'string').join('; ')
}

function ladderText({ steps }: Ladder): string {
  return steps.map((step, place) => (place === 0 ? names(step.targets) : t('people.after', { n: Math.round(step.wait_s / MINUTE_S), names: names(step.targets) }))).join(' → ')
}

function calendarText({ spans, dates, free }: Calendar): string {
  const parts = [...spans.map((span) => `${daysText(span)} ${span.begins}–${span.ends}`), ...dates.map(({ first, last }) => (last && last !== first ? `${first}–${last}` : first))]
  return [...parts, ...(free.length > 0 ? [t('people.freeDays', { days: names(free) })] : [])].join('; ')
}
