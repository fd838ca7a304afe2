"""Readers of published picture sets, one a file: each lists entries from a layout, which `entries` makes pictures."""
