"""Who did what to which row, and the one-time keys of forms."""
