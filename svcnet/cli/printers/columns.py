"""kubectl's columns per kind: pure functions from an object to its cells.

The API server makes these tables; kubectl lays them out.  Tables of kinds that are asked for less
often stand in modules of their own, which are imported when they are needed.

Source: kubernetes pkg/printers/internalversion/printers.go.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.cli.printers.cells import (
    NONE,
    UNKNOWN,
    UNSET,
    age_of,
    cut,
    ingress_points,
    items,
    joined,
    labels,
    name_of,
    part,
)
from svcnet.cli.printers.table import Table, table


def table_of(kind: Kind, definition: Document | None = None) -> Table:
    """Return the table of a kind.

    Args:
        kind: the kind.
        definition: its CustomResourceDefinition, where it is a custom one.
    """
    # What stands here goes first, as it needs no further import.
    found = _TABLES.get(kind.resource)
    if found is not None:
        return found
    if definition is not None:
        from svcnet.cli.printers.columns_custom import custom_table

        return custom_table(kind, definition)
    for module, resources in _ELSEWHERE.items():
        if kind.resource in resources:
            tables: dict[str, Table] = import_module(module).TABLES
            return tables[kind.resource]
    return _GENERIC


# --- Services and what stands behind them -----------------------------------------------------


def service_row(service: Document, now: str) -> Sequence[object]:
    """Return a Service's cells."""
    spec = part(service, "spec")
    return (
        name_of(service),
        spec.get("type", ""),
        # Not spec.clusterIP: an ExternalName has neither, and shows `<none>` for it.
        (items(spec, "clusterIPs") or [NONE])[0],
        external_ip(service),
        joined(map(service_port, items(spec, "ports"))),
        age_of(service, now),
        labels(part(spec, "selector")),
    )


def service_port(port: Document) -> str:
    """Return a Service's port.

    >>> service_port({"port": 80, "protocol": "TCP", "nodePort": 30080})
    '80:30080/TCP'
    """
    node_port = f":{port['nodePort']}" if port.get("nodePort") else ""
    return f"{port.get('port', 0)}{node_port}/{port.get('protocol', '')}"


def external_ip(service: Document) -> str:
    """Return where a Service can be reached from outside, as far as it is known."""
    spec = part(service, "spec")
    given = items(spec, "externalIPs")
    match spec.get("type"):
        case "ClusterIP" | "NodePort":
            return joined(given)
        case "LoadBalancer":
            # A real one cuts this to 16 characters in narrow tables, but the server's are wide.
            points = ingress_points(part(service, "status", "loadBalancer"))
            return joined((*points, *given), "<pending>")
        case "ExternalName":
            return str(spec.get("externalName", ""))
    return UNKNOWN


def _slice_row(each: Document, now: str) -> Sequence[object]:
    """Return an EndpointSlice's cells.

    Source: printers.go printEndpointSlice().
    """
    ports = [_slice_port(port) for port in items(each, "ports")]
    # Ready or not: the table does not tell them apart.
    addresses = [
        address for endpoint in items(each, "endpoints") for address in items(endpoint, "addresses")
    ]
    return (
        name_of(each),
        each.get("addressType", ""),
        cut(ports, len(ports)) or UNSET,
        cut(addresses, len(addresses)) or UNSET,
        age_of(each, now),
    )


def _slice_port(port: Document) -> str:
    number = port.get("port")
    return str(number) if number is not None else port.get("name") or "*"


def _endpoints_row(endpoints: Document, now: str) -> Sequence[object]:
    return name_of(endpoints), endpoints_cell(endpoints), age_of(endpoints, now)


def endpoints_cell(endpoints: Document) -> str:
    """Return the ready addresses of an Endpoints object, the first few of them."""
    subsets = items(endpoints, "subsets")
    if not subsets:
        return NONE
    # A subset without ports stands for a headless Service: its addresses are shown bare.
    sockets = [
        _socket(address.get("ip", ""), port)
        for subset in subsets
        for port in items(subset, "ports") or [None]
        for address in items(subset, "addresses")
    ]
    return cut(sockets, len(sockets))


def _socket(address: str, port: Document | None) -> str:
    if port is None:
        return address
    host = f"[{address}]" if ":" in address else address
    return f"{host}:{port.get('port', 0)}"


def _service_cidr_row(each: Document, now: str) -> Sequence[object]:
    return name_of(each), ",".join(items(each, "spec", "cidrs")), age_of(each, now)


def _ip_address_row(each: Document, _now: str) -> Sequence[object]:
    parent = part(each, "spec", "parentRef")
    if not parent:
        return name_of(each), NONE
    # Group and namespace may be empty, and leave no separator behind then.
    resource = ".".join(filter(None, (parent.get("resource"), parent.get("group")))).lower()
    path = (resource, parent.get("namespace"), parent.get("name"))
    return name_of(each), "/".join(filter(None, path))


# --- nodes and namespaces ---------------------------------------------------------------------


def _node_row(node: Document, now: str) -> Sequence[object]:
    machine = part(node, "status", "nodeInfo")
    return (
        name_of(node),
        node_status(node),
        joined(node_roles(node)),
        age_of(node, now),
        machine.get("kubeletVersion", ""),
        _node_address(node, "InternalIP"),
        _node_address(node, "ExternalIP"),
        machine.get("osImage") or UNKNOWN,
        _kernel(machine),
        machine.get("containerRuntimeVersion") or UNKNOWN,
    )


