"""See what Kubernetes Services really do, without a cluster."""
