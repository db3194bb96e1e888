/** What the hub says when it cannot do what was asked (RFC 9457), and what the page makes of a silent hub. */

export interface FieldProblem {
  field: string
  message: string
}

export interface Problem {
  /** HTTP status; 0 when the hub did not answer at all. */
  status: number
  /** The same word for the same cause: texts are chosen by it (`problem.<code>` in the catalogues). */
  code: string
  detail: string
  /** Number of the request, as the hub's log knows it; empty when there was no answer. */
  id: string
  errors: FieldProblem[]
  retryAfterS: number | null
}

export type Result<T> = { ok: true; value: T; etag: string | null } | { ok: false; problem: Problem }

export const NO_ANSWER: Problem = { status: 0, code: 'no_answer', detail: '', id: '', errors: [], retryAfterS: null }

/** Returns the problem that an answer tells, also when a proxy answered instead of the hub. */
export async function readProblem(answer: Response): Promise<Problem> {
  const id = answer.headers.get('X-Request-Id') ?? ''
  const retry = Number(answer.headers.get('Retry-After'))
  const base: Problem = { status: answer.status, code: `http_${answer.status}`, detail: '', id, errors: [], retryAfterS: retry > 0 ? retry : null }
  if (!(answer.headers.get('Content-Type') ?? '').includes('json')) return base
  try {
    const told = (await answer.json()) as Partial<Problem>
    return { ...base, code: told.code ?? base.code, detail: told.detail ?? '', id: told.id ?? id, errors: told.errors ?? [] }
  } catch {
    return base
  }
}

/** Returns what is wrong with one field of a form, null when nothing is. */
export function fieldProblem(problem: Problem | null, field: string): string | null {
  return problem?.errors.find((each) => each.field === field)?.message ?? null
}