def node_status(node: Document) -> str:
    """Return a node's state: ``Ready``, ``NotReady,SchedulingDisabled``."""
    # Of several conditions of that type the last one counts.
    ready = [each for each in items(node, "status", "conditions") if each.get("type") == "Ready"]
    # No such condition is not the same as a false one: nobody has told anything yet.
    status = "Unknown"
    if ready:
        status = "Ready" if ready[-1].get("status") == "True" else "NotReady"
    return status + (",SchedulingDisabled" if part(node, "spec").get("unschedulable") else "")


def node_roles(node: Document) -> list[str]:
    """Return a node's roles, sorted."""
    roles = set()
    for key, value in part(node, "metadata", "labels").items():
        if key.startswith("node-role.kubernetes.io/"):
            roles.add(key.partition("/")[2])
        elif key == "kubernetes.io/role":
            roles.add(value)
    return sorted(role for role in roles if role)


def _node_address(node: Document, kind: str) -> str:
    found = [each for each in items(node, "status", "addresses") if each.get("type") == kind]
    return str(found[0].get("address", "")) if found else NONE


def _kernel(machine: Document) -> str:
    version, architecture = machine.get("kernelVersion"), machine.get("architecture")
    if not version:
        return UNKNOWN
    return f"{version} ({architecture})" if architecture else str(version)


def _namespace_row(namespace: Document, now: str) -> Sequence[object]:
    phase = part(namespace, "status").get("phase", "")
    return name_of(namespace), phase, age_of(namespace, now)


def _generic_row(document: Document, _now: str) -> Sequence[object]:
    return name_of(document), part(document, "metadata").get("creationTimestamp", "")


_GENERIC = table("NAME|CREATED AT", _generic_row)
"""The columns of kinds for which nobody wrote any: roles, limit ranges, definitions."""

_TABLES = {
    "services": table("NAME|TYPE|CLUSTER-IP|EXTERNAL-IP|PORT(S)|AGE", service_row, "SELECTOR"),
    "endpointslices.discovery.k8s.io": table("NAME|ADDRESSTYPE|PORTS|ENDPOINTS|AGE", _slice_row),
    "endpoints": table("NAME|ENDPOINTS|AGE", _endpoints_row),
    "servicecidrs.networking.k8s.io": table("NAME|CIDRS|AGE", _service_cidr_row),
    "ipaddresses.networking.k8s.io": table("NAME|PARENTREF", _ip_address_row),
    "nodes": table(
        "NAME|STATUS|ROLES|AGE|VERSION",
        _node_row,
        "INTERNAL-IP|EXTERNAL-IP|OS-IMAGE|KERNEL-VERSION|CONTAINER-RUNTIME",
    ),
    "namespaces": table("NAME|STATUS|AGE", _namespace_row),
}

_ELSEWHERE: dict[str, frozenset[str]] = {
    "svcnet.cli.printers.columns_workloads": frozenset((
        "pods", "podtemplates", "replicationcontrollers", "deployments.apps", "replicasets.apps",
        "statefulsets.apps", "daemonsets.apps", "controllerrevisions.apps", "jobs.batch",
        "cronjobs.batch", "scales.autoscaling", "poddisruptionbudgets.policy",
    )),
    "svcnet.cli.printers.columns_others": frozenset((
        "configmaps", "secrets", "serviceaccounts", "resourcequotas", "events",
        "events.events.k8s.io",
        "ingresses.networking.k8s.io", "ingressclasses.networking.k8s.io",
        "networkpolicies.networking.k8s.io", "leases.coordination.k8s.io",
        "runtimeclasses.node.k8s.io", "priorityclasses.scheduling.k8s.io",
        "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        "validatingwebhookconfigurations.admissionregistration.k8s.io",
        "rolebindings.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io",
        "horizontalpodautoscalers.autoscaling",
    )),
    "svcnet.cli.printers.columns_registration": frozenset((
        "validatingadmissionpolicies.admissionregistration.k8s.io",
        "mutatingadmissionpolicies.admissionregistration.k8s.io",
        "validatingadmissionpolicybindings.admissionregistration.k8s.io",
        "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
        "apiservices.apiregistration.k8s.io", "flowschemas.flowcontrol.apiserver.k8s.io",
        "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
        "certificatesigningrequests.certificates.k8s.io", "deviceclasses.resource.k8s.io",
        "resourceclaims.resource.k8s.io", "resourceclaimtemplates.resource.k8s.io",
        "resourceslices.resource.k8s.io", "volumeattributesclasses.storage.k8s.io",
        "csistoragecapacities.storage.k8s.io", "componentstatuses",
    )),
    "svcnet.cli.printers.columns_storage": frozenset((
        "persistentvolumes", "persistentvolumeclaims", "storageclasses.storage.k8s.io",
        "volumeattachments.storage.k8s.io", "csinodes.storage.k8s.io",
        "csidrivers.storage.k8s.io",
    )),
}  # fmt: skip
"""Where the tables of the other kinds stand."""
