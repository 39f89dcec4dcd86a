"""What kube-proxy on one node would hold."""
