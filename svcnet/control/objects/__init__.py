"""What the API server, the controllers, the scheduler and kubelets know of objects alike."""
