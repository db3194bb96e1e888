import '@/styles/tokens.css'
import '@/styles/base.css'
import '@/styles/frame.css'

import { createApp } from 'vue'

import App from '@/App.vue'
import { i18n, useLanguage } from '@/i18n'
import { router } from '@/router'
import { language } from '@/store/look'
import { findSession } from '@/store/session'

async function start(): Promise<void> {
  await Promise.all([useLanguage(language.value), findSession(true)])
  createApp(App).use(i18n).use(router).mount('#app')
}

void start()
