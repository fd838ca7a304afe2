"""Parts that know torch only."""
