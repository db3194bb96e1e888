"""Bytes in, meaning out. No I/O, no clock, no logging: time comes in as an argument."""
