"""Charts as sources: where findings in what they render to point to."""
