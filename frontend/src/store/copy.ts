/** Copying to the clipboard, also where the page is served without TLS and the browser keeps the new way to itself. */

import { t } from '@/i18n'

import { say } from './toasts'

/** Copies `text` and says so. */
export async function copyText(text: string): Promise<void> {
  const isDone = (await writeModern(text)) || writeOld(text)
  say(isDone ? t('common.copied', { text: text.length > 60 ? `${text.slice(0, 60)}…` : text }) : t('common.notCopied'), { isBad: !isDone })
}

async function writeModern(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

function writeOld(text: string): boolean {
  const before = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.style.position = 'fixed'
  field.style.opacity = '0'
  document.body.append(field)
  field.select()
  const isDone = document.execCommand('copy')
  field.remove()
  if (before instanceof HTMLElement) before.focus()
  return isDone
}
