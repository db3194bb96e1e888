/** What happened to a modem, in words: its shape, what it was, and why or what to do. */

import type { HubEvent } from '@/api/events'
import { t, tn } from '@/i18n'

export interface ToldEvent {
  shape: string
  /** Class of the shape's colour. */
  tone: string
  title: string
  why: string
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
const known = (key: string, otherwise: string, values: Record<string, unknown> = {}): string => {
  const said = t(key, values)
  return said === key ? otherwise : said
}

/** Programs and people by how the hub names who asked: `rest:anna`, `automation:door`. */
export function originText(origin: string): string {
  const [kind = '', name = ''] = origin.split(/:(.*)/)
  return known(`modem.origin.${kind}`, name || kind, { name })
}

/** What a command does, such as `Переключить выход 2: вкл`. */
export function commandText(command: string, args: Record<string, unknown>): string {
  const name = known(`modem.command.names.${command}`, command)
  if (command === 'set_output') return t('modem.command.outputTo', { n: text(args['output']), to: t(args['on'] ? 'common.on' : 'common.off') })
  if (command === 'pulse') return `${name} ${text(args['output'])}`
  if (command === 'ussd') return `${name} ${text(args['code'])}`
  return name
}

function event(shape: string, tone: string, title: string, why = ''): ToldEvent {
  return { shape, tone, title, why }
}

/**
 * Returns the words for an event.
 *
 * @param before - the events before it, the newest first: how long a link was away stands in them
 * @param lasting - words for so many seconds
 */
export function toldOf(one: HubEvent, before: readonly HubEvent[], lasting: (seconds: number) => string): ToldEvent {
  const { data } = one
  const named = (key: string): string => text(data[key])
  const e = (key: string, values: Record<string, unknown> = {}): string => t(`modem.event.${key}`, values)
  switch (one.type) {
    case 'registered':
      return event('on', 'c-on', e('registered', { port: named('port') }), named('model'))
    case 'connected':
      return connected(one, before, lasting)
    case 'disconnected':
      return disconnected(data)
    case 'rejected':
      return event('note', 'warn', e('rejected'), known(`modem.event.rejectedWhy.${slug(named('reason'))}`, named('reason')))
    case 'imei_conflict':
      return event('note', 'warn', e('conflict'), e('conflictWhy', { peers: Array.isArray(data['peers']) ? data['peers'].join(', ') : '' }))
    case 'gpi_changed':
      return input(data)
    case 'gpo_changed':
      return event('done', 'm', e(data['level'] === 'ON' ? 'outputOn' : 'outputOff', { pin: named('pin') }))
    case 'command_finished':
      return command(data)
    case 'output_stuck':
      return event('note', 'warn', e('stuck', { n: named('output'), name: named('name') }), e('stuckWhy'))
    case 'modem_replaced':
      return event('done', 'm', e('replaced', { former: named('former') }), e('replacedWhy', { port: named('port') }))
    case 'sim_changed':
      return event('note', 'warn', e('sim'), e('simWhy', { iccid: named('iccid'), previous: named('previous') }))
    case 'meter_silent':
      return event('stale', 'c-stale', e('meterSilent', { meter: meterOf(data) }), tn('modem.event.meterSilentWhy', Number(data['in_vain'] ?? 0)))
    case 'meter_answering':
      return event('on', 'c-on', e('meterAnswers', { meter: meterOf(data) }), e('meterAnswersWhy', { time: lasting(Number(data['silent_s'] ?? 0)) }))
    case 'meter_changed':
      return event('note', 'warn', e('meterChanged', { meter: meterOf(data) }), e('meterChangedWhy', { previous: named('previous'), identity: named('identity') }))
    case 'settings_finished':
    case 'firmware_finished': {
      const isFine = data['status'] === 'ok'
      return event(isFine ? 'done' : 'stale', isFine ? 'm' : 'c-stale', e(`${one.type}.${isFine ? 'ok' : 'failed'}`), isFine ? originText(named('origin')) : named('error'))
    }
    case 'missed_schedule':
      return event('off', 'bad', e('missed'), e('missedWhy'))
    case 'wake_started':
      return event('standby', 'sleep', e('wake'), named('reason') === 'client' ? e('wakeClient') : originText(named('reason')))
    case 'wake_succeeded':
      return event('on', 'c-on', e('woken', { time: lasting(Number(data['took_s'] ?? 0)) }), known(`modem.wakeStep.${named('by')}`, named('by')))
    case 'wake_failed':
      return event('off', 'bad', e('notWoken'), e('notWokenWhy'))
    case 'sms_received':
      return event('done', 'm', e('sms', { number: named('number') }), named('text'))
    case 'call_received':
      return event('done', 'm', e('call', { number: named('number') }))
    case 'alert_opened':
      return event(data['severity'] === 'alarm' ? 'alarm' : 'note', data['severity'] === 'alarm' ? 'bad' : 'warn', e('alertOpened', { n: named('alert') }), alertText(data))
    case 'alert_closed':
      return event('done', 'c-on', e('alertClosed', { n: named('alert'), time: lasting(Number(data['lasted_s'] ?? 0)) }))
    case 'client_connected':
      return event('done', 'm', e('clientCame', { peer: named('peer') }))
    case 'client_disconnected':
      return event('done', 'm', e('clientLeft', { peer: named('peer'), time: lasting(Number(data['lasted_s'] ?? 0)) }), known(`modem.event.clientWhy.${named('reason')}`, named('reason')))
    default:
      return event('done', 'm', one.type)
  }
}

function connected(one: HubEvent, before: readonly HubEvent[], lasting: (seconds: number) => string): ToldEvent {
  const last = before.find((each) => each.type === 'connected' || each.type === 'disconnected')
  const { data } = one
  const about = [data['sim'] ? t('modem.event.withSim', { n: text(data['sim']) }) : '', text(data['model']), text(data['firmware'])].filter(Boolean).join(', ')
  const why = data['woken_by'] ? [known(`modem.wakeStep.${text(data['woken_by'])}`, ''), about].filter(Boolean).join('. ') : about
  const awayS = last?.type === 'disconnected' ? (Date.parse(one.ts) - Date.parse(last.ts)) / 1000 : 0
  const title = awayS >= 1 ? t('modem.event.back', { time: lasting(awayS) }) : t('modem.event.connected')
  return event('on', 'c-on', title, why)
}

/** What is wrong, in the reader's language: the text of the event is in that of the hub. */
function alertText(data: Record<string, unknown>): string {
  const pin = /\/gpi\/(\d+)$/.exec(text(data['subject']))?.[1]
  return [known(`reports.word.${text(data['kind'])}`, text(data['text'])), pin].filter(Boolean).join(': ')
}

const CALM: readonly string[] = ['replaced', 'kicked', 'hub_stop', 'hub_restart', 'worker_lost', 'deleted']

function disconnected(data: Record<string, unknown>): ToldEvent {
  const reason = text(data['reason'])
  const seconds = /(\d+)(?:\.\d+)? s\b/.exec(text(data['detail']))?.[1]
  const title = reason === 'keepalive_lost' && seconds ? t('modem.event.lost.keepaliveFor', { n: seconds }) : known(`modem.event.lost.${reason}`, reason)
  const isCalm = CALM.includes(reason)
  return event(isCalm ? 'done' : 'off', isCalm ? 'm' : 'bad', title, known(`modem.event.lostWhy.${reason}`, text(data['detail'])))
}

function input(data: Record<string, unknown>): ToldEvent {
  const name = text(data['name'])
  const who = name ? t('modem.event.inputNamed', { n: text(data['pin']), name }) : t('modem.inputN', { n: text(data['pin']) })
  const level = t(data['alarm'] === true ? 'input.alarm' : data['alarm'] === false ? 'input.normal' : data['level'] === 'ON' ? 'input.on' : 'input.off')
  const why = data['source'] === 'inferred' ? t('modem.event.inferred') : data['alarm'] === true ? t('modem.event.inputAlarmWhy') : ''
  return event(data['alarm'] === true ? 'alarm' : 'done', data['alarm'] === true ? 'bad' : 'm', `${who}: ${level}`, why)
}

function command(data: Record<string, unknown>): ToldEvent {
  const isFine = data['status'] === 'ok'
  const name = known(`modem.command.names.${text(data['command'])}`, text(data['command']))
  const title = t(`modem.event.command.${isFine ? 'ok' : known(`modem.event.command.${text(data['status'])}`, '') ? text(data['status']) : 'error'}`, { name })
  return event(isFine ? 'done' : 'stale', isFine ? 'm' : 'c-stale', title, isFine ? originText(text(data['origin'])) : text(data['error']))
}

const meterOf = (data: Record<string, unknown>): string => text(data['serial']) || text(data['address'])
const slug = (reason: string): string => reason.toLowerCase().replace(/[^a-z]+/g, '_').replace(/^_|_$/g, '')
