"""Text and seed in, uint8 pictures out."""
