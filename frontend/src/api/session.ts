/** Who is signed in, and signing in and out. */

import { call, get, patch, post } from './client'
import type { Result } from './problem'

export interface SecondFactor {
  enabled: boolean
  required: boolean
  recovery_codes_left: number
}

export interface Session {
  kind: 'user' | 'token'
  name: string
  role: string
  rights: string[]
  scope: { organisations: string[] | null; groups: string[] | null }
  language: 'ru' | 'en' | null
  csrf: string | null
  expires_at: string | null
  idle_s: number | null
  second_factor: SecondFactor | null
}

export const readSession = (): Promise<Result<Session>> => get<Session>('session')
export const signIn = (name: string, password: string, code: string | null): Promise<Result<Session>> =>
  post<Session>('session', { name, password, ...(code !== null && { code }) })
export const signOut = (): Promise<Result<null>> => call<null>('DELETE', 'session')
export const setLanguage = (language: 'ru' | 'en'): Promise<Result<Session>> => patch<Session>('session', { language })
export const beginTotp = (password: string): Promise<Result<{ secret: string; uri: string }>> => post('session/totp', { password })
export const confirmTotp = (code: string): Promise<Result<{ recovery_codes: string[] }>> => post('session/totp/confirm', { code })
