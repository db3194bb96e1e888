type Words = Record<string, unknown>

/** Returns what is in `./ru/fleet.json` under `fleet`, what is in `./ru/modem/card.json` under `modem.card`, and so on. */
export function gathered(files: Record<string, unknown>): Words {
  const all: Words = {}
  for (const [path, words] of Object.entries(files)) {
    const names = path.replace(/^\.\/\w+\/|\.json$/g, '').split('/')
    let place = all
    for (const name of names) place = place[name] = { ...(place[name] as Words | undefined) }
    for (const [key, said] of Object.entries(words as Words)) place[key] = merged(Object.hasOwn(place, key) ? place[key] : undefined, said, `${names.join('.')}.${key}`)
  }
  return all
}

/** A word stands in one file; only a file of a folder and the file beside the folder may both hold words under one name. */
function merged(one: unknown, other: unknown, name: string): unknown {
  if (one === undefined) return other
  if (typeof one === 'string' || typeof other === 'string') throw new Error(`expected ${name} in one file, found it in two`)
  return { ...(one as Words), ...(other as Words) }
}
