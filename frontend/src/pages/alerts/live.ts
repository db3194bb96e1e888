/** Open alerts, for every view: read once, and again when the feed says that one changed. */

import { computed, shallowRef, watch } from 'vue'

import { readAlerts, type Alert } from '@/api/alerts'
import { t } from '@/i18n'
import { alarmLine } from '@/store/alarmLine'
import { onComeback, onEvent } from '@/store/feed'
import { language } from '@/store/look'
import { may, sessionState } from '@/store/session'

import { ring } from './bell'

const MOST = 500
const PAUSE_MS = 400
const WEIGHT = { alarm: 2, warning: 1, info: 0 } as const

/** Null until they were read. */
export const openAlerts = shallowRef<readonly Alert[] | null>(null)
export const unacknowledged = computed(() => openAlerts.value?.filter((each) => each.acknowledged_by === null).length ?? 0)
export const hasUntakenAlarm = computed(() => openAlerts.value?.some((each) => each.acknowledged_by === null && each.severity === 'alarm') ?? false)

let timer = 0
let heard: ReadonlySet<number> | null = null

/** The gravest first, unacknowledged before acknowledged, the oldest first among equals. */
export function byGravity(one: Alert, other: Alert): number {
  const waits = Number(other.acknowledged_by === null) - Number(one.acknowledged_by === null)
  return waits || WEIGHT[other.severity] - WEIGHT[one.severity] || Date.parse(one.opened_at) - Date.parse(other.opened_at) || one.id - other.id
}

/** The title, and where it is: what many have in common is not in their title. */
export function headline(alert: Alert): string {
  return alert.where === null || alert.title.includes(alert.where) ? alert.title : `${alert.title}: ${alert.where}`
}

/** Reads what is open now; what the page shows of it stays where nothing changed. */
export async function readOpen(): Promise<void> {
  if (sessionState.value !== 'in' || !may('alerts.read')) return
  const answer = await readAlerts({ state: 'open', limit: MOST, lang: language.value })
  if (!answer.ok) return
  const open = [...answer.value.items].sort(byGravity)
  openAlerts.value = open
  const gravest = open[0]
  alarmLine.value =
    gravest === undefined
      ? null
      : { text: headline(gravest), since: gravest.opened_at, isAcknowledged: gravest.acknowledged_by !== null, isGrave: gravest.severity === 'alarm', to: { name: 'alert', params: { id: gravest.id } } }
  const fresh = heard === null ? [] : open.filter((each) => !heard?.has(each.id) && each.acknowledged_by === null && !each.silenced)
  heard = new Set(open.map((each) => each.id))
  const loudest = fresh[0]
  if (loudest) ring(fresh.length === 1 ? headline(loudest) : t('alerts.several', { title: headline(loudest), n: fresh.length - 1 }), loudest.severity === 'alarm')
}

/** Reads soon: many changes at once are read once. */
export function readSoon(): void {
  window.clearTimeout(timer)
  timer = window.setTimeout(() => void readOpen(), PAUSE_MS)
}

/** Begins when somebody has signed in; called once, when the page is loaded. */
export function followAlerts(): void {
  watch([sessionState, language], () => void readOpen(), { immediate: true })
  onEvent(({ type }) => type.startsWith('alert_') && readSoon())
  onComeback(readSoon)
}
