/** Automations: the rules as they run, their text, what they did, and what they would have done. */

import type { Said } from '@/i18n/said'

import { call, get, getAll, part, patch, post } from './client'
import type { Result } from './problem'

export type RunResult = 'running' | 'done' | 'stopped' | 'failed' | 'conditions' | 'skipped' | 'broken' | 'cancelled'

export interface LastRun {
  id: string
  ts: string
  ended_at: string | null
  result: RunResult
  error: string | null
  error_said?: Said | null
}

export interface Automation {
  id: string
  name: string
  description: string
  source: 'file' | 'notifications'
  line: number | null
  mode: 'single' | 'restart' | 'queued' | 'parallel'
  max: number
  enabled: boolean
  /** People said so on the page, whatever the file says. */
  switched: boolean
  triggers: string[]
  running: number
  counts: Partial<Record<RunResult, number>>
  last_run: LastRun | null
}

export interface TraceStep {
  path: string
  result: string | boolean | null
  error?: string
  error_said?: Said | null
  text?: string
  to?: unknown
  [more: string]: unknown
}

export interface Trace {
  id: string
  rule: string
  ts: string
  ended_at: string | null
  trigger: number
  event: { id: string; ts: string; type: string; modem: string | null; data: Record<string, unknown> }
  result: RunResult
  error: string | null
  error_said?: Said | null
  steps: TraceStep[]
}

export interface RuleProblem {
  file: string
  line: number | null
  key: string
  message: string
  message_said?: Said | null
}

export interface RulesFile {
  text: string
  version: string
  problems: RuleProblem[]
  loaded_at: string | null
}

export interface WouldTell {
  ts: string
  rule: string
  subject: string
  modem: string | null
  text: string
  title: string
  severity: 'info' | 'warning' | 'alarm'
  recipients: string[]
  sms_segments: number
  folded: number
}

export interface DryRun {
  since: string
  until: string
  events: number
  runs: Record<string, Partial<Record<RunResult, number>>>
  told: WouldTell[]
  told_count: number
  sms_segments: number
  actions: Record<string, Record<string, number>>
  notes: string[]
}

export interface Blueprint {
  path: string
  name: string
  description: string
  inputs: Record<string, { description?: string; default?: unknown }>
  problems: RuleProblem[]
}

/** A replay of a month over a big fleet takes minutes. */
const DRY_RUN_S = 300

export const readAutomations = (): Promise<Result<Automation[]>> => getAll<Automation>('automations', { limit: 1000 }, 10_000)
export const readAutomation = (id: string): Promise<Result<Automation>> => get(`automations/${part(id)}`)
export const switchAutomation = (id: string, enabled: boolean | null): Promise<Result<Automation>> => patch(`automations/${part(id)}`, { enabled })
export const readTraces = (id: string): Promise<Result<{ items: Trace[] }>> => get(`automations/${part(id)}/traces`)
export const readRules = (): Promise<Result<RulesFile>> => get('automations_file')
export const saveRules = (text: string, etag: string | null): Promise<Result<RulesFile>> => call('PUT', 'automations_file', { body: { text }, ifMatch: etag })
export const checkRules = (text: string): Promise<Result<{ problems: RuleProblem[] }>> => post('automations_file/check', { text })
export const dryRun = (text: string, since: string, most = 200): Promise<Result<DryRun>> => post('automations_file/dry_run', { text, since, most }, { timeoutS: DRY_RUN_S })
export const readBlueprints = (): Promise<Result<{ items: Blueprint[] }>> => get('blueprints')
export const readLanguage = (): Promise<Result<Record<string, unknown>>> => get('automations_schema.json')
