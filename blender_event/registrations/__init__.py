"""Registrations: a person's place in an edition."""
