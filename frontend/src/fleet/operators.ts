/** The operator of a SIM card, by the network codes of its ICCID or of the serving cell (ITU-T E.118, E.212). */

import { words } from '@/i18n'

/** The same operators as in irzhub/core/operators.py, whose test compares both. */
const BY_NETWORK: Readonly<Record<string, string>> = {
  '25001': 'mts', '25002': 'megafon', '25011': 'yota', '25020': 't2', '25035': 'motiv', '25060': 'volna', '25062': 'tinkoff', '25099': 'beeline',
  '25701': 'a1', '25702': 'mts_by', '25704': 'life', '40101': 'beeline_kz', '40102': 'kcell', '40177': 'tele2_kz',
}

/** Returns the operator's key in the catalogue, null when it cannot be told. */
export function operatorOf(iccid: string | null, cell: unknown): string | null {
  const [, country = '', network = ''] = (typeof cell === 'string' && /^(\d{3})-(\d{2,3})-/.exec(cell)) || []
  const sim = /^89701(\d\d)/.exec(iccid ?? '')?.[1] ?? ''
  return BY_NETWORK[country + network] ?? BY_NETWORK[`250${sim}`] ?? null
}

/** Returns the name of an operator in the reader's letters, from the name that the hub gives; what is not known stays. */
export const operatorName = (name: string): string => words('operator.named')[name] ?? name
