"""The broker that bad messages go through is the one of tests/mqtt."""

from tests.mqtt.conftest import broker

__all__ = ["broker"]
