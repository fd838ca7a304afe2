"""Encoders of pictures and films behind one face."""
