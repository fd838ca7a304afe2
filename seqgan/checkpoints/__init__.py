"""Checkpoint folders: written, checked, read."""
