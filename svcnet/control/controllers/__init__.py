"""kube-controller-manager: one module a controller, each from a snapshot to changes."""
