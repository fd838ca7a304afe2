"""The theatre: a story world composed from a cast pack."""
