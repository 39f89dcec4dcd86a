"""Packet filters in general; has never heard of Kubernetes."""
