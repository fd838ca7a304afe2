"""Metrics: features and labels in, named numbers out."""
