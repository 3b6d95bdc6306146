"""People over all editions: addresses, roles, signing in."""
