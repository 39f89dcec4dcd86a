"""Settings of the cluster, fixed when it is made."""

# No `from __future__ import annotations`: msgspec would have to compile and evaluate every field.

from svcnet.api.lean_msgspec import msgspec

DEFAULT_NODES = ("n1", "n2", "n3")


class ClusterSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What `svcnet init` decides; stored with the state, and never changed after."""

    seed: str = "0"
    """What every address, port, uid and name suffix is drawn from."""
    service_cidrs: tuple[str, ...] = ("10.96.0.0/12",)
    """One range, or two of different families; the first one's family is the default."""
    node_ports: tuple[int, int] = (30000, 32767)
    """First and last node port."""
    cluster_cidrs: tuple[str, ...] = ("10.244.0.0/16",)
    """Where pod ranges come from, at most one per family."""
    node_masks: tuple[int, ...] = (24,)
    """Prefix length of a node's pod range, one for each of `cluster_cidrs`."""
    load_balancer_cidr: str = "203.0.113.0/24"
    """Where load balancers get addresses; empty: they stay pending."""
    advertise_address: str = "192.168.50.10"
    """Where the API server says that it is; empty: it does not say, and has no endpoints."""
