"""Rules: what is to happen when something has happened, as `automations.yaml` and the notification settings say."""
