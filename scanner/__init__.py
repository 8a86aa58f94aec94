"""groundrule: declarative compliance rules over Compose projects, Kubernetes manifests, charts and AWS accounts."""

__version__ = "0.1.0"
