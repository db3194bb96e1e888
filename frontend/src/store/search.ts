/** What is typed in the search of the top bar. */

import { ref } from 'vue'

export const searchText = ref('')
