import { describe, expect, it } from 'vitest'

import { formatAge, formatBytes, formatDate, formatNumber, formatTime } from '@/i18n/format'
import { chooseRussian } from '@/i18n/plural'

const UNITS = { s: 'с', min: 'мин', h: 'ч', m: 'м' }
const age = (seconds: number): string => formatAge(seconds, UNITS, () => 'дата').replace(/\u00a0/g, ' ')

describe('figures', () => {
  it('have a real minus, a comma and non-breaking spaces in Russian', () => {
    expect(formatNumber(10342, 'ru')).toBe('10\u00a0342')
    expect(formatNumber(-79, 'ru')).toBe('\u221279')
    expect(formatNumber(98.84, 'ru', 1)).toBe('98,8')
  })

  it('have a point in English', () => {
    expect(formatNumber(98.84, 'en', 1)).toBe('98.8')
    expect(formatNumber(10342, 'en')).toBe('10\u00a0342')
  })

  it('say bytes in the unit that fits', () => {
    const units = ['Б', 'КБ', 'МБ', 'ГБ'] as const
    expect(formatBytes(812, 'ru', units)).toBe('812\u00a0Б')
    expect(formatBytes(1_400_000, 'ru', units)).toBe('1,4\u00a0МБ')
    expect(formatBytes(0, 'ru', units)).toBe('0\u00a0Б')
  })
})

describe('ages', () => {
  it('are words up to a day, then the date', () => {
    expect([age(0), age(59.9), age(60), age(3599), age(3600), age(11040), age(86399), age(86400)]).toEqual([
      '0 с', '59 с', '1 мин', '59 мин', '1 ч 00 м', '3 ч 04 м', '23 ч 59 м', 'дата',
    ])
  })

  it('of a clock that runs ahead are zero', () => {
    expect(age(-5)).toBe('0 с')
  })
})

it('times have two digits everywhere', () => {
  expect(formatTime(new Date(2026, 10, 22, 2, 1, 6))).toBe('02:01:06')
})

it('Russian plurals take the form of the last figures', () => {
  expect([1, 2, 5, 11, 12, 21, 22, 25, 101, 111, 112, 0].map(chooseRussian)).toEqual([0, 1, 2, 2, 2, 0, 1, 2, 0, 2, 2, 2])
})

describe('dates', () => {
  it('have the year where it is another one, and are remembered for their day, language and year alone', () => {
    const now = new Date(2026, 10, 22)
    const write = (moment: Date, language: 'ru' | 'en', at = now): string => formatDate(moment, language, at).replace(/\u00a0/g, ' ')
    for (let round = 0; round < 2; round += 1) {
      expect(write(new Date(2026, 10, 21, 8), 'en')).toBe('21 Nov')
      expect(write(new Date(2026, 10, 21, 9), 'ru')).toBe('21 нояб.')
      expect(write(new Date(2025, 10, 21), 'en')).toBe('21 Nov 2025')
      expect(write(new Date(2026, 10, 21), 'en', new Date(2027, 0, 1))).toBe('21 Nov 2026')
    }
  })
})
