"""Snapshots of accounts as resources."""
