/** Rows as CSV for a spreadsheet: with its mark for UTF-8, figures of an IMEI as text, and no cell that could be a formula. */

const MARK = '\ufeff'

/** Returns the text of a file; lines end as spreadsheets expect. */
export function csvOf(head: readonly string[], rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  return MARK + [head, ...rows].map((row) => row.map(cell).join(';')).join('\r\n') + '\r\n'
}

function cell(value: string | number | boolean | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  let text = String(value)
  // A spreadsheet would round a long number, and would run what begins like a formula.
  if (/^\d{12,}$/.test(text)) return `"=""${text}"""`
  if (/^[=+\-@\t\r]/.test(text)) text = `'${text}`
  return /[";\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
}

/** Has the browser save a text as a file. */
export function saveFile(name: string, text: string, media: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: media }))
  link.download = name
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
