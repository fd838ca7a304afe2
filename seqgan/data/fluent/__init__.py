"""Clips of the animated Fluent Emoji: read, told in sentences, split by cells, composed over the theatre's places."""
