"""kube-apiserver: one write, from what was sent to what is stored."""
