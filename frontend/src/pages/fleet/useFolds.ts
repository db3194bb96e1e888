/** Modems lost together are one row that leads to its alert; unfolded they stand in their places. */

import { computed, onUnmounted, shallowRef, watch, type ComputedRef } from 'vue'

import { getAll, part } from '@/api/client'
import { stateOf } from '@/fleet/state'
import { rows, type FleetRow } from '@/store/fleet'
import { openAlerts } from '@/pages/alerts/live'

export interface Fold {
  /** Number of the alert. */
  id: number
  title: string
  cause: string
  since: string
  /** How many rows it stands for in what is shown now. */
  count: number
}

/** Fewer are no flood: they are shown one by one. */
const LEAST = 5

export interface Folds {
  /** Rows of the fold of an alert; null when it is in none, or when that is unfolded. */
  foldOf: (row: FleetRow) => number | null
  /** Grows when another set of rows is folded. */
  revision: ComputedRef<string>
  describe: (counts: ReadonlyMap<number, number>) => Fold[]
  unfold: (id: number) => void
  fold: () => void
  isUnfolded: ComputedRef<boolean>
  /** Says, once, whether the last change of the folds was somebody's press. */
  isByHand: () => boolean
}

export function useFolds(): Folds {
  const members = shallowRef<ReadonlyMap<number, ReadonlySet<string>>>(new Map())
  const unfolded = shallowRef<ReadonlySet<number>>(new Set())
  const causes = computed(() => (openAlerts.value ?? []).filter((alert) => alert.kind === 'common_cause' && (alert.away ?? 0) >= LEAST))
  let isGone = false
  let byHand = false

  async function read(): Promise<void> {
    const found = new Map<number, ReadonlySet<string>>()
    for (const { id } of causes.value) {
      const answer = await getAll<{ modem: string }>(`alerts/${part(id)}/modems`)
      if (answer.ok) found.set(id, new Set(answer.value.map((each) => each.modem)))
    }
    if (!isGone) members.value = found
  }
  watch(() => causes.value.map((alert) => `${alert.id}.${alert.members}`).join(), () => void read(), { immediate: true })
  onUnmounted(() => (isGone = true))

  function foldOf(row: FleetRow): number | null {
    if (members.value.size === 0 || row.data.state !== 'offline' || stateOf(row.data) !== 'off' || !rows.has(row.id)) return null
    for (const [id, modems] of members.value) if (!unfolded.value.has(id) && modems.has(row.id)) return id
    return null
  }

  return {
    foldOf,
    revision: computed(() => [...members.value].map(([id, modems]) => `${id}.${modems.size}.${unfolded.value.has(id)}`).join()),
    describe: (counts) =>
      causes.value.filter(({ id }) => (counts.get(id) ?? 0) > 0).map((alert) => ({ id: alert.id, title: alert.where ?? alert.title, cause: alert.cause, since: alert.opened_at, count: counts.get(alert.id) ?? 0 })),
    unfold: (id) => {
      byHand = true
      unfolded.value = new Set([...unfolded.value, id])
    },
    fold: () => {
      byHand = true
      unfolded.value = new Set()
    },
    isByHand: () => {
      const was = byHand
      byHand = false
      return was
    },
    isUnfolded: computed(() => [...unfolded.value].some((id) => members.value.has(id))),
  }
}
