/** Returns what is in `./ru/fleet.json` under `fleet`, and so on. */
export function gathered(files: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(files).map(([path, words]) => [path.replace(/^.*\/|\.json$/g, ''), words]))
}
