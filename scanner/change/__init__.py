"""A scan of a change: what it touches, judged as it is and as it was in the base, which git gives."""
