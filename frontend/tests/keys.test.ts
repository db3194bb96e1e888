/** Keys of the view that is shown, as the status line names them. */

import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'

import { handleKey, lineKeys, useKeys, type Key } from '@/shell/keys'

const view = (keys: Key[]) => defineComponent({ setup: () => (useKeys(keys), () => h('p')) })
const pressed: string[] = []
const key = (code: string, shown: string, inLine?: string): Key => ({ code, shown, says: 'keys.open', ...(inLine && { inLine }), act: () => void pressed.push(code) })

describe('the status line', () => {
  it('names the keys of the view that is shown, those for one thing together, and forgets them with it', () => {
    const list = mount(view([key('KeyJ', 'j', 'alerts.keyLine'), key('KeyK', 'k', 'alerts.keyLine'), key('KeyD', 'd')]))
    const detail = mount(view([key('KeyA', 'a', 'alerts.keyAcknowledge')]))
    expect(lineKeys()).toEqual([{ says: 'alerts.keyLine', shown: ['j', 'k'] }, { says: 'alerts.keyAcknowledge', shown: ['a'] }])
    handleKey(new KeyboardEvent('keydown', { code: 'KeyA' }))
    expect(pressed).toEqual(['KeyA'])
    detail.unmount()
    expect(lineKeys()).toEqual([{ says: 'alerts.keyLine', shown: ['j', 'k'] }])
    list.unmount()
    expect(lineKeys()).toEqual([])
  })
})
