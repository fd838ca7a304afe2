"""studio: a story becomes a board of panels; panels are drawn, edited, retaken, timed and exported."""
