"""Pages that own no rows: home, archive, statements, health."""
