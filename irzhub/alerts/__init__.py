"""What people are told: incidents, and the outbox from which every message leaves."""
