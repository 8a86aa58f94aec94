"""Helm charts: loading, values, rendering, with the origin of every line."""
