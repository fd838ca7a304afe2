"""One's own videos as a data set of clips: decoded, cut at shots, steady stretches kept, the rest reported."""
