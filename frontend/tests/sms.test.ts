import { expect, it } from 'vitest'

import { sizeOf } from '@/pages/phone/parts'

it.each([
  ['a'.repeat(160), 1, 0],
  ['a'.repeat(161), 2, 145],
  ['д'.repeat(70), 1, 0],
  ['д'.repeat(71), 2, 63],
  ['€'.repeat(80), 1, 0],
  ['😀'.repeat(35), 1, 0],
  ['', 1, 160],
])('%s takes %i SMS', (text, parts, left) => expect(sizeOf(text)).toMatchObject({ parts, left }))
