"""Rules for what is done to containers to learn how they are, and when they start and stop.

Source: kubernetes pkg/apis/core/validation/validation.go validateProbe(), validateHandler().
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from svcnet.api import content
from svcnet.api.field_errors import (
    complaints,
    forbidden,
    invalid,
    not_negative,
    port_or_name,
    required,
    unsupported,
)
from svcnet.api.keys import Document
from svcnet.api.struct_table import enum_of
from svcnet.errors import FieldError

# In capitals, unlike in a URL: so the API has them.
_SCHEMES = enum_of("core/v1.HTTPGetAction", "scheme")


def check_probes(path: str, container: Document, grace: int | None) -> Iterator[FieldError]:
    """Yield the rules that a container's probes break.

    Only a probe that kills can say how long the container has to end, so a readiness probe must
    not. Source: validateLivenessProbe(), validateReadinessProbe(), validateStartupProbe().
    """
    if (probe := container.get("livenessProbe")) is not None:
        yield from _probe(f"{path}.livenessProbe", probe, grace)
        yield from _once(f"{path}.livenessProbe", probe)
    if (probe := container.get("readinessProbe")) is not None:
        yield from _probe(f"{path}.readinessProbe", probe, grace)
        if (seconds := probe.get("terminationGracePeriodSeconds")) is not None:
            yield invalid(
                f"{path}.readinessProbe.terminationGracePeriodSeconds",
                seconds,
                "must not be set for readinessProbes",
            )
    if (probe := container.get("startupProbe")) is not None:
        yield from _probe(f"{path}.startupProbe", probe, grace)
        yield from _once(f"{path}.startupProbe", probe)


def check_lifecycle(
    path: str, lifecycle: Document | None, grace: int | None
) -> Iterator[FieldError]:
    """Yield the rules that a container's lifecycle hooks break."""
    for hook in ("postStart", "preStop"):
        if lifecycle and lifecycle.get(hook) is not None:
            yield from _handler(f"{path}.{hook}", lifecycle[hook], grace)


def _once(path: str, probe: Document) -> Iterator[FieldError]:
    """What is alive or started is so at the first success."""
    if probe.get("successThreshold") != 1:
        yield invalid(f"{path}.successThreshold", probe.get("successThreshold", 0), "must be 1")


def _probe(path: str, probe: Document, grace: int | None) -> Iterator[FieldError]:
    """Yield what is wrong with any probe.

    Source: validateProbe().
    """
    yield from _handler(path, probe, grace)
    for field in (
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ):
        yield from not_negative(f"{path}.{field}", probe.get(field))
    seconds = probe.get("terminationGracePeriodSeconds")
    if seconds is not None and seconds <= 0:
        yield invalid(f"{path}.terminationGracePeriodSeconds", seconds, "must be greater than 0")


def _handler(path: str, handler: Document, grace: int | None) -> Iterator[FieldError]:
    """Of several handlers the first is checked, the others are forbidden.

    Source: validateHandler().
    """
    found = [name for name in _HANDLERS if handler.get(name) is not None]
    if not found:
        yield required(path, "must specify a handler type")
    # The order is the server's, so that of two handlers the same one is checked.
    for name in found[:1]:
        yield from _HANDLERS[name](f"{path}.{name}", handler[name], grace)
    for name in found[1:]:
        yield forbidden(f"{path}.{name}", "may not specify more than 1 handler type")


def _exec(path: str, action: Document, _grace: int | None) -> Iterator[FieldError]:
    if not action.get("command"):
        yield required(f"{path}.command")


def _http_get(path: str, action: Document, _grace: int | None) -> Iterator[FieldError]:
    """Yield what is wrong with a request over HTTP.

    Defaults fill in the path and the scheme, so that they are missing is rarely seen. Source:
    validateHTTPGetAction().
    """
    if not action.get("path"):
        yield required(f"{path}.path")
    yield from port_or_name(f"{path}.port", action.get("port", 0))
    if action.get("scheme") not in _SCHEMES:
        yield unsupported(f"{path}.scheme", action.get("scheme", ""), _SCHEMES)
    # The server leaves out the index here.
    for header in action.get("httpHeaders") or ():
        name = header.get("name", "")
        yield from complaints(f"{path}.httpHeaders", name, content.header_name(name))


def _port(path: str, action: Document, _grace: int | None) -> Iterator[FieldError]:
    yield from port_or_name(f"{path}.port", action.get("port", 0))


def _sleep(path: str, action: Document, grace: int | None) -> Iterator[FieldError]:
    """Yield a sleep that the pod's end would cut short.

    Source: validateSleepAction().
    """
    seconds = action.get("seconds", 0)
    if grace is not None and not 0 <= seconds <= grace:
        yield invalid(
            path,
            seconds,
            f"must be non-negative and less than terminationGracePeriodSeconds ({grace})",
        )


_HANDLERS: dict[str, Callable[[str, Any, int | None], Iterator[FieldError]]] = {
    "exec": _exec,
    "httpGet": _http_get,
    "tcpSocket": _port,
    "grpc": _port,
    "sleep": _sleep,
}
