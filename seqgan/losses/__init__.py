"""Losses: tensors and callables in, named terms out."""
