"""Rules for Ingresses and NetworkPolicies.

Source: kubernetes pkg/apis/networking/validation/validation.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api import addresses, content
from svcnet.api.field_errors import (
    complaints,
    forbidden,
    invalid,
    port_or_name,
    required,
    unsupported,
)
from svcnet.api.keys import Document
from svcnet.api.struct_table import enum_of
from svcnet.api.validation.metadata import check_selector
from svcnet.errors import FieldError

_PATH_TYPES = enum_of("networking/v1.HTTPIngressPath", "pathType")
_PROTOCOLS = enum_of("networking/v1.NetworkPolicyPort", "protocol")


def check_ingress(document: Document) -> Iterator[FieldError]:
    """Yield every rule that an Ingress breaks.

    Without rules and without a default nothing that arrives could go anywhere. Source:
    ValidateIngressSpec().
    """
    yield from _ingress(document, any_secret=False)


def check_ingress_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of an Ingress breaks.

    Who has a name of a Secret that cannot be, since before it was checked, keeps the choice.
    Source: ValidateIngressUpdate(), allowInvalidSecretName().
    """
    before = (old.get("spec") or {}).get("tls") or ()
    any_secret = any([*_secret(each.get("secretName", ""))] for each in before)
    yield from _ingress(document, any_secret=any_secret)


def _ingress(document: Document, *, any_secret: bool) -> Iterator[FieldError]:
    """Yield what is wrong with an Ingress, with names of Secrets only if those are checked."""
    spec = document.get("spec") or {}
    if not spec.get("rules") and spec.get("defaultBackend") is None:
        yield invalid("spec", [], "either `defaultBackend` or `rules` must be specified")
    if (backend := spec.get("defaultBackend")) is not None:
        yield from _backend("spec.defaultBackend", backend)
    for index, rule in enumerate(spec.get("rules") or ()):
        yield from _rule(f"spec.rules[{index}]", rule)
    for index, tls in enumerate(spec.get("tls") or ()):
        for place, host in enumerate(tls.get("hosts") or ()):
            yield from complaints(f"spec.tls[{index}].hosts[{place}]", host, _host(host))
        secret = tls.get("secretName", "")
        if not any_secret:
            yield from complaints(f"spec.tls[{index}].secretName", secret, _secret(secret))
    if (name := spec.get("ingressClassName")) is not None:
        yield from complaints("spec.ingressClassName", name, content.dns_subdomain(name))


def _secret(name: str) -> Iterator[str]:
    """Yield what keeps a text from being the name of a Secret; there need be none.

    Source: validateTLSSecretName().
    """
    if name:
        yield from content.dns_subdomain(name)


def _host(host: str) -> Iterator[str]:
    """Yield what keeps a text from being a host; its first label may be a star."""
    rule = content.wildcard_domain if host.startswith("*") else content.dns_subdomain
    yield from rule(host)


def _rule(path: str, rule: Document) -> Iterator[FieldError]:
    """Yield what is wrong with the rules of one host.

    What a host is compared with comes from a request's Host header, where addresses are no names.
    Source: validateIngressRules().
    """
    if host := rule.get("host"):
        if addresses.parse(host) is not None:
            yield invalid(f"{path}.host", host, "must be a DNS name, not an IP address")
        else:
            yield from complaints(f"{path}.host", host, _host(host))
    http = rule.get("http")
    if http is not None:
        if not http.get("paths"):
            yield required(f"{path}.http.paths")
        for index, each in enumerate(http.get("paths") or ()):
            yield from _path(f"{path}.http.paths[{index}]", each)


def _path(path: str, rule: Document) -> Iterator[FieldError]:
    """Yield what is wrong with one path; how strict depends on how it is matched.

    `ImplementationSpecific` leaves the meaning to the controller, so nearly any text may stand
    there. Source: validateHTTPIngressPath().
    """
    kind, place = rule.get("pathType"), rule.get("path", "")
    if kind is None:
        yield required(f"{path}.pathType", "pathType must be specified")
    elif kind not in _PATH_TYPES:
        yield unsupported(f"{path}.pathType", kind, _PATH_TYPES)
    elif kind in ("Exact", "Prefix") or place:
        if not place.startswith("/"):
            yield invalid(f"{path}.path", place, "must be an absolute path")
        # Proxies disagree about what such parts mean.
        for part in ("//", "/./", "/../", "%2f", "%2F"):
            if kind != "ImplementationSpecific" and part in place:
                yield invalid(f"{path}.path", place, f"must not contain '{part}'")
        for end in ("/..", "/."):
            if kind != "ImplementationSpecific" and place.endswith(end):
                yield invalid(f"{path}.path", place, f"cannot end with '{end}'")
    yield from _backend(f"{path}.backend", rule.get("backend") or {})


def _backend(path: str, backend: Document) -> Iterator[FieldError]:
    """A backend is a Service or another object, not both.

    Source: validateIngressBackend().
    """
    service, resource = backend.get("service"), backend.get("resource")
    if service is None and resource is None:
        yield required(path, "either Service or Resource must be specified")
    elif service is not None and resource is not None:
        yield invalid(path, "", "cannot set both resource and service backends")
    elif service is not None:
        yield from _service(f"{path}.service", service)


