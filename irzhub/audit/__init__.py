"""The record of what people and programs did: written in a chain, copied to syslog and to the history database."""
