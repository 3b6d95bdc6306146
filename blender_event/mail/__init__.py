"""Letters: a row first, a message later."""
