"""Containers, as descriptions of pods and of pod templates show them.

Source: kubectl pkg/describe/describe.go describeContainers().
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from svcnet.api.keys import Document
from svcnet.cli.describe.page import Page, long_time
from svcnet.cli.printers.cells import NONE, items, part, yes_no
from svcnet.cli.templates import gofmt
from svcnet.errors import go_quote

FieldText = Callable[[str], str]
"""What a path of the downward API (`metadata.name`) stands for; empty where nobody knows yet."""


def described(
    page: Page,
    title: str,
    found: Sequence[Document],
    field_text: FieldText,
    *,
    statuses: Sequence[Document] = (),
    indent: str = "",
) -> None:
    """Add containers, with how each of them is doing if `statuses` tell.

    `indent` is what stands before the title; it is empty for those of a pod.
    """
    page.line(f"{indent}{title}:" + ("" if found else f" {NONE}"))
    # Statuses need not stand in the order of the specification.
    by_name = {status.get("name"): status for status in statuses}
    for container in found:
        status = by_name.get(container.get("name"))
        _identity(page, container, status, indent)
        _words(page, "Command", items(container, "command"))
        _words(page, "Args", items(container, "args"))
        if status is not None:
            _condition(page, status)
        resources(page, part(container, "resources"), 2)
        for name in ("liveness", "readiness", "startup"):
            if probe := part(container, f"{name}Probe"):
                page.field(name.title(), _probe(probe), 2)
        _environment_from(page, items(container, "envFrom"))
        _environment(page, container, field_text)
        _mounts(page, container)


def _identity(page: Page, container: Document, status: Document | None, indent: str) -> None:
    """Add what the container runs and the ports it listens on."""
    # Names in a template are set in by one blank more, not by a level.
    page.line(f"{indent and ' '}{container.get('name', '')}:", 1)
    if status is not None:
        page.field("Container ID", status.get("containerID", ""), 2)
    page.field("Image", container.get("image", ""), 2)
    if status is not None:
        page.field("Image ID", status.get("imageID", ""), 2)
    ports = items(container, "ports")
    for title, field in (("Port", "containerPort"), ("Host Port", "hostPort")):
        shown = ", ".join(_port(port, field) for port in ports)
        page.field(f"{title}s" if "," in shown else title, shown or NONE, 2)
    seccomp(page, container, 2)


def _port(port: Document, field: str) -> str:
    """Return a port with its protocol and name."""
    shown = f"{port.get(field, 0)}/{port.get('protocol', '')}"
    return f"{shown} ({port['name']})" if port.get("name") else shown


def seccomp(page: Page, document: Document, level: int) -> None:
    """Add the system call filter of a container or pod specification, if it has one."""
    profile = part(document, "securityContext", "seccompProfile")
    if profile:
        page.field("SeccompProfile", profile.get("type", ""), level)
    if profile.get("type") == "Localhost":
        page.field("LocalhostProfile", profile.get("localhostProfile", ""), level + bool(level))


def _words(page: Page, title: str, words: Sequence[str]) -> None:
    """Add the words of a command, each on lines of its own."""
    if not words:
        return
    page.line(f"{title}:", 2)
    for word in words:
        for line in word.split("\n"):
            page.line(line, 3)


def _condition(page: Page, status: Document) -> None:
    """Add how the container is doing now, and how it ended before."""
    _state(page, "State", part(status, "state"))
    if "terminated" in part(status, "lastState"):
        _state(page, "Last State", part(status, "lastState"))
    page.field("Ready", "True" if status.get("ready") else "False", 2)
    page.field("Restart Count", status.get("restartCount", 0), 2)


def _state(page: Page, title: str, state: Document) -> None:
    """Add one of: running, waiting, ended.

    Source: kubectl pkg/describe/describe.go describeStatus().
    """
    if "running" in state:
        page.field(title, "Running", 2)
        page.field("Started", long_time(part(state, "running").get("startedAt")), 3)
    elif "terminated" in state and "waiting" not in state:
        _terminated(page, title, part(state, "terminated"))
    else:
        # An empty state means waiting (core/v1 ContainerState).
        page.field(title, "Waiting", 2)
        if reason := part(state, "waiting").get("reason"):
            page.field("Reason", reason, 3)


def _terminated(page: Page, title: str, state: Document) -> None:
    """Add why and when a container ended."""
    page.field(title, "Terminated", 2)
    for name in ("reason", "message"):
        if state.get(name):
            page.field(name.title(), state[name], 3)
    page.field("Exit Code", state.get("exitCode", 0), 3)
    if state.get("signal"):
        page.field("Signal", state["signal"], 3)
    page.field("Started", long_time(state.get("startedAt")), 3)
    page.field("Finished", long_time(state.get("finishedAt")), 3)


def resources(page: Page, wanted: Document, level: int) -> None:
    """Add limits and requests, where there are any."""
    for name in ("limits", "requests"):
        amounts = part(wanted, name)
        if amounts:
            page.line(f"{name.title()}:", level)
        for each in sorted(amounts):
            page.field(each, amounts[each], level + 1)


def _probe(probe: Document) -> str:
    """Return what a probe does and when, on one line.

    Source: kubectl pkg/describe/describe.go DescribeProbe().
    """
    numbers = (
        f"delay={probe.get('initialDelaySeconds', 0)}s timeout={probe.get('timeoutSeconds', 0)}s "
        f"period={probe.get('periodSeconds', 0)}s #success={probe.get('successThreshold', 0)} "
        f"#failure={probe.get('failureThreshold', 0)}"
    )
    return f"{_probe_action(probe)} {numbers}"


def _probe_action(probe: Document) -> str:
    """Return what a probe does to find out."""
    if "exec" in probe:
        return f"exec {gofmt.sprint(items(probe, 'exec', 'command'))}"
    if "httpGet" in probe:
        get = part(probe, "httpGet")
        host = get.get("host", "")
        # net.JoinHostPort() sets IPv6 addresses in brackets.
        host = f"[{host}]" if ":" in host else host
        # net/url escapes less than Python does.
        path = quote(get.get("path", ""), safe="/$&+,:;=@~!*'()")
        scheme = get.get("scheme", "").lower()
        # Go's URL.String() puts a slash between a host and a path that begins with none.
        separator = "" if path.startswith("/") or not path else "/"
        return f"http-get {scheme}://{host}:{get.get('port', 0)}{separator}{path}"
    if "tcpSocket" in probe:
        socket = part(probe, "tcpSocket")
        return f"tcp-socket {socket.get('host', '')}:{socket.get('port', 0)}"
    if "grpc" in probe:
        call = part(probe, "grpc")
        return f"grpc <pod>:{call.get('port', 0)} {call.get('service', '')}"
    return "unknown"


def _environment_from(page: Page, sources: Sequence[Document]) -> None:
    """Add the objects whose keys become variables.

    Source: kubectl pkg/describe/describe.go describeContainerEnvFrom().
    """
    if sources:
        page.line("Environment Variables from:", 2)
    for source in sources:
        kind = "ConfigMap" if "configMapRef" in source else "Secret"
        named = part(source, "configMapRef") or part(source, "secretRef")
        prefix = f" with prefix '{source['prefix']}'" if source.get("prefix") else ""
        optional = yes_no(named.get("optional"))
        page.line(f"{named.get('name', '')}\t{kind}{prefix}\tOptional: {optional}", 3)


def _environment(page: Page, container: Document, field_text: FieldText) -> None:
    """Add the variables; those from elsewhere are told by where.

    Source: kubectl pkg/describe/describe.go describeContainerEnvVars().
    """
    variables = items(container, "env")
    page.line("Environment:" + ("" if variables else f"\t{NONE}"), 2)
    for variable in variables:
        name, source = variable.get("name", ""), part(variable, "valueFrom")
        if source:
            if shown := _sourced(source, container, field_text):
                page.field(name, shown, 3)
            continue
        first, *rest = str(variable.get("value", "")).split("\n")
        page.field(name, first, 3)
        # The lines of a long value stand below each other in the second column.
        for line in rest:
            page.line(f"\t{line}", 3)


def _sourced(source: Document, container: Document, field_text: FieldText) -> str:
    """Return where a variable comes from, and its value where that is known."""
    if field := part(source, "fieldRef"):
        path = field.get("fieldPath", "")
        return f"{field_text(path)} ({field.get('apiVersion', 'v1')}:{path})"
    if amount := part(source, "resourceFieldRef"):
        resource = amount.get("resource", "")
        return f"{_amount(container, resource, amount.get('divisor', '0'))} ({resource})"
    if secret := part(source, "secretKeyRef"):
        where = f"<set to the key '{secret.get('key', '')}' in secret '{secret.get('name', '')}'>"
        return f"{where}\tOptional: {yes_no(secret.get('optional'))}"
    if entry := part(source, "configMapKeyRef"):
        key, name = entry.get("key", ""), entry.get("name", "")
        where = f"<set to the key '{key}' of config map '{name}'>"
        return f"{where}\tOptional: {yes_no(entry.get('optional'))}"
    return ""


def _amount(container: Document, resource: str, divisor: object) -> str:
    """Return a limit or request in units of `divisor`, rounded up."""
    from svcnet.control.objects.quantities import millis

    which, _, name = resource.partition(".")
    # A divisor of 0 stands for 1, which is a thousand thousandths.
    unit = millis(divisor) or 1000
    # The downward API rounds up, so that a limit of 1500m reads as 2.
    amount = -(-millis(part(container, "resources", which).get(name)) // unit)
    # Without a limit a container may have all that the node gives.
    if not amount and resource in {"limits.cpu", "limits.memory"}:
        return "node allocatable"
    return str(amount)


def _mounts(page: Page, container: Document) -> None:
    """Add where volumes and devices appear in the container.

    Source: kubectl pkg/describe/describe.go describeContainerVolumes().
    """
    mounts = items(container, "volumeMounts")
    page.line("Mounts:" + ("" if mounts else f"\t{NONE}"), 2)
    # By path, as SortableVolumeMounts has them; the specification's order is the author's.
    for mount in sorted(mounts, key=_path("mountPath")):
        flags = ["ro" if mount.get("readOnly") else "rw"]
        if mount.get("subPath"):
            flags.append(f"path={go_quote(mount['subPath'])}")
        where = f"{mount.get('mountPath', '')} from {mount.get('name', '')}"
        page.line(f"{where} ({','.join(flags)})", 3)
    devices = items(container, "volumeDevices")
    if devices:
        # kubectl looks at the mounts here, not at the devices.
        page.line("Devices:" + ("" if mounts else f"\t{NONE}"), 2)
    for device in sorted(devices, key=_path("devicePath")):
        page.line(f"{device.get('devicePath', '')} from {device.get('name', '')}", 3)


def _path(field: str) -> Callable[[Document], Any]:
    return lambda each: each.get(field, "")
