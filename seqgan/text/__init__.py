"""Words: vocabulary, reading of stories, encoders."""
