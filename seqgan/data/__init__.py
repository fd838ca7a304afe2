"""Data sets: records, manifests, checks, and the theatre that composes stories."""
