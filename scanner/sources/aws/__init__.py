"""Snapshots of AWS accounts as resources."""
