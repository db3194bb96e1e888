"""The wire form of the bus: topics and payloads, the client, the bridge and the broker child."""
