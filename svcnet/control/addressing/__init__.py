"""What the API server allocates for Services: families, cluster IPs, node ports, ranges."""
