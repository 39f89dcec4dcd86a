"""What cluster is to be made of what files hold, decided before anything is written.

All verbs that read dumps go through `planned`, so that they see the same cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api import kubeproxy_configmap
from svcnet.api.config import DEFAULT_NODES, ClusterSettings
from svcnet.api.keys import Document
from svcnet.api.kinds import NODE, SERVICE
from svcnet.api.kubeproxy import KubeProxyConfiguration
from svcnet.api.kubeproxy_configmap import Layer
from svcnet.control.dump import gaps, ranges
from svcnet.control.dump.contents import Contents
from svcnet.lean_namedtuple import NamedTuple

_FAMILIES = {ranges.IPV4: "IPv4", ranges.IPV6: "IPv6"}


class Base(NamedTuple):
    """What holds where files say nothing: the stored cluster, or the one that a user gets."""

    settings: ClusterSettings = ClusterSettings()
    nodes: tuple[Document, ...] | None = None
    """None: those of a default cluster."""
    config_map: Document | None = None
    """What configures its kube-proxy."""
    stored: bool = False


class Plan(NamedTuple):
    """The cluster that is to be made of files."""

    contents: Contents
    base: Base
    settings: ClusterSettings
    nodes: tuple[Document, ...]
    """Nodes that are not in the files: those they only name, or the base's."""
    on_base: bool
    """Whether the files' objects come to the base's nodes, having none of their own."""
    layers: tuple[Layer, ...]
    """What configures kube-proxy: in the files, or where they have no nodes in the base."""

    def configuration(self, *over: Layer) -> KubeProxyConfiguration:
        """Return what kube-proxy is told, maybe with more said by the user.

        Raises:
            UsageError: kube-proxy would refuse it.
        """
        return kubeproxy_configmap.settled([*self.layers, *over], self.settings.cluster_cidrs)


def planned(contents: Contents, base: Base) -> Plan:
    """Return the cluster that `contents` shows, on `base` where they show none.

    Raises:
        UsageError: what configures kube-proxy in the files is no configuration.
    """
    named = gaps.named_nodes(contents) if contents.is_dump else []
    own = contents.of(NODE) or named
    layers = tuple(_layers(contents, None if own else base.config_map))
    cidr = kubeproxy_configmap.composed(layers).get("clusterCIDR") if own else None
    return Plan(
        contents,
        base,
        # Of what type it is has not been looked at yet.
        ranges.settings_of(contents, own, base.settings, str(cidr or "")),
        tuple(named) if own else base.nodes or (),
        not own,
        layers,
    )


def joined(contents: Contents, base: Base) -> Plan:
    """Return the plan to add what files hold to the cluster that is there.

    Raises:
        UsageError: what configures kube-proxy in the files is no configuration.
    """
    layers = tuple(_layers(contents, base.config_map))
    return Plan(contents, base, base.settings, (), on_base=True, layers=layers)


def _layers(contents: Contents, fallback: Document | None) -> Iterator[Layer]:
    config_map = contents.config_map()
    for each in (config_map or fallback,):
        if each is not None:
            metadata = each["metadata"]
            yield kubeproxy_configmap.layer(each, f"{metadata['namespace']}/{metadata['name']}")
    if contents.configuration is not None:
        yield Layer(contents.configuration, contents.source)


# --- what is told -----------------------------------------------------------------------------


def notes(plan: Plan) -> Iterator[str]:
    """Yield what is missing, passed over or taken from elsewhere, as sentences."""
    contents = plan.contents
    for called, names in contents.ignored.items():
        yield f"ignored {len(names)} {called}: {gaps.shortened(names)}: no such kind is served"
    if contents.unknown_fields:
        fields = [f"{each} ({n} times)" for each, n in contents.unknown_fields.items()]
        yield f"ignored fields of another version: {gaps.shortened(fields)}"
    for layer in plan.layers:
        if layer.ignored:
            yield f"ignored in {layer.source}: {gaps.shortened(layer.ignored)}"
    yield from gaps.gap_notes(contents, _nodes_in_place(plan))
    if plan.on_base and plan.base.config_map is not None and not contents.config_map():
        yield "kube-proxy is configured as in the stored cluster"
    if plan.base.stored and not contents.is_dump and any(map(_lacks_address, contents.of(SERVICE))):
        settings = plan.settings
        yield (
            f"cluster IPs are drawn from {','.join(settings.service_cidrs)} and load balancers get "
            f"{settings.load_balancer_cidr or 'nothing'}, as in the stored cluster"
        )


def _lacks_address(service: Document) -> bool:
    spec = service.get("spec") or {}
    return not spec.get("clusterIP") and spec.get("type") != "ExternalName"


def _nodes_in_place(plan: Plan) -> str:
    if not plan.on_base:
        names = gaps.shortened([each["metadata"]["name"] for each in plan.nodes])
        return f"{names} are known by name only"
    if plan.base.nodes is None:
        return f"those of a new cluster, {', '.join(DEFAULT_NODES)}"
    names = gaps.shortened([each["metadata"]["name"] for each in plan.base.nodes])
    return f"those of the stored cluster, {names or 'none'}"


def range_notes(plan: Plan, config: KubeProxyConfiguration, *, said: bool) -> Iterator[str]:
    """Yield how it is known where the pods are, unless kube-proxy was told.

    Args:
        plan: the cluster.
        config: what kube-proxy is told in the end.
        said: whether the user says it.
    """
    if said or kubeproxy_configmap.names_range(plan.layers) or not config.goes_by_cluster_cidr:
        return
    if not config.cluster_cidr:
        yield kubeproxy_configmap.UNKNOWN_RANGE
        return
    nodes = plan.contents.of(NODE)
    described = bool(nodes) and not ranges.ranges_to_be_given(plan.contents)
    source = ranges.pod_range(nodes, plan.base.settings).source if described else ""
    if source:
        yield f"pods are taken to be in {config.cluster_cidr}, {source}"
    elif plan.base.stored:
        yield f"pods are in {config.cluster_cidr}, as in the stored cluster"
    elif not described:
        yield f"pods are in {config.cluster_cidr}, as in a new cluster"
    known = ranges.families(plan.settings.cluster_cidrs)
    for each in sorted(ranges.node_families(nodes) - known):
        yield f"where {_FAMILIES[each]} pods are is not known: no local traffic is told by it"
