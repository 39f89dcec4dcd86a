"""EndpointSlices follow Services and the pods behind them.

Source: kubernetes pkg/controller/endpointslice/endpointslice_controller.go,
staging/src/k8s.io/endpointslice/reconciler.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from svcnet.api.index_values import SERVICE_NAME, by_label
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import ENDPOINT_SLICE, POD, SERVICE
from svcnet.api.objects import EndpointSlice, Node, Service
from svcnet.api.workloads import Pod
from svcnet.control.controllers import service_pods
from svcnet.control.controllers.endpoint_ports import Ports, in_slice, of_slice, resolver
from svcnet.control.controllers.slice_packing import Identity, identity, lay_out
from svcnet.control.controllers.topology_hints import ZONE, Draft, hint
from svcnet.control.objects.ownership import owner_identity, owner_reference, owners_of
from svcnet.control.objects.pods import NameGenerator
from svcnet.snapshot import Change, Delete, Put, Snapshot

MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
CONTROLLER = "endpointslice-controller.k8s.io"
HEADLESS = "service.kubernetes.io/headless"
TRIGGER = "endpoints.kubernetes.io/last-change-trigger-time"
"""Annotation: when what a slice shows last changed."""

RESERVED = frozenset({SERVICE_NAME, MANAGED_BY, HEADLESS})
"""Labels that a Service cannot hand down to its slices."""


def sync_endpointslices(cluster: Snapshot) -> Iterator[Change]:
    """Ask for slices that show the pods behind each Service that something changed for."""
    nodes = {node.name: node for node in cluster.nodes}
    names = NameGenerator(cluster, ENDPOINT_SLICE.resource)
    for service in service_pods.concerned(cluster, mirrors=ENDPOINT_SLICE.resource):
        if service.metadata.deletion_timestamp is not None:
            continue
        pods = service_pods.selected_by(cluster, service)
        labelled = by_label(SERVICE_NAME, service.name)
        shown = cluster.indexed(EndpointSlice, labelled, service.namespace)
        slices = [each for each in shown if each.labels.get(MANAGED_BY) == CONTROLLER]
        if pods or not service_pods.imported(cluster, slices or shown):
            yield from _Reconciler(cluster, service, nodes, names).changes(pods, slices)


class _Reconciler:
    """Makes the slices of one Service right."""

    def __init__(
        self, cluster: Snapshot, service: Service, nodes: Mapping[str, Node], names: NameGenerator
    ) -> None:
        self._cluster, self._service = cluster, service
        self._nodes, self._names = nodes, names
        self._labels = _labels(service)
        self._trigger = ""

    def changes(self, pods: Sequence[Pod], slices: Sequence[EndpointSlice]) -> Iterator[Change]:
        """Yield what is to be written, family by family; slices of other families go."""
        self._trigger = self._triggered(pods, fresh=not slices)
        families = self._service.spec.ip_families or ("IPv4",)
        for family in families:
            documents = {
                each.name: document
                for each in slices
                if each.address_type == family and (document := self._document(each.name))
            }
            yield from self._reconcile(family, pods, documents)
        for each in slices:
            # The Service had this family before it was made single-stack.
            if each.address_type not in families:
                yield Delete(self._key(each.name))

    def _reconcile(
        self, family: str, pods: Sequence[Pod], documents: dict[str, Document]
    ) -> Iterator[Change]:
        """Yield what makes the slices of one family right."""
        # Slices of an older Service of the same name are not reused.
        own = {name: each for name, each in documents.items() if self._owns(each)}
        desired = self._desired(family, pods)
        gone = [name for name in documents if name not in own]
        grouped: dict[Ports, list[str]] = {}
        for name, document in own.items():
            grouped.setdefault(of_slice(document.get("ports")), []).append(name)
        drafts: list[tuple[Ports, Draft]] = []
        for ports, endpoints in desired.items():
            found, emptied = self._lay_out(own, grouped.pop(ports, []), endpoints)
            drafts += [(ports, draft) for draft in found]
            gone += emptied
        # Lists of ports that no pod has any more.
        gone += [name for names in grouped.values() for name in names]
        if not drafts:
            placeholder, gone = self._placeholder(own, gone)
            drafts.append(((), placeholder))
        hint(self._service, tuple(self._nodes.values()), [draft for _, draft in drafts])
        yield from self._written(family, own, drafts, gone)

    def _lay_out(
        self, own: Mapping[str, Document], names: Sequence[str], endpoints: dict[Identity, Document]
    ) -> tuple[list[Draft], list[str]]:
        """Return the slices of one list of ports, and those that nothing is left of."""
        existing = {name: own[name].get("endpoints") or [] for name in names}
        stale = frozenset(name for name in names if own[name]["metadata"]["labels"] != self._labels)
        layout = lay_out(existing, endpoints, stale)
        return [
            *(Draft(name, existing[name], changed=False) for name in layout.unchanged),
            *(Draft(name, each, changed=True) for name, each in layout.written.items()),
            *(Draft("", each, changed=True) for each in layout.added),
        ], layout.emptied

    def _placeholder(self, own: Mapping[str, Document], gone: list[str]) -> tuple[Draft, list[str]]:
        """Return the slice without endpoints that stays when there are none to show."""
        for name in gone:
            held = own.get(name)
            if held and not held.get("endpoints") and not held.get("ports"):
                changed = held["metadata"]["labels"] != self._labels
                return Draft(name, [], changed), [each for each in gone if each != name]
        return Draft("", [], changed=True), gone

    def _written(
        self,
        family: str,
        own: Mapping[str, Document],
        drafts: Sequence[tuple[Ports, Draft]],
        gone: Sequence[str],
    ) -> Iterator[Change]:
        """Yield the slices that changed; new ones take the place of those that would go."""
        # Rewriting a slice is kinder to those who watch than deleting one and making another.
        spare = [name for name in gone if name in own]
        new: list[tuple[Ports, Draft]] = []
        for ports, draft in drafts:
            if not draft.changed:
                continue
            if name := draft.name or (spare.pop(0) if spare else ""):
                yield Put(self._slice(family, ports, draft.endpoints, own[name]))
            else:
                new.append((ports, draft))
        yield from self._made(family, new)
        kept = [name for name in gone if name not in own]
        yield from (Delete(self._key(name)) for name in (*kept, *spare))

    def _made(self, family: str, new: list[tuple[Ports, Draft]]) -> Iterator[Change]:
        """Yield slices that the Service has not had, in the order of their names.

        Where it is left to chance which name a slice gets, those with the most ports come first:
        so they are read in the same order each time, whatever was drawn.
        """
        prefix, namespace = f"{self._service.name}-", self._service.namespace
        names = sorted(self._names.draw(namespace, prefix) for _ in new)
        ordered = sorted(new, key=lambda each: -len(each[0]))
        for name, (ports, draft) in zip(names, ordered, strict=True):
            yield Put(self._slice(family, ports, draft.endpoints, self._new(prefix, name)))

    # --- endpoints --------------------------------------------------------------------------

    def _desired(self, family: str, pods: Sequence[Pod]) -> dict[Ports, dict[Identity, Document]]:
        """Return the endpoints there are to be, by the ports they have."""
        resolve = resolver(self._service)
        publish = self._service.spec.publish_not_ready_addresses
        found: dict[Ports, dict[Identity, Document]] = {}
        for pod in pods:
            # endpointslice/util/controller_utils.go ShouldPodBeInEndpoints().
            if pod.finished or not pod.addresses:
                continue
            node = self._nodes.get(pod.spec.node_name)
            # Its node is gone, and the pod will be, too.
            if node is None and not publish:
                continue
            addresses = [each for each in pod.addresses if (":" in each) == (family == "IPv6")]
            # Also without addresses of the family: the list of ports is wanted all the same.
            group = found.setdefault(resolve(pod), {})
            if addresses:
                endpoint = self._endpoint(pod, node, addresses)
                group[identity(endpoint)] = endpoint
        return found

    def _endpoint(self, pod: Pod, node: Node | None, addresses: list[str]) -> Document:
        """Return a pod as its slice shows it."""
        publish = self._service.spec.publish_not_ready_addresses
        serving, terminating = pod.ready, pod.terminating
        endpoint: Document = {
            "addresses": addresses,
            "conditions": {
                "ready": publish or (serving and not terminating),
                "serving": serving,
                "terminating": terminating,
            },
            "targetRef": {
                "kind": "Pod",
                "name": pod.name,
                "namespace": pod.namespace,
                "uid": pod.metadata.uid,
            },
        }
        # DNS has such a name only below the Service that the subdomain names.
        if pod.spec.hostname and pod.spec.subdomain == self._service.name:
            endpoint["hostname"] = pod.spec.hostname
        if pod.spec.node_name:
            endpoint["nodeName"] = pod.spec.node_name
        if node is not None and (zone := node.labels.get(ZONE)):
            endpoint["zone"] = zone
        return endpoint

    # --- slices -----------------------------------------------------------------------------

    def _slice(
        self, family: str, ports: Ports, endpoints: list[Document], old: Document
    ) -> Document:
        """Return a slice with new content, and the identity of `old`."""
        content = {
            "addressType": family,
            "endpoints": endpoints or None,
            "ports": [in_slice(each) for each in ports] or None,
        }
        metadata = dict(old["metadata"])
        annotations = {**(metadata.pop("annotations", None) or {}), TRIGGER: self._trigger}
        if not self._trigger:
            del annotations[TRIGGER]
        is_new = "uid" not in metadata
        if not is_new and any(old.get(field) != value for field, value in content.items()):
            metadata["generation"] = metadata.get("generation", 1) + 1
        return {
            **content,
            "apiVersion": ENDPOINT_SLICE.api_version,
            "kind": ENDPOINT_SLICE.kind,
            "metadata": {
                **metadata,
                **({"annotations": annotations} if annotations else {}),
                "labels": self._labels,
            },
        }

    def _new(self, prefix: str, name: str) -> Document:
        """Return what is settled of a slice before its content."""
        service = self._service
        owner = owner_reference(SERVICE.api_version, SERVICE.kind, service.metadata)
        return {
            "metadata": {
                "generateName": prefix,
                "generation": 1,
                "name": name,
                "namespace": service.namespace,
                "ownerReferences": [owner],
            }
        }

    def _triggered(self, pods: Sequence[Pod], *, fresh: bool) -> str:
        """Return when the first of the changes that are seen now happened; empty: not known.

        Source: staging/src/k8s.io/endpointslice/util/trigger_time_tracker.go.
        """
        times = [
            each.last_transition_time
            for pod in pods
            if fresh or Key(POD.resource, pod.namespace, pod.name) in self._cluster.changed
            for each in pod.status.conditions or ()
            if each.type == "Ready"
            and each.last_transition_time
            and (fresh or each.last_transition_time == self._cluster.now)
        ]
        if fresh and self._service.metadata.creation_timestamp:
            times.append(self._service.metadata.creation_timestamp)
        return min(times, default="")

    def _owns(self, document: Document) -> bool:
        owners = [*owners_of(document)]
        mine = owner_identity(SERVICE.api_version, SERVICE.kind, self._service.metadata.uid)
        return not owners or mine in owners

    def _key(self, name: str) -> Key:
        return Key(ENDPOINT_SLICE.resource, self._service.namespace, name)

    def _document(self, name: str) -> Document | None:
        return self._cluster.document(self._key(name))


def _labels(service: Service) -> dict[str, str]:
    """Return the labels of a Service's slices: the Service's own, and whose they are."""
    own = {key: value for key, value in service.labels.items() if key not in RESERVED}
    headless = {HEADLESS: ""} if service.spec.cluster_ip in ("", "None") else {}
    return {**own, **headless, MANAGED_BY: CONTROLLER, SERVICE_NAME: service.name}
