"""A cluster made of what files hold, in a state of its own or in one that is there."""

from __future__ import annotations

from collections.abc import Sequence

from svcnet.api import kubeproxy_configmap
from svcnet.api.config import DEFAULT_NODES
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import ENDPOINT_SLICE, NAMESPACE, PRIORITY_CLASS, SERVICE, Kind
from svcnet.api.workloads import Endpoints
from svcnet.control.apiserver import allocated
from svcnet.control.apiserver.restore import Imported, import_objects
from svcnet.control.bootstrap import bootstrap, make_namespaces, make_priority_classes
from svcnet.control.controllers.endpointslice_mirroring import slices_of
from svcnet.control.dump import gaps
from svcnet.control.dump.planning import Plan
from svcnet.lean_namedtuple import NamedTuple
from svcnet.store.transaction import Transaction


class Restored(NamedTuple):
    """What came of the objects of files."""

    imported: tuple[Imported, ...]
    """In the order of the files."""
    foundations: frozenset[Key]
    """What the cluster has that is neither in the files nor derived from them."""


def restore(txn: Transaction, plan: Plan) -> Restored:
    """Make the cluster that is planned in an empty state; controllers have yet to run.

    Raises:
        StatusError: an object cannot be taken, or what it holds belongs to another one.
    """
    if plan.on_base:
        bootstrap(txn, DEFAULT_NODES if plan.base.nodes is None else ())
    else:
        make_namespaces(txn, given=_names(plan, NAMESPACE))
        make_priority_classes(txn, given=_names(plan, PRIORITY_CLASS))
    fallback = plan.base.config_map if plan.on_base and not plan.contents.config_map() else None
    import_objects(txn, [*plan.nodes, *filter(None, [fallback])])
    foundations = frozenset(txn.written)
    return Restored(add(txn, plan), foundations)


def _names(plan: Plan, kind: Kind) -> frozenset[str]:
    return frozenset(each["metadata"]["name"] for each in plan.contents.of(kind))


def add(txn: Transaction, plan: Plan) -> tuple[Imported, ...]:
    """Add the objects of files to the cluster that is there; controllers have yet to run.

    Raises:
        StatusError: an object cannot be taken, or what it holds belongs to another one.
    """
    documents = [each.document for each in plan.contents.items]
    if plan.contents.configuration is not None:
        documents.append(_stored_configuration(plan))
    imported = import_objects(txn, documents)
    slices = gaps.endpoints_without_slices(plan.contents)
    if slices:
        _mirror(txn, slices)
    return imported


def _stored_configuration(plan: Plan) -> Document:
    """Return the ConfigMap in which a cluster keeps what stands by itself in the files."""
    document = kubeproxy_configmap.composed(plan.layers)
    if document.get("clusterCIDR") is None:
        document = {**document, "clusterCIDR": ",".join(plan.settings.cluster_cidrs)}
    return kubeproxy_configmap.config_map(document)


def _mirror(txn: Transaction, endpoints: Sequence[Document]) -> None:
    """Write the slices of Endpoints that the mirroring controller will not look at."""
    for each in endpoints:
        metadata = each["metadata"]
        service = txn.get(Key(SERVICE.resource, metadata["namespace"], metadata["name"]))
        if service is None or gaps.is_mirrored(service, each):
            continue
        view = txn.view(Endpoints, metadata["namespace"], metadata["name"])
        assert view is not None
        for slice_ in slices_of(txn.snapshot(), view):
            key = Key(ENDPOINT_SLICE.resource, metadata["namespace"], slice_["metadata"]["name"])
            allocated.write_new(txn, key, slice_)
