"""The vocabulary of the hub: events, state, services, tasks. Knows no library and no other layer."""
