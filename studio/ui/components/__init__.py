"""Pieces of the pages, each a function that shows one thing."""
