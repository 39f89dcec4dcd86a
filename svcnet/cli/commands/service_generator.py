"""The Service that `expose` makes for another object.

Everything here is a function of the flags and of the object that is exposed.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/expose/expose.go createService();
pkg/polymorphichelpers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.errors import SvcnetError
from svcnet.lean_namedtuple import NamedTuple

# validation.DNS1035LabelMaxLength, the longest name of a Service.
NAME_LENGTH = 63
"""A generated name is cut to the length of a DNS label."""

_WITH_PODS = ("pods", "deployments.apps", "replicasets.apps", "replicationcontrollers")
EXPOSABLE = (*_WITH_PODS, "services")


class ExposeOptions(NamedTuple):
    """What a user says about the new Service; empty means: not said."""

    name: str = ""
    selector: str = ""
    labels: str = ""
    port: str = ""
    """A port number, or several with commas."""
    ports: str = ""
    """Several port numbers with commas, found in the exposed object."""
    target_port: str = ""
    protocol: str = ""
    type: str = ""
    cluster_ip: str = ""
    external_ip: str = ""
    load_balancer_ip: str = ""
    session_affinity: str = ""


def completed(options: ExposeOptions, source: Document, kind: Kind) -> ExposeOptions:
    """Return `options` with what they leave open read from the object that is exposed.

    What was found for one object holds for those that follow it in the same command; kubectl
    does so too.

    Raises:
        SvcnetError: objects of this kind cannot be exposed, or this one says too little.
    """
    check_exposable(kind)
    if not options.selector:
        options = options._replace(selector=_pairs(_selector(source, kind)))
    if not options.port:
        options = _with_ports(options, source, kind)
    if not options.labels:
        options = options._replace(labels=_pairs(source["metadata"].get("labels") or {}))
    return options


def check_exposable(kind: Kind) -> None:
    """Raise unless objects of this kind can be exposed."""
    if kind.resource not in EXPOSABLE:
        raise SvcnetError(f"cannot expose a {kind.qualified}")


def _with_ports(options: ExposeOptions, source: Document, kind: Kind) -> ExposeOptions:
    """Return `options` with the ports that an object declares.

    Raises:
        SvcnetError: it declares none, and the Service is not headless.
    """
    # A port of two protocols is one port here; _ports() makes two of it.
    found = list(dict.fromkeys(str(number) for number, _ in _declared_ports(source, kind)))
    # A single port goes where --port would put it, and is given no name.
    if len(found) == 1:
        return options._replace(port=found[0])
    if not found and options.cluster_ip != "None":
        raise SvcnetError("couldn't find port via --port flag or introspection")
    return options._replace(ports=",".join(found)) if found else options


def _pairs(labels: Mapping[str, str]) -> str:
    """Return labels as a flag has them: ``k=v,k2=v2``."""
    return ",".join(f"{key}={value}" for key, value in labels.items())


def _selector(source: Document, kind: Kind) -> Mapping[str, str]:
    """Return the labels behind an object, or say which step failed as kubectl does."""
    try:
        return _selected_labels(source, kind)
    except SvcnetError as error:
        raise SvcnetError(
            f"couldn't retrieve selectors via --selector flag or introspection: {error}"
        ) from None


def _selected_labels(source: Document, kind: Kind) -> Mapping[str, str]:
    """Return the labels by which the pods behind an object are found."""
    spec = source.get("spec") or {}
    selector = spec.get("selector") or {}
    match kind.resource:
        case "pods":
            return _found(
                source["metadata"].get("labels"), "the pod has no labels and cannot be exposed"
            )
        case "services":
            return _found(selector, "the service has no pod selector set")
        # Its API defaults the selector to the template's labels, so it is never empty.
        case "replicationcontrollers":
            return _mapping(selector)
        case _:
            none = f"invalid {kind.singular}: no selectors, therefore cannot be exposed"
            labels = _found(selector.get("matchLabels"), none)
            # A Service's selector is a map, which cannot say `in` or `exists`.
            if expressions := selector.get("matchExpressions"):
                text = f'"{_go_requirements(expressions)}"'
                raise SvcnetError(
                    f"couldn't convert expressions - {text} to map-based selector format"
                )
            return labels


def _found(labels: Any, otherwise: str) -> Mapping[str, str]:
    """Return labels.

    Raises:
        SvcnetError: there are none; with the text `otherwise`.
    """
    if not labels:
        raise SvcnetError(otherwise)
    return _mapping(labels)


def _mapping(labels: Any) -> Mapping[str, str]:
    """Return labels as texts, whatever a file has in their place."""
    return {str(key): str(value) for key, value in dict(labels).items()}


def _go_requirements(expressions: list[dict[str, Any]]) -> str:
    """Selector requirements as Go's ``%+v`` prints them."""
    terms = (
        f"{{Key:{each.get('key', '')} Operator:{each.get('operator', '')} "
        f"Values:[{' '.join(each.get('values') or ())}]}}"
        for each in expressions
    )
    return f"[{' '.join(terms)}]"


