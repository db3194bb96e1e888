import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'

import { NO_ANSWER, type Result } from '@/api/problem'
import { useEdit, type Edit } from '@/use/edit'

vi.mock('vue-router', () => ({ onBeforeRouteLeave: () => undefined }))

interface Thing extends Record<string, unknown> {
  name: string
  comment: string
}
const START: Thing = { name: 'ТП-1', comment: '' }
const good = (value: Thing, etag: string): Result<Thing> => ({ ok: true, value, etag })
const refused = (status: number, code: string): Result<Thing> => ({ ok: false, problem: { ...NO_ANSWER, status, code } })

function edit(send: (changes: Partial<Thing>, etag: string | null) => Promise<Result<Thing>>, readAgain = (): Promise<Result<Thing>> => Promise.resolve(refused(0, 'no_answer'))): Edit<Thing> {
  let found: Edit<Thing> | null = null
  mount(defineComponent({ setup: () => ((found = useEdit(START, 'a', send, readAgain)), () => h('i')) }))
  return found as unknown as Edit<Thing>
}

describe('editing', () => {
  it('sends only what was changed, with the tag that was read', async () => {
    const send = vi.fn(() => Promise.resolve(good({ name: 'ТП-2', comment: '' }, 'b')))
    const form = edit(send)
    form.draft.name = 'ТП-2'
    expect(await form.save()).toBe(true)
    expect(send).toHaveBeenCalledWith({ name: 'ТП-2' }, 'a')
    expect(form.isDirty.value).toBe(false)
  })

  it('keeps what was typed when the hub refuses or is away', async () => {
    const form = edit(() => Promise.resolve(refused(0, 'no_answer')))
    form.draft.comment = 'ключ у вахтёра'
    expect(await form.save()).toBe(false)
    expect(form.draft.comment).toBe('ключ у вахтёра')
    expect(form.problem.value?.code).toBe('no_answer')
  })

  it('shows what somebody else saved, keeps one own words, and overrules them only when asked again', async () => {
    const answers = [refused(412, 'edited_meanwhile'), good({ name: 'мой', comment: 'их' }, 'c')]
    const send = vi.fn(() => Promise.resolve(answers.shift() as Result<Thing>))
    const form = edit(send, () => Promise.resolve(good({ name: 'их', comment: 'их' }, 'b')))
    form.draft.name = 'мой'
    expect(await form.save()).toBe(false)
    expect(form.theirs.value).toEqual({ name: 'их' })
    expect({ ...form.draft }).toEqual({ name: 'мой', comment: 'их' })
    expect(await form.save()).toBe(true)
    expect(send).toHaveBeenLastCalledWith({ name: 'мой' }, 'b')
  })

  it('keeps what was typed while it was being sent', async () => {
    const form = edit(async (changes) => {
      form.draft.comment = 'ещё'
      await Promise.resolve()
      return good({ ...START, ...changes }, 'b')
    })
    form.draft.name = 'ТП-3'
    expect(await form.save()).toBe(true)
    expect(form.changes.value).toEqual({ comment: 'ещё' })
  })
})
