"""What kubelets make of nodes, and of the pods that were given to them."""
