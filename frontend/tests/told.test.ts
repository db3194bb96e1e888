/** What happened to a modem is told in the reader's language, whatever the hub's is. */

import { describe, expect, it } from 'vitest'

import type { HubEvent } from '@/api/events'
import { useLanguage } from '@/i18n'
import { toldOf } from '@/pages/modem/words'

const IMEI = '868441036775234'
const why = (kind: string, subject: string): string =>
  toldOf({ type: 'alert_opened', ts: '2026-11-22T15:00:00Z', data: { alert: 7, kind, subject, severity: 'warning', text: 'ТП-1100: слабый сигнал' } } as unknown as HubEvent, [], String).why

describe('an alert among the events of a modem', () => {
  it('says what is wrong in the words of the reader', async () => {
    await useLanguage('en')
    expect(why('weak_signal', IMEI)).toBe('weak signal')
    expect(why('gpi_alarm', `${IMEI}/gpi/2`)).toBe('input in alarm: 2')
    await useLanguage('ru')
    expect(why('weak_signal', IMEI)).toBe('слабый сигнал')
  })

  it('keeps the text of the hub where the page has no word', () => {
    expect(why('something_new', IMEI)).toBe('ТП-1100: слабый сигнал')
  })
})
