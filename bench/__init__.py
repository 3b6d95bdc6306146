"""The load and its reference: every number is a ratio to a one-line Flask app, measured in the same run."""
