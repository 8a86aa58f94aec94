"""Helm charts as sources: what they render to as resources, whose origins lead to the line to edit."""
