"""Boards as pages and grids."""
