"""Modems without a protocol that register with a packet of their own."""
