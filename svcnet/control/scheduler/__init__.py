"""kube-scheduler: where pods go."""
