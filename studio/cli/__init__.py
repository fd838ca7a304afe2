"""The commands of studio: each a thin reading of a public function."""
