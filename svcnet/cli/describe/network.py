"""Descriptions of what carries traffic: Services, their endpoints, and addresses.

Source: kubectl pkg/describe/describe.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svcnet.api.index_values import SERVICE_NAME, by_label
from svcnet.api.keys import Document, Key
from svcnet.cli.describe.page import Page, long_time
from svcnet.cli.printers.cells import NONE, SHOWN, UNSET, items, labels, part, yes_no


def service(page: Page, document: Document) -> None:
    """Describe a Service, with the endpoints that its ports lead to.

    Source: kubectl pkg/describe/describe.go ServiceDescriber.
    """
    spec = part(document, "spec")
    page.head(document)
    page.field("Selector", labels(part(spec, "selector")))
    page.field("Type", spec.get("type", ""))
    # An ExternalName Service has no addresses, so no policy about their families.
    if spec.get("ipFamilyPolicy"):
        page.field("IP Family Policy", spec["ipFamilyPolicy"])
    page.field("IP Families", ",".join(items(spec, "ipFamilies")) or NONE)
    page.field("IP", spec.get("clusterIP", ""))
    page.field("IPs", ",".join(items(spec, "clusterIPs")) or NONE)
    _where_else(page, document)
    # Endpoints come from the slices, whoever made them: a Service without a selector has some too.
    slices = slices_of(page, document)
    for port in items(spec, "ports"):
        _service_port(page, port, slices)
    page.field("Session Affinity", spec.get("sessionAffinity", ""))
    for title, value in _policies(spec):
        if value:
            page.field(title, value)


def _where_else(page: Page, document: Document) -> None:
    """Add the addresses that a Service has beside its cluster IPs."""
    spec = part(document, "spec")
    points = ", ".join(map(_ingress_point, items(document, "status", "loadBalancer", "ingress")))
    for title, value in (
        ("External IPs", ",".join(items(spec, "externalIPs"))),
        ("Desired LoadBalancer IP", spec.get("loadBalancerIP")),
        ("External Name", spec.get("externalName")),
        ("LoadBalancer Ingress", points),
    ):
        if value:
            page.field(title, value)


def _ingress_point(point: Document) -> str:
    """Return an address or name of a load balancer.

    Source: kubectl pkg/describe/describe.go buildIngressString().
    """
    if not point.get("ip"):
        return str(point.get("hostname", ""))
    return f"{point['ip']} ({point['ipMode']})" if point.get("ipMode") else str(point["ip"])


def _policies(spec: Document) -> Iterator[tuple[str, Any]]:
    """Yield how traffic is treated, in kubectl's order."""
    yield "External Traffic Policy", spec.get("externalTrafficPolicy")
    yield "Internal Traffic Policy", spec.get("internalTrafficPolicy")
    yield "HealthCheck NodePort", spec.get("healthCheckNodePort")
    yield "LoadBalancer Source Ranges", ",".join(items(spec, "loadBalancerSourceRanges"))
    yield "Traffic Distribution", spec.get("trafficDistribution")


def _service_port(page: Page, port: Document, slices: Sequence[Document]) -> None:
    """Add one port, and where it leads."""
    name, protocol = port.get("name") or UNSET, port.get("protocol", "")
    page.field("Port", f"{name}\t{port.get('port', 0)}/{protocol}")
    page.field("TargetPort", f"{port.get('targetPort', 0)}/{protocol}")
    # Shown since 1.36.
    if "appProtocol" in port:
        page.field("AppProtocol", port["appProtocol"])
    if port.get("nodePort"):
        page.field("NodePort", f"{name}\t{port['nodePort']}/{protocol}")
    page.field("Endpoints", ready_endpoints(slices, port.get("name", "")))


def slices_of(page: Page, document: Document) -> list[Document]:
    """Return the EndpointSlices of a Service, by name."""
    metadata = part(document, "metadata")
    value = by_label(SERVICE_NAME, metadata.get("name", ""))
    namespace = metadata.get("namespace", "")
    return page.objects.indexed("endpointslices.discovery.k8s.io", value, namespace)


def ready_endpoints(slices: Sequence[Document], port_name: str) -> str:
    """Return the first ready endpoints behind a Service port, and how many more there are.

    A slice without ports counts for every port.  Once three are listed, any further endpoint,
    ready or not, brings up the count: kubectl then says ``+ 0 more...``.

    Source: kubectl pkg/describe/describe.go formatEndpointSlices().
    """
    if not slices:
        return NONE
    listed: list[str] = []
    more, count = False, 0
    for address, ready in _targets(slices, port_name):
        # An endpoint that is not ready brings up the count as well.
        more = more or len(listed) == SHOWN
        if ready:
            count += 1
            if not more:
                listed.append(address)
    text = ",".join(listed)
    return f"{text} + {count - SHOWN} more..." if more else text


