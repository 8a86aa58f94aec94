"""Compose projects: read, merged and resolved as Docker Compose does, with the place that each value came from."""
