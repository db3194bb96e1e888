"""Sockets: modems on one side, polling programs on the other, typed messages to the rest of the hub."""
