/** A filter of a view, kept in the query of its address, so that the link shows the same to somebody else. */

import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** Returns the parameter `name`; `usual` is its value when the address does not name it. */
export function useQuery<T extends string>(name: string, usual: T): WritableComputedRef<T> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => {
      const value = route.query[name]
      return (typeof value === 'string' ? value : usual) as T
    },
    set: (value: T) => void router.replace({ query: { ...route.query, [name]: value === usual ? undefined : value } }),
  })
}

/** The same for what may be absent. */
export function useQueryOrNull(name: string): WritableComputedRef<string | null> {
  const text = useQuery<string>(name, '')
  return computed({ get: () => text.value || null, set: (value) => (text.value = value ?? '') })
}
