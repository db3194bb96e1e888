/** A key of `irzhub.yaml` as the lines that are put into the file. */

/** What YAML 1.2, as the hub reads it, takes for a text without quotes. */
const PLAIN = /^[\p{L}/.][\p{L}\d_ ./+-]*$/u
const WORDS = /^(true|false|null|~)$/i

/** Returns the lines for a key, such as `web.port`; the value of a secret stands in `secrets.yaml`. */
export function yamlOf(key: string, value: unknown, isSecret: boolean): string {
  const names = key.split('.')
  const last = names.length - 1
  return names.map((name, depth) => `${'  '.repeat(depth)}${name}:${depth === last ? ` ${isSecret ? `!secret ${names.join('_')}` : written(value)}` : ''}`).join('\n')
}

function written(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return PLAIN.test(value) && !WORDS.test(value) ? value.trimEnd() : JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`
  if (typeof value === 'object') return `{${Object.entries(value).map(([name, inner]) => `${name}: ${written(inner)}`).join(', ')}}`
  return JSON.stringify(value)
}
