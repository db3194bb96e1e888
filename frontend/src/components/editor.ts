/** CodeMirror in the page's colours; only `CodeEditor.vue` loads it. */

import { autocompletion, closeBrackets, completionKeymap, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'

export interface CodeProblem {
  /** Counted from 1. */
  line: number
  column?: number
  message: string
  isWarning?: boolean
}

export interface EditorOptions {
  text: string
  label: string
  language: 'yaml' | 'json'
  isReadonly: boolean
  /** Words that are offered while one types. */
  words: () => readonly string[]
  changed: (text: string) => void
}

export interface EditorHandle {
  write: (text: string) => void
  mark: (problems: readonly CodeProblem[]) => void
  lock: (isReadonly: boolean) => void
  goTo: (line: number) => void
  close: () => void
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--wait)' },
  { tag: tags.comment, color: 'var(--text3)' },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: 'var(--text3)' },
  { tag: tags.invalid, color: 'var(--bad)' },
])

const look = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--surface)', font: '12px/18px var(--mono)' },
  '.cm-content': { fontFamily: 'var(--mono)', caretColor: 'var(--text)', padding: '8px 0' },
  '.cm-gutters': { backgroundColor: 'var(--bg)', color: 'var(--text3)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--sel)' },
  '.cm-panels, .cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--text)', border: '1px solid var(--line2)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--sel)', color: 'var(--text)' },
  '.cm-diagnostic': { font: '13px/20px var(--font)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
})

/** Opens an editor in `place`. */
export function openEditor(place: HTMLElement, options: EditorOptions): EditorHandle {
  const locking = new Compartment()
  const locked = (isReadonly: boolean): ReturnType<typeof EditorState.readOnly.of>[] => [EditorState.readOnly.of(isReadonly), EditorView.editable.of(!isReadonly)]
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(), foldGutter(), lintGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(),
        highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(), syntaxHighlighting(colours), look,
        indentUnit.of('  '), EditorState.tabSize.of(2), EditorView.lineWrapping,
        autocompletion({ override: [(context) => offered(context, options.words())], icons: false }),
        keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap]),
        options.language === 'yaml' ? yaml() : json(),
        EditorView.contentAttributes.of({ 'aria-label': options.label }),
        locking.of(locked(options.isReadonly)),
        EditorView.updateListener.of((update) => update.docChanged && options.changed(update.state.doc.toString())),
      ],
    }),
  })
  return {
    write: (text) => text !== view.state.doc.toString() && view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    mark: (problems) => view.dispatch(setDiagnostics(view.state, problems.map((problem) => markOf(view, problem)))),
    lock: (isReadonly) => view.dispatch({ effects: locking.reconfigure(locked(isReadonly)) }),
    goTo: (line) => {
      const { from } = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines))
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
      view.focus()
    },
    close: () => view.destroy(),
  }
}

function markOf(view: EditorView, problem: CodeProblem): Diagnostic {
  const line = view.state.doc.line(Math.min(Math.max(1, problem.line), view.state.doc.lines))
  const from = Math.min(line.to, line.from + Math.max(0, (problem.column ?? 1) - 1))
  return { from, to: Math.max(from, line.to), severity: problem.isWarning ? 'warning' : 'error', message: problem.message }
}

function offered(context: CompletionContext, words: readonly string[]): CompletionResult | null {
  const word = context.matchBefore(/[\w.]+/)
  if (words.length === 0 || (word === null && !context.explicit)) return null
  return { from: word?.from ?? context.pos, options: words.map((label) => ({ label })), validFor: /^[\w.]*$/ }
}
