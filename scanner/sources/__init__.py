"""Loaders: from files to resources."""
