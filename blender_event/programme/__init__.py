"""Editions, rooms, sessions, speakers, and the programme as published."""
