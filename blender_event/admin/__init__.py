"""The organisers' frame: dashboard, outbox, audit."""
