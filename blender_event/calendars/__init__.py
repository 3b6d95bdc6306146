"""The calendars people subscribe to."""