def _targets(slices: Sequence[Document], port_name: str) -> Iterator[tuple[str, bool]]:
    """Yield the sockets behind a Service port, and whether each takes traffic."""
    for each in slices:
        ports = items(each, "ports")
        for port in [port for port in ports if port.get("name", "") == port_name]:
            for endpoint in items(each, "endpoints"):
                yield _socket(_first_address(endpoint), port.get("port", 0)), _is_ready(endpoint)
        if not ports:
            for endpoint in items(each, "endpoints"):
                yield _first_address(endpoint), _is_ready(endpoint)


def _first_address(endpoint: Document) -> str:
    """Return the only address of an endpoint that is used."""
    # discovery/v1 gives further addresses no meaning, and kube-proxy does not look at them.
    return str(next(iter(items(endpoint, "addresses")), ""))


def _socket(address: str, port: int) -> str:
    """Return an address with a port, as net.JoinHostPort() does."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _is_ready(endpoint: Document) -> bool:
    """Return whether an endpoint takes traffic; not to be told counts as yes."""
    return part(endpoint, "conditions").get("ready") is not False


def endpoints(page: Page, document: Document) -> None:
    """Describe an Endpoints object.

    Source: kubectl pkg/describe/describe.go EndpointsDescriber.
    """
    page.head(document)
    page.line("Subsets:")
    for subset in items(document, "subsets"):
        page.field("Addresses", _addresses(subset, "addresses"), 1)
        page.field("NotReadyAddresses", _addresses(subset, "notReadyAddresses"), 1)
        ports = items(subset, "ports")
        if ports:
            page.line("Ports:", 1)
            page.table("Name\tPort\tProtocol", map(_endpoint_port, ports), 2)
        page.line("")


def _addresses(subset: Document, field: str) -> str:
    """Return the addresses of a subset, with commas."""
    return ",".join(each.get("ip", "") for each in items(subset, field)) or NONE


def _endpoint_port(port: Document) -> str:
    number = port["port"] if port.get("port") is not None else UNSET
    return f"{port.get('name') or UNSET}\t{number}\t{port.get('protocol', '')}"


def endpoint_slice(page: Page, document: Document) -> None:
    """Describe an EndpointSlice.

    Source: kubectl pkg/describe/describe.go EndpointSliceDescriber.
    """
    page.head(document)
    page.field("AddressType", document.get("addressType", ""))
    ports, found = items(document, "ports"), items(document, "endpoints")
    page.line("Ports:" if ports else f"Ports: {UNSET}")
    if ports:
        page.table("Name\tPort\tProtocol", map(_endpoint_port, ports))
    page.line("Endpoints:" if found else f"Endpoints: {NONE}")
    for endpoint in found:
        _endpoint(page, endpoint)


def _endpoint(page: Page, endpoint: Document) -> None:
    """Add one endpoint of a slice."""
    ready = part(endpoint, "conditions").get("ready")
    page.field("- Addresses", ", ".join(items(endpoint, "addresses")) or NONE, 1)
    page.line("Conditions:", 2)
    page.field("Ready", UNSET if ready is None else yes_no(ready), 3)
    page.field("Hostname", endpoint.get("hostname", UNSET), 2)
    if target := part(endpoint, "targetRef"):
        page.field("TargetRef", f"{target.get('kind', '')}/{target.get('name', '')}", 2)
    page.field("NodeName", endpoint.get("nodeName", UNSET), 2)
    page.field("Zone", endpoint.get("zone", UNSET), 2)


def service_cidr(page: Page, document: Document) -> None:
    """Describe a range of cluster IPs."""
    page.head(document, namespaced=False)
    page.field("CIDRs", ", ".join(items(document, "spec", "cidrs")))
    conditions = items(document, "status", "conditions")
    if conditions:
        page.line("Status:")
        dated_conditions(page, conditions)


def dated_conditions(page: Page, conditions: Sequence[Document]) -> None:
    """Add conditions with the time of their last change."""
    page.line("Conditions:")
    header = "Type\tStatus\tLastTransitionTime\tReason\tMessage"
    page.table(header, map(_dated_condition, conditions))


def _dated_condition(condition: Document) -> str:
    return "\t".join(
        (
            condition.get("type", ""),
            condition.get("status", ""),
            long_time(condition.get("lastTransitionTime")),
            condition.get("reason", ""),
            condition.get("message", ""),
        )
    )


def ip_address(page: Page, document: Document) -> None:
    """Describe a cluster IP that is taken."""
    page.head(document, namespaced=False)
    parent = part(document, "spec", "parentRef")
    if parent:
        page.line("Parent Reference:")
        for title in ("Group", "Resource", "Namespace", "Name"):
            page.field(title, parent.get(title.lower(), ""), 1)


def ingress(page: Page, document: Document) -> None:
    """Describe an Ingress, with the endpoints behind its paths.

    Source: kubectl pkg/describe/describe.go IngressDescriber.
    """
    spec, metadata = part(document, "spec"), part(document, "metadata")
    backend = part(spec, "defaultBackend")
    default = _backend(page, document, backend) if backend else "<default>"
    page.field("Name", metadata.get("name", ""))
    page.labels("Labels", part(metadata, "labels"))
    page.field("Namespace", metadata.get("namespace", ""))
    points = items(document, "status", "loadBalancer", "ingress")
    page.field("Address", ",".join(_points(points)))
    page.field("Ingress Class", spec.get("ingressClassName", NONE))
    page.field("Default backend", default)
    _certificates(page, items(spec, "tls"))
    page.line("Rules:")
    page.table("Host\tPath\tBackends", ())
    rules = [rule for rule in items(spec, "rules") if "http" in rule]
    for rule in rules:
        page.line(f"{rule.get('host') or '*'}\t", 1)
        for path in items(rule, "http", "paths"):
            leads_to = _backend(page, document, part(path, "backend"))
            page.line(f"\t{path.get('path', '')} \t{leads_to}", 2)
    if not rules:
        page.line(f"*\t*\t{default}", 1)
    page.annotations("Annotations", part(metadata, "annotations"))


def _points(points: Sequence[Document]) -> list[str]:
    """Return where an Ingress can be reached, sorted."""
    # A set in kubectl as well: an address that is listed twice is shown once.
    return sorted({each.get("ip") or each.get("hostname", "") for each in points})


def _certificates(page: Page, certificates: Sequence[Document]) -> None:
    """Add whose certificates are kept in which Secret.

    Source: kubectl pkg/describe/describe.go describeIngressTLSV1().
    """
    if certificates:
        page.line("TLS:")
    for each in certificates:
        hosts, secret = ",".join(items(each, "hosts")), each.get("secretName")
        page.line(f"{secret} terminates {hosts}" if secret else f"SNI routes {hosts}", 1)


def _backend(page: Page, document: Document, backend: Document) -> str:
    """Return where an Ingress sends requests."""
    wanted = part(backend, "service")
    if wanted:
        return _service_backend(page, document, wanted)
    resource = part(backend, "resource")
    if not resource:
        return ""
    group, kind, name = (resource.get(key, "") for key in ("apiGroup", "kind", "name"))
    return f"APIGroup: {group or NONE}, Kind: {kind}, Name: {name}"


def _service_backend(page: Page, document: Document, wanted: Document) -> str:
    """Return a Service port that an Ingress names, with its endpoints."""
    namespace, name = part(document, "metadata").get("namespace", ""), wanted.get("name", "")
    port = part(wanted, "port")
    shown = f"{name}:{port.get('number') or port.get('name', '')}"
    found = page.objects.get(Key("services", namespace, name))
    if found is None:
        return f'{shown} (<error: services "{name}" not found>)'
    port_name = ""
    for each in items(found, "spec", "ports"):
        # A backend names a port by number or by name, never by both (networking/v1).
        by_number = port.get("number") and port["number"] == each.get("port")
        if by_number or (port.get("name") and port["name"] == each.get("name")):
            port_name = each.get("name", "")
    return f"{shown} ({ready_endpoints(slices_of(page, found), port_name)})"


def ingress_class(page: Page, document: Document) -> None:
    """Describe an IngressClass."""
    page.head(document, namespaced=False)
    page.field("Controller", part(document, "spec").get("controller", ""))
    parameters = part(document, "spec", "parameters")
    if parameters:
        page.line("Parameters:")
        if "apiGroup" in parameters:
            page.field("APIGroup", parameters["apiGroup"], 1)
        page.field("Kind", parameters.get("kind", ""), 1)
        page.field("Name", parameters.get("name", ""), 1)
