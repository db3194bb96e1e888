/** Which places of a template somebody has to fill in. */

import type { Template } from '@/api/modemSettings'

/** Each modem fills these in by itself. */
const OWN: ReadonlySet<string> = new Set(['imei', 'modem', 'channel', 'name', 'group', 'model', 'port'])

/** Returns the places for values that are given once for all modems; those of secrets are asked for apart. */
export const openPlaces = (template: Pick<Template, 'placeholders' | 'secrets'>): string[] => template.placeholders.filter((name) => !OWN.has(name) && !template.secrets.includes(name))
