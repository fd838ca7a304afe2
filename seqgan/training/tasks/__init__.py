"""One task per kind of training."""
