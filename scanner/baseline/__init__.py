"""Baselines: the findings that are accepted for now, on disk, and which of those of a scan they are."""
