/** What an empty hub offers to who has just set it up. */

import { del, get, post } from './client'
import type { Result } from './problem'

export interface Practice {
  possible: boolean
  running: boolean
  modems: number
}

export interface FirstSteps {
  modems: { host: string; port: number | null; local: boolean }
  practice: Practice
}

export interface FirstSms {
  address: string
  port: number
  apn?: string
}

export const readFirstSteps = (): Promise<Result<FirstSteps>> => get('first_steps')
export const startPractice = (modems: number): Promise<Result<Practice>> => post('practice_fleet', { modems })
export const endPractice = (): Promise<Result<null>> => del('practice_fleet')
export const firstSms = (password: string, first: FirstSms): Promise<Result<{ texts: string[]; lengths: number[] }>> => post('settings_sms', { password, first })
/** Ids of the practice fleet begin so: no real modem has such a number. */
export const isPractice = (modem: string): boolean => modem.startsWith('990000000000')
