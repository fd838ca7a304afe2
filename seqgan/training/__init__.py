"""One loop, one task per kind, everything that trains."""
