/** Where the page is served from: the hub may stand behind a proxy under a path of its own. */

function readRoot(): string {
  const told = document.querySelector<HTMLMetaElement>('meta[name=irzhub-root]')?.content ?? './'
  return new URL(told, window.location.href).pathname
}

/** Path with a slash at its end, such as `/` or `/irzhub/`. */
export const ROOT: string = readRoot()

export function socketUrl(path: string): string {
  const url = new URL(ROOT + path, window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}
