/** What people do to modems from the fleet's table. */

import { part, post, type CallOptions } from './client'
import type { Modem } from './modems'
import type { Result } from './problem'

export interface Job {
  id: string
  kind: string
  status: string
  total: number
}

/** What became of a connection from the hub to a modem's own polling port. */
export interface PortTest {
  address: string | null
  listening: boolean
  took_ms: number | null
  online: boolean
  cause: string | null
}

export const approve = (modem: string): Promise<Result<Modem>> => post(`modems/${part(modem)}/approve`)
export const reject = (modem: string): Promise<Result<null>> => post(`modems/${part(modem)}/reject`)
export const testPort = (modem: string): Promise<Result<PortTest>> => post(`modems/${part(modem)}/port_test`)
export const sendCommands = (modems: readonly string[], command: string, args: Record<string, unknown>, expiresInS: number, options: CallOptions): Promise<Result<Job>> =>
  post('commands', { target: { modems }, command, args, expires_in: expiresInS }, options)
export const wakeMany = (modems: readonly string[], expiresInS: number, options: CallOptions): Promise<Result<Job>> =>
  post('wakes', { target: { modems }, expires_in: expiresInS }, options)
export const sendSms = (modem: string, text: string, options: CallOptions): Promise<Result<{ id: string }>> => post('sms', { modem, text }, options)
