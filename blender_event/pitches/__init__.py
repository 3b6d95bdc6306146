"""Pitches: what people send in, who judges it, and how it becomes a session."""
