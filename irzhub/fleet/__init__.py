"""The modems as the hub knows them: registry, ports, inputs, and what the relay tells of them."""
