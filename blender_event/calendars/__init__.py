"""Calendar feeds: the public programme, and one's own day."""
