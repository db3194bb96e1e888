/** YAML of a new rule, as the hub reads it: texts in double quotes, short mappings on one line, ids that nobody has. */

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value | undefined }

/** Words that YAML 1.2 and the hub read as a text also without quotes. */
const PLAIN = /^[a-z]\w{1,39}$/i
const WORDS = /^(true|false|null|on|off|yes|no)$/i

/** One value on one line. */
export function inline(value: Value): string {
  if (typeof value === 'string') return PLAIN.test(value) && !WORDS.test(value) ? value : JSON.stringify(value)
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(inline).join(', ')}]`
  const keys = Object.entries(value as Record<string, Value | undefined>).filter((entry): entry is [string, Value] => entry[1] !== undefined)
  return `{${keys.map(([key, each]) => `${PLAIN.test(key) ? key : JSON.stringify(key)}: ${inline(each)}`).join(', ')}}`
}

/** A value over several lines, where one line would hold lists of mappings; `depth` is how far in it stands. */
function block(value: Value, depth: number): string[] {
  const pad = ' '.repeat(depth)
  if (Array.isArray(value)) {
    return (value as readonly Value[]).flatMap((each) => {
      const [first = '', ...rest] = isDeep(each) ? block(each, depth + 2) : [`${pad}  ${inline(each)}`]
      return [`${pad}- ${first.slice(depth + 2)}`, ...rest]
    })
  }
  const keys = Object.entries(value as Record<string, Value | undefined>).filter((entry): entry is [string, Value] => entry[1] !== undefined)
  return keys.flatMap(([key, each]) => (Array.isArray(each) && each.some((one) => typeof one === 'object') ? [`${pad}${key}:`, ...block(each, depth + 2)] : [`${pad}${key}: ${inline(each)}`]))
}

/** Says whether a mapping holds a list of mappings. */
const isDeep = (value: Value): boolean => typeof value === 'object' && !Array.isArray(value) && Object.values(value).some((each) => Array.isArray(each) && each.some((one) => typeof one === 'object'))

export interface NewRule {
  id: string
  alias: string
  description?: string
  triggers?: readonly Value[]
  conditions?: readonly Value[]
  actions?: readonly Value[]
  mode?: string
  use_blueprint?: { path: string; inputs: { readonly [key: string]: Value | undefined } }
}

/** The text of one rule, with its end of line. */
export function ruleText(rule: NewRule): string {
  const lines = [`- id: ${inline(rule.id)}`, `  alias: ${JSON.stringify(rule.alias)}`]
  if (rule.description) lines.push(`  description: ${JSON.stringify(rule.description)}`)
  for (const key of ['triggers', 'conditions', 'actions'] as const) {
    const each = rule[key]
    if (each && each.length > 0) lines.push(`  ${key}:`, ...block(each, 4))
  }
  if (rule.use_blueprint) lines.push('  use_blueprint:', `    path: ${JSON.stringify(rule.use_blueprint.path)}`, `    inputs: ${inline(rule.use_blueprint.inputs)}`)
  if (rule.mode) lines.push(`  mode: ${rule.mode}`)
  return `${lines.join('\n')}\n`
}

/** Puts a rule behind those that are there; a file that says it is empty (`[]`) becomes a list. */
export function withRule(text: string, rule: string): string {
  const kept = text.replace(/^\s*\[\s*\]\s*$/m, '').replace(/\s+$/, '')
  return kept === '' ? rule : `${kept}\n\n${rule}`
}

/** `stem_1`, `stem_2`: the first that no rule has. */
export function freeId(stem: string, taken: readonly string[]): string {
  const used = new Set(taken)
  let number = 1
  while (used.has(`${stem}_${number}`)) number += 1
  return `${stem}_${number}`
}
