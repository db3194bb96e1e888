/** The operator of a SIM card, by the network codes of its ICCID or of the serving cell (ITU-T E.118, E.212). */

import { words } from '@/i18n'

const BY_NETWORK: Readonly<Record<string, string>> = { '01': 'mts', '02': 'megafon', '99': 'beeline', '20': 't2', '11': 'yota', '62': 'tinkoff' }

/** Returns the operator's key in the catalogue, null when it cannot be told. */
export function operatorOf(iccid: string | null, cell: unknown): string | null {
  const network = /^8970[17]?(\d\d)/.exec(iccid ?? '')?.[1]
  const serving = typeof cell === 'string' ? /^250-(\d\d)-/.exec(cell)?.[1] : undefined
  return BY_NETWORK[serving ?? ''] ?? BY_NETWORK[/^89701(\d\d)/.exec(iccid ?? '')?.[1] ?? network ?? ''] ?? null
}

/** Returns the name of an operator in the reader's letters, from the name that the hub gives; what is not known stays. */
export const operatorName = (name: string): string => words('operator.named')[name] ?? name
