"""Kubernetes manifests as resources, and what Kustomize makes of a tree of them."""
