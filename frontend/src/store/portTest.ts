/** "Test this port": the hub connects to the modem's own polling port, and the page says in words what came of it. */

import { testPort } from '@/api/fleetActions'
import { language, t } from '@/i18n'
import { formatNumber } from '@/i18n/format'

import { tellShort } from './problems'
import { say } from './toasts'

/** Tests the port of a modem and says the result. */
export async function sayPortTest(modem: string): Promise<void> {
  const answer = await testPort(modem)
  if (!answer.ok) return say(tellShort(answer.problem), { isBad: true })
  const { address, listening, took_ms, online, cause } = answer.value
  const ms = took_ms === null ? '' : formatNumber(took_ms, language(), took_ms < 10 ? 1 : 0)
  if (!listening) say(t('portTest.closed', { address: address ?? '–', cause: cause ?? '' }), { isBad: true })
  else if (!online) say(t('portTest.away', { address: address ?? '–', ms }), { isBad: true })
  else say(t('portTest.good', { address: address ?? '–', ms }))
}
