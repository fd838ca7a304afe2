"""The board document: schema, commands, journal, media."""
