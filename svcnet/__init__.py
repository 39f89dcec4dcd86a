"""See what Kubernetes Services really do, without a cluster."""

__version__ = "0.1.0"