def _declared_ports(source: Document, kind: Kind) -> Iterator[tuple[int, str]]:
    """Yield the ports an object tells of, each with its protocol, in order."""
    spec = source.get("spec") or {}
    if kind.resource == "services":
        for port in spec.get("ports") or ():
            yield port.get("port", 0), port.get("protocol") or "TCP"
        return
    pods = spec if kind.resource == "pods" else (spec.get("template") or {}).get("spec") or {}
    for container in pods.get("containers") or ():
        for port in container.get("ports") or ():
            yield port.get("containerPort", 0), port.get("protocol") or "TCP"


def exposing_service(options: ExposeOptions, source: Document, kind: Kind) -> Document:
    """Return the Service that exposes `source`; `options` must be completed for it.

    Raises:
        SvcnetError: a flag's value makes no sense; the text is kubectl's.
    """
    labels = read_labels(options.labels) if options.labels else {}
    spec: dict[str, Any] = {
        "ports": list(_ports(options, source, kind)),
        "selector": read_labels(options.selector),
        "clusterIP": options.cluster_ip,
        "type": options.type,
        "externalIPs": [options.external_ip] if options.external_ip else [],
        "sessionAffinity": _affinity(options.session_affinity),
        # createService() drops it for other types without a word.
        "loadBalancerIP": options.load_balancer_ip if options.type == "LoadBalancer" else "",
    }
    # A workload's name may be longer than a Service's.
    name = options.name or source["metadata"]["name"][:NAME_LENGTH]
    return {
        "kind": "Service",
        "apiVersion": "v1",
        "metadata": {"name": name} | ({"labels": labels} if labels else {}),
        "spec": {name: value for name, value in spec.items() if value},
        "status": {"loadBalancer": {}},
    }


def _affinity(text: str) -> str:
    """Return a session affinity.

    Raises:
        SvcnetError: there is no such affinity.
    """
    if text not in ("", "None", "ClientIP"):
        raise SvcnetError(f"unknown session affinity: {text}")
    return text


def read_labels(text: str) -> dict[str, str]:
    """Read ``k=v,k2=v2``.

    Raises:
        SvcnetError: a part is not of that form.
    """
    labels = {}
    for part in text.split(","):
        key, *values = part.split("=")
        if len(values) != 1:
            raise SvcnetError(f"unexpected label spec: {part}")
        if not key:
            raise SvcnetError("unexpected empty label key")
        labels[key] = values[0]
    return labels


def _ports(options: ExposeOptions, source: Document, kind: Kind) -> Iterator[dict[str, Any]]:
    """Yield the Service's ports: one per number and protocol, named if there are several.

    Raises:
        SvcnetError: a port is no number.
    """
    protocols: dict[str, list[str]] = {}
    for number, protocol in _declared_ports(source, kind):
        protocols.setdefault(str(number), []).append(protocol)
    texts = (options.ports or options.port).split(",") if options.ports or options.port else []
    for index, text in enumerate(texts, start=1):
        number = _as_int32(read_int(text))
        name = f"port-{index}" if len(texts) > 1 else ""
        # TCP is what a port speaks that the object does not tell of.
        spoken = [options.protocol] if options.protocol else protocols.get(text, ["TCP"])
        for protocol in spoken:
            # A Service's ports need names that differ, even of one number.
            full = name if len(spoken) == 1 else f"port-{index}-{protocol.lower()}"
            yield ({"name": full} if full else {}) | {
                "protocol": protocol,
                "port": number,
                "targetPort": _target(options.target_port, number),
            }


def _target(text: str, port: int) -> int | str:
    """Return a target port; the port itself where none is given."""
    if not text:
        return port
    # intstr.Parse(): what is no number is the name of a container's port.
    return int(text) if _INTEGER.fullmatch(text) else text


_INTEGER = re.compile("[+-]?[0-9]+")
# strconv.Atoi() reads an int, which has 64 bits on every platform kubectl is used on.
_INT64 = 2**63


def read_int(text: str) -> int:
    """Read a number as Go's strconv.Atoi() does.

    Raises:
        SvcnetError: with Go's text.
    """
    if not _INTEGER.fullmatch(text):
        raise SvcnetError(f'strconv.Atoi: parsing "{text}": invalid syntax')
    if not -_INT64 <= int(text) < _INT64:
        raise SvcnetError(f'strconv.Atoi: parsing "{text}": value out of range')
    return int(text)


def _as_int32(number: int) -> int:
    """Return `number` cut to 32 bits, as a Go conversion does."""
    return (number + 2**31) % 2**32 - 2**31
