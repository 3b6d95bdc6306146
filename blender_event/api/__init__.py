"""The public data for other programs: a read API and the exchange formats."""
