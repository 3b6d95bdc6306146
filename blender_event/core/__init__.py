"""What any event app needs and no word of the event: clock, database, errors, forms, text, access."""
