"""iRZ ATM modems: hello, frames, commands (docs/protocol.md 1)."""