def _service(path: str, service: Document) -> Iterator[FieldError]:
    """Yield what is wrong with a Service's name and port.

    A port is named or numbered: with both, the two could mean different ports.
    """
    if name := service.get("name"):
        yield from complaints(f"{path}.name", name, content.dns_label(name))
    else:
        yield required(f"{path}.name")
    port = service.get("port") or {}
    name, number = port.get("name", ""), port.get("number", 0)
    if name and number:
        yield invalid(path, "", "cannot set both port name & port number")
    elif name:
        yield from port_or_name(f"{path}.port.name", name)
    elif number:
        yield from port_or_name(f"{path}.port.number", number)
    else:
        yield required(path, "port name or number is required")


def check_ingress_class(document: Document) -> Iterator[FieldError]:
    """Yield every rule that an IngressClass breaks."""
    controller = (document.get("spec") or {}).get("controller", "")
    if not controller:
        yield required("spec.controller")
    # The domain keeps the names of controllers of different makers apart.
    elif not all(controller.partition("/")[::2]):
        yield invalid(
            "spec.controller", controller, 'must be a domain-prefixed path (such as "acme.io/foo")'
        )


def check_network_policy(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a NetworkPolicy breaks.

    Source: ValidateNetworkPolicySpec().
    """
    spec = document.get("spec") or {}
    yield from check_selector("spec.podSelector", spec.get("podSelector"))
    # Ingress first: the order is the server's.
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for index, rule in enumerate(spec.get(direction) or ()):
            at = f"spec.{direction}[{index}]"
            for place, port in enumerate(rule.get("ports") or ()):
                yield from _policy_port(f"{at}.ports[{place}]", port)
            for place, peer in enumerate(rule.get(peers) or ()):
                yield from _peer(f"{at}.{peers}[{place}]", peer)
    types = spec.get("policyTypes") or []
    if len(types) > 2:  # noqa: PLR2004 - there are two
        yield invalid("spec.policyTypes", types, "may not specify more than two policyTypes")
        # Of too many types none is looked at, as in the server.
        return
    for index, kind in enumerate(types):
        if kind not in ("Ingress", "Egress"):
            yield unsupported(f"spec.policyTypes[{index}]", kind, ("Egress", "Ingress"))


def _policy_port(path: str, port: Document) -> Iterator[FieldError]:
    """Yield what is wrong with a port, or a range of ports, that a policy speaks of.

    A range needs a number to begin with: a name may be another number in each pod. Source:
    ValidateNetworkPolicyPort().
    """
    protocol, number, last = port.get("protocol"), port.get("port"), port.get("endPort")
    if protocol is not None and protocol not in _PROTOCOLS:
        yield unsupported(f"{path}.protocol", protocol, _PROTOCOLS)
    if number is None:
        if last is not None:
            yield required(f"{path}.port", "must be specified when endPort is set")
        # Without a port all of them are meant, so there is nothing more to ask.
        return
    yield from port_or_name(f"{path}.port", number)
    if last is None:
        return
    if isinstance(number, str):
        yield invalid(f"{path}.endPort", last, "endPort may not be set when port is non-numeric")
    else:
        if last < number:
            yield invalid(f"{path}.endPort", last, "must be greater than or equal to `port`")
        yield from port_or_name(f"{path}.endPort", last)


def _peer(path: str, peer: Document) -> Iterator[FieldError]:
    """A peer is a block of addresses, or selected; not both.

    Addresses are for what is outside the cluster; pods come and go with theirs, and are told by
    labels. Source: ValidateNetworkPolicyPeer().
    """
    yield from check_selector(f"{path}.podSelector", peer.get("podSelector"))
    yield from check_selector(f"{path}.namespaceSelector", peer.get("namespaceSelector"))
    block = peer.get("ipBlock")
    selects = peer.get("podSelector") is not None or peer.get("namespaceSelector") is not None
    if block is not None:
        yield from _ip_block(f"{path}.ipBlock", block)
        if selects:
            yield forbidden(path, "may not specify both ipBlock and another peer")
    elif not selects:
        yield required(path, "must specify a peer")


def _ip_block(path: str, block: Document) -> Iterator[FieldError]:
    """Yield exceptions that do not lie in their block.

    Exceptions outside of the block, or as large as it, would be mistakes: they take away nothing
    or everything. Source: ValidateIPBlock().
    """
    text = block.get("cidr", "")
    if not text:
        yield required(f"{path}.cidr")
        return
    yield from complaints(f"{path}.cidr", text, addresses.cidr(text))
    network = addresses.parse_range(text)
    for index, each in enumerate(block.get("except") or ()):
        at = f"{path}.except[{index}]"
        messages = list(addresses.cidr(each))
        yield from complaints(at, each, messages)
        inner = addresses.parse_range(each)
        # What is no range lies in none, and that it is no range has been told.
        if messages or network is None or inner is None:
            continue
        if inner.version != network.version or not _inside(inner, network):
            yield invalid(at, each, "must be a strict subset of `cidr`")


def _inside(inner: addresses.Network, outer: addresses.Network) -> bool:
    """Tell whether a range lies in another, and is smaller."""
    return inner.prefixlen > outer.prefixlen and inner.network_address in outer
