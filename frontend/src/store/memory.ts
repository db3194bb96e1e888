/** What this browser keeps; a browser that keeps nothing loses nothing but comfort. */

const PREFIX = 'irzhub.'

export function recall<T>(name: string): T | null {
  try {
    const text = localStorage.getItem(PREFIX + name)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}

export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value))
  } catch {
    // A full or forbidden store is no reason to stop.
  }
}
