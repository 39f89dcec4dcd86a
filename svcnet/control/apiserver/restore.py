"""What another cluster gave, taken as it is.

Unlike a write through the API server, **what is given stands**: status, uids, addresses, node
ports, EndpointSlices, bound pods, whatever range they come from.  What is missing is allocated
here or derived by the controllers, so that a dump gives the cluster it was taken from and a
manifest the cluster it would make.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svcnet.api import service_spec
from svcnet.api.defaulting import TEMPLATE_GENERATION, default
from svcnet.api.fields import decode
from svcnet.api.go.strconv import parse_decimal
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import (
    CONTROLLER_REVISION,
    CUSTOM_RESOURCE_DEFINITION,
    DAEMON_SET,
    DEPLOYMENT,
    ENDPOINT_SLICE,
    ENDPOINTS,
    IP_ADDRESS,
    JOB,
    NAMESPACE,
    POD,
    PRIORITY_CLASS,
    REPLICA_SET,
    SERVICE,
    STATEFUL_SET,
    Kind,
)
from svcnet.api.validation.objects import check_update
from svcnet.control.apiserver import allocated, metadata
from svcnet.control.apiserver.cluster_ips import ClusterIPs, families_of
from svcnet.control.apiserver.ip_families import normalised, with_families
from svcnet.control.apiserver.missing_endpoints import missing_endpoints
from svcnet.control.apiserver.missing_replicasets import missing_replica_sets
from svcnet.control.apiserver.missing_revisions import missing_revisions, with_template_count
from svcnet.control.apiserver.namespace_lifecycle import namespace
from svcnet.control.apiserver.node_ports import NodePorts
from svcnet.control.apiserver.service_write import ServiceWrite
from svcnet.control.apiserver.strategies import strategy_of
from svcnet.control.objects.jobs import with_known_uid
from svcnet.control.objects.ownership import by_controller, identity_of_document
from svcnet.control.objects.pods import admitted
from svcnet.control.objects.priorities import prioritised, refusal
from svcnet.errors import BadRequest, Conflict, Invalid, UsageError
from svcnet.lean_namedtuple import NamedTuple
from svcnet.store.pools import ClaimTaken, Pool
from svcnet.store.transaction import Transaction


class Imported(NamedTuple):
    """What came of one object."""

    key: Key
    kind: Kind
    outcome: str
    """``created``, ``configured`` or ``unchanged``."""


class _Item(NamedTuple):
    kind: Kind
    key: Key
    document: Document
    outcome: str = "unchanged"
    """What came of it so far: definitions are written before anything else."""


def import_objects(txn: Transaction, documents: Iterable[Document]) -> tuple[Imported, ...]:
    """Store objects as they are, and give them what they lack; return what came of each, in order.

    Args:
        txn: where to write.
        documents: single objects, Lists already flattened; those without a namespace belong to
            ``default``.

    Importing the same objects again changes nothing.

    Raises:
        UsageError: the cluster has no such kind.
        BadRequest: a document cannot be decoded, or has no name.
        Invalid: an object would not be accepted by any cluster.
        Conflict: what an object holds belongs to another one.
    """
    given = list(documents)
    items = [_item(txn, each) for each in sorted(given, key=_definitions_first)]
    # Node ports that a server did not give such a Service were not wanted there.
    allocated_there = {each.key for each in items if service_spec.is_allocated(each.document)}
    items = _numbered([each._replace(document=_settled(txn, each)) for each in items])
    whole = [*items, *_left_out(txn, items)]
    _make_namespaces(txn, whole)
    _let_go(txn, whole)
    # Everything that is given is claimed before anything is drawn.
    outcomes = {each.key: _write(txn, each) for each in sorted(whole, key=_owners_first)}
    for each in items:
        if each.kind is SERVICE:
            _complete(txn, each.key, node_ports=each.key not in allocated_there)
    return tuple(Imported(each.key, each.kind, outcomes[each.key]) for each in items)


def _numbered(items: list[_Item]) -> list[_Item]:
    """Return what is given, DaemonSets with the numbers of their templates that pods know."""
    if not any(each.kind is DAEMON_SET for each in items):
        return items
    pods = by_controller(each.document for each in items if each.kind is POD)
    return [
        each._replace(
            document=with_template_count(
                each.document, pods.get(identity_of_document(each.document), ())
            )
        )
        if each.kind is DAEMON_SET
        else each
        for each in items
    ]


def _left_out(txn: Transaction, items: Iterable[_Item]) -> Iterator[_Item]:
    """Yield what given objects say that they come from and is neither given nor stored.

    It stands between workloads and pods, or behind slices that mirror it.
    """
    given: dict[str, list[Document]] = {}
    for each in items:
        given.setdefault(each.kind.resource, []).append(each.document)

    def there(kind: Kind) -> list[Document]:
        return [*txn.list(kind.resource), *given.get(kind.resource, ())]

    pods = given.get(POD.resource, [])
    missing: list[Document] = []
    if pods and (deployments := given.get(DEPLOYMENT.resource)):
        missing += missing_replica_sets(pods, deployments, there(REPLICA_SET))
    owners = [*given.get(STATEFUL_SET.resource, ()), *given.get(DAEMON_SET.resource, ())]
    if pods and owners:
        missing += missing_revisions(pods, owners, there(CONTROLLER_REVISION))
    if slices := given.get(ENDPOINT_SLICE.resource):
        missing += missing_endpoints(slices, there(ENDPOINTS))
    for document in missing:
        item = _item(txn, document)
        yield item._replace(document=_settled(txn, item))


def _definitions_first(document: Document) -> bool:
    return not CUSTOM_RESOURCE_DEFINITION.is_of(document)


def _owners_first(item: _Item) -> bool:
    """Sort IPAddresses behind the Services that hold them: then they only show a claim."""
    return item.kind is IP_ADDRESS


def _item(txn: Transaction, document: Document) -> _Item:
    api_version, name = str(document.get("apiVersion", "")), str(document.get("kind", ""))
    kind = txn.kinds().of_document(api_version, name)
    if kind is None:
        raise UsageError(f'no matches for kind "{name}" in version "{api_version}"')
    decoded, _ = decode(document, "Ignore")
    decoded = default(decoded, kind)
    given = decoded.get("metadata") or {}
    if not given.get("name"):
        raise BadRequest(f"a {name} without metadata.name cannot be imported")
    namespace = (given.get("namespace") or "default") if kind.namespaced else ""
    item = _Item(kind, Key(kind.resource, namespace, given["name"]), decoded)
    if kind is CUSTOM_RESOURCE_DEFINITION:
        # Now, so that its own objects can be read.
        settled = item._replace(document=_settled(txn, item))
        return item._replace(outcome=_write(txn, settled))
    return item


def _settled(txn: Transaction, item: _Item) -> Document:
    """Return the object with the metadata, the status and the families that it lacks."""
    kind, key, document = item.kind, item.key, item.document
    old = txn.get(key)
    if kind is JOB:
        document = with_known_uid(document)
    document = {**document, "metadata": _metadata(txn, key, document, old)}
    document = _with_status(txn, kind, document, old)
    if kind is SERVICE:
        document = _service(txn, key, document, old)
    elif kind is JOB and not (document.get("spec") or {}).get("selector"):
        # A manifest, not a Job that some server has seen.
        document = strategy_of(kind).completed(document)
    elif kind is DAEMON_SET and old is not None:
        document = _renumbered(document, old)
    # Rules for new values do not hold for what some cluster has accepted once.
    faults = tuple(check_update(document, document, kind))
    if faults:
        raise Invalid(kind.qualified, key.name, faults)
    return document


def _metadata(txn: Transaction, key: Key, document: Document, old: Document | None) -> Document:
    before = (old or {}).get("metadata") or {}
    given = {**document["metadata"]}
    given.pop("resourceVersion", None)  # It counts the changes of another cluster.
    if key.namespace:
        given["namespace"] = key.namespace
    # A manifest without one is about the object that is there already.
    given["uid"] = given.get("uid") or before.get("uid") or txn.fresh_uid(key)
    since = given.get("creationTimestamp") or before.get("creationTimestamp")
    given["creationTimestamp"] = since or txn.now
    return given


def _with_status(
    txn: Transaction, kind: Kind, document: Document, old: Document | None
) -> Document:
    """Return the object as new ones begin, unless it or its stored self is further on."""
    if document.get("status"):
        return document
    if old is not None and old.get("status"):
        return {**document, "status": old["status"]}
    strategy = strategy_of(kind)
    if kind is POD:
        spec = admitted(document.get("spec") or {})
        classes = txn.list(PRIORITY_CLASS.resource)
        # A class that nobody gave may exist where the pod comes from.
        if not refusal(classes, spec):
            spec = prioritised(classes, spec)
        document = {**document, "spec": spec}
    if strategy.counted:
        document = {**document, "metadata": {"generation": 1, **document["metadata"]}}
    if strategy.first_status is None:
        return document
    return {**document, "status": strategy.first_status(document)}


def _renumbered(document: Document, old: Document) -> Document:
    """Return a DaemonSet with another number than it had if its template is another one."""
    given = document["metadata"]
    annotations = given["annotations"]
    count = max(
        parse_decimal(annotations[TEMPLATE_GENERATION]) or 1, metadata.template_count(document, old)
    )
    annotations = {**annotations, TEMPLATE_GENERATION: str(count)}
    return {**document, "metadata": {**given, "annotations": annotations}}


def _service(txn: Transaction, key: Key, service: Document, old: Document | None) -> Document:
    """Return a Service whose families are known; its addresses stand, or are still missing."""
    before = None if old is None else (old.get("spec") or {})
    spec = normalised(service.get("spec") or {}, before)
    if spec.get("type") == "ExternalName":
        return {**service, "spec": spec}
    addresses = service_spec.cluster_ips(spec)
    if addresses and not spec.get("ipFamilies"):
        families = ["IPv6" if ":" in each else "IPv4" for each in addresses]
        policy = "SingleStack" if len(families) == 1 else "RequireDualStack"
        spec = {"ipFamilyPolicy": policy, **spec, "ipFamilies": families}
    elif not spec.get("ipFamilies") or not spec.get("ipFamilyPolicy"):
        spec = with_families(key.name, spec, before, families_of(txn))
    return {**service, "spec": spec}


def _make_namespaces(txn: Transaction, items: Iterable[_Item]) -> None:
    """Make the namespaces that objects are in and nobody gave."""
    given = {each.key.name for each in items if each.kind is NAMESPACE}
    for name in dict.fromkeys(each.key.namespace for each in items if each.key.namespace):
        key = Key(NAMESPACE.resource, "", name)
        if name not in given and txn.get(key) is None:
            allocated.write_new(txn, key, namespace(name))


def _let_go(txn: Transaction, items: Iterable[_Item]) -> None:
    """Release what stored objects will not hold any more, so that others can have it at once."""
    for each in items:
        old = txn.get(each.key)
        if old is not None:
            allocated.give_up(txn, each.key, old, each.document)


def _write(txn: Transaction, item: _Item) -> str:
    old = txn.get(item.key)
    if old is not None and metadata.unchanged(item.document, old):
        return item.outcome
    if item.kind is IP_ADDRESS and _shows_a_claim(txn, item):
        txn.put(item.document)
        return "created"
    try:
        allocated.write(txn, item.key, item.document)
    except ClaimTaken as taken:
        whose = f"{taken.owner.resource} {taken.owner.namespace}/{taken.owner.name}"
        raise Conflict(
            item.key.resource, item.key.name, f"{taken.value} belongs to {whose}"
        ) from None
    return "created" if old is None else "configured"


def _shows_a_claim(txn: Transaction, item: _Item) -> bool:
    """Tell whether an IPAddress is that of a Service, which holds the address itself."""
    owner = txn.owner(Pool.CLUSTER_IPS, item.key.name)
    return owner is not None and owner.resource == SERVICE.resource


def _complete(txn: Transaction, key: Key, *, node_ports: bool) -> None:
    """Allocate what a Service lacks, now that nothing given can be taken from anybody."""
    service = txn.get(key)
    assert service is not None
    spec = service.get("spec") or {}
    write = ServiceWrite(txn, key)
    whole = ClusterIPs(write).completed(spec)
    if node_ports:
        whole = NodePorts(write).completed(whole)
    if whole != spec:
        allocated.write(txn, key, {**service, "spec": whole})
