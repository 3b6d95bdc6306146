"""Speakers: their own pages, and what organisers see of them."""
