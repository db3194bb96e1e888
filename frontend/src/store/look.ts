/** How the page looks for this person in this browser: theme, density, language. */

import { computed, ref, watch } from 'vue'

import { patch } from '@/api/client'
import { useLanguage } from '@/i18n'
import type { Language } from '@/i18n/format'

import { recall, remember } from './memory'

export type Theme = 'light' | 'dark'

const system = window.matchMedia('(prefers-color-scheme: dark)')
const isSystemDark = ref(system.matches)
system.addEventListener('change', (event) => (isSystemDark.value = event.matches))

const chosen = ref<Theme | null>(recall<Theme>('theme'))
export const theme = computed<Theme>(() => chosen.value ?? (isSystemDark.value ? 'dark' : 'light'))
export const isDense = ref(recall<boolean>('dense') ?? false)
export const language = ref<Language>(recall<Language>('language') ?? (navigator.language.startsWith('ru') ? 'ru' : 'en'))

const narrow = window.matchMedia('(max-width: 700px)')
export const isPhone = ref(narrow.matches)
narrow.addEventListener('change', (event) => (isPhone.value = event.matches))

const middling = window.matchMedia('(min-width: 701px) and (max-width: 1380px)')
/** A desk with a small screen: the least of the usual columns is left out. */
export const isNarrow = ref(middling.matches)
middling.addEventListener('change', (event) => (isNarrow.value = event.matches))

watch(theme, (now) => (document.documentElement.dataset['theme'] = now), { immediate: true })
watch(
  isDense,
  (now) => {
    if (now) document.documentElement.dataset['dense'] = ''
    else delete document.documentElement.dataset['dense']
    remember('dense', now)
  },
  { immediate: true },
)

export function toggleTheme(): void {
  chosen.value = theme.value === 'dark' ? 'light' : 'dark'
  remember('theme', chosen.value)
}

/** Shows another language, and has the hub keep it for the person. */
export async function chooseLanguage(wanted: Language, isSignedIn: boolean): Promise<void> {
  await useLanguage(wanted)
  language.value = wanted
  remember('language', wanted)
  if (isSignedIn) await patch('session', { language: wanted })
}
