"""What tells the ReplicaSets of a Deployment apart."""

POD_TEMPLATE_HASH = "pod-template-hash"
"""Label: which template a ReplicaSet and its pods were made from."""

REVISION = "deployment.kubernetes.io/revision"
"""Annotation: the how-manieth template this is."""
