"""The commands of seqgan: each a thin reading of a public function."""
