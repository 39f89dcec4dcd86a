"""Rules for pods, and for pod specs in templates.

Source: kubernetes pkg/apis/core/validation/validation.go ValidatePodSpec(), ValidatePodCreate(),
ValidatePodUpdate().
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api import addresses, content
from svcnet.api.field_errors import (
    complaints,
    duplicate,
    forbidden,
    invalid,
    not_found,
    one_of,
    required,
    unsupported,
)
from svcnet.api.keys import Document
from svcnet.api.validation.containers import (
    Surroundings,
    check_containers,
    check_init_containers,
)
from svcnet.api.validation.metadata import check_labels, check_template_metadata
from svcnet.api.validation.scheduling import (
    check_affinity,
    check_spreading,
    check_tolerations,
)
from svcnet.api.validation.security import check_pod_security_context
from svcnet.api.validation.volumes import check_volumes, named_volumes
from svcnet.errors import FieldError

_RESTARTS = ("Always", "OnFailure", "Never")
_DNS = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
_PREEMPTION = ("PreemptLowerPriority", "Never")
_LONGEST_DEADLINE = 2**31 - 1
# Source: resolv.conf(5), MAXNS: libc reads no more.
_MOST_NAME_SERVERS = 3
# Source: kubernetes KEP-2595, expanded DNS configuration.
_MOST_SEARCHES = 32


def check_pod(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a new Pod breaks.

    Source: ValidatePodCreate().
    """
    spec = document.get("spec") or {}
    yield from check_pod_spec("spec", spec)
    yield from _trimmed_images(spec)
    # They are for looking into a pod that runs, and have a path of their own.
    if spec.get("ephemeralContainers"):
        yield forbidden("spec.ephemeralContainers", "cannot be set on create")
    if spec.get("nodeName") and spec.get("schedulingGates"):
        yield forbidden(
            "spec.nodeName", "cannot be set until all schedulingGates have been cleared"
        )


def check_pod_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of a Pod breaks: nearly nothing of its spec may change."""
    from svcnet.api.validation.podchanges import check_pod_changes  # noqa: PLC0415 - seldom needed

    spec = document.get("spec") or {}
    yield from check_pod_spec("spec", spec)
    yield from _trimmed_images(spec)
    yield from check_pod_changes(spec, old.get("spec") or {})


def check_pod_template(path: str, template: Document) -> Iterator[FieldError]:
    """Yield every rule that a pod template breaks.

    Source: ValidatePodTemplateSpec().
    """
    yield from check_template_metadata(path, template.get("metadata") or {})
    spec = template.get("spec") or {}
    yield from check_pod_spec(f"{path}.spec", spec)
    # They are for looking into one pod, and a template is for many.
    if spec.get("ephemeralContainers"):
        yield forbidden(
            f"{path}.spec.ephemeralContainers", "ephemeral containers not allowed in pod template"
        )


def check_pod_spec(path: str, spec: Document) -> Iterator[FieldError]:
    """Yield every rule that a PodSpec breaks.

    Templates and pods share these, so a workload is refused at once and not when its pods are
    made. Source: ValidatePodSpec().
    """
    volumes = spec.get("volumes") or []
    claims = [each.get("name", "") for each in spec.get("resourceClaims") or ()]
    pod = Surroundings(
        volumes=named_volumes(volumes),
        claims=frozenset(filter(None, claims)),
        grace=spec.get("terminationGracePeriodSeconds"),
    )
    # Volumes first: what containers mount is looked up among them.
    yield from check_volumes(f"{path}.volumes", volumes)
    yield from _claim_names(f"{path}.resourceClaims", claims)
    containers, first = spec.get("containers") or [], spec.get("initContainers") or []
    names = {each.get("name", "") for each in containers}
    yield from check_containers(f"{path}.containers", containers, pod)
    yield from check_init_containers(f"{path}.initContainers", first, names, pod)
    yield from _host_network(f"{path}.containers", spec, containers)
    yield from one_of(f"{path}.restartPolicy", spec.get("restartPolicy"), _RESTARTS)
    yield from one_of(f"{path}.dnsPolicy", spec.get("dnsPolicy"), _DNS)
    yield from check_labels(f"{path}.nodeSelector", spec.get("nodeSelector"))
    yield from check_pod_security_context(f"{path}.securityContext", spec)
    yield from check_affinity(f"{path}.affinity", spec.get("affinity"))
    yield from _dns_config(f"{path}.dnsConfig", spec)
    yield from _gates(path, spec)
    constraints = spec.get("topologySpreadConstraints") or ()
    yield from check_spreading(f"{path}.topologySpreadConstraints", constraints)
    yield from _names(path, spec)
    yield from check_tolerations(f"{path}.tolerations", spec.get("tolerations") or ())
    yield from _host_aliases(f"{path}.hostAliases", spec)
    yield from _priority(path, spec)


def _claim_names(path: str, names: list[str]) -> Iterator[FieldError]:
    """Yield names of resource claims that are missing, bad or taken.

    Containers refer to claims by these names. Source: validatePodResourceClaims().
    """
    for index, name in enumerate(names):
        at = f"{path}[{index}].name"
        if not name:
            yield required(at)
        elif name in names[:index]:
            yield duplicate(at, name)
        else:
            yield from complaints(at, name, content.dns_label(name))


def _trimmed_images(spec: Document) -> Iterator[FieldError]:
    """In templates blanks are let pass, because there they always were."""
    for group in ("containers", "initContainers"):
        for index, container in enumerate(spec.get(group) or ()):
            image = container.get("image", "")
            if image != image.strip():
                yield invalid(
                    f"spec.{group}[{index}].image",
                    image,
                    "must not have leading or trailing whitespace",
                )


def _host_network(path: str, spec: Document, containers: list[Document]) -> Iterator[FieldError]:
    """On the host's network a port is the host's.

    Nothing lies between the pod and the node that could turn one number into another. Source:
    validateHostNetwork().
    """
    if not spec.get("hostNetwork"):
        return
    for number, container in enumerate(containers):
        for index, port in enumerate(container.get("ports") or ()):
            # In a template it may be left out: it is filled in when the pod is made.
            outer = port.get("hostPort", 0)
            if outer and outer != port.get("containerPort"):
                yield invalid(
                    f"{path}[{number}].ports[{index}].hostPort",
                    outer,
                    "must match `containerPort` when `hostNetwork` is true",
                )


def _dns_config(path: str, spec: Document) -> Iterator[FieldError]:
    """Without a policy a pod needs name servers of its own.

    Source: validatePodDNSConfig().
    """
    config = spec.get("dnsConfig")
    if spec.get("dnsPolicy") == "None":
        if config is None:
            yield required(path, "must provide `dnsConfig` when `dnsPolicy` is None")
            # A pod without any servers has nothing more to be asked about.
            return
        if not config.get("nameservers"):
            yield required(
                f"{path}.nameservers",
                "must provide at least one DNS nameserver when `dnsPolicy` is None",
            )
            return
    yield from _name_servers(path, config or {})


def _name_servers(path: str, config: Document) -> Iterator[FieldError]:
    """Yield more servers and searches than libc takes, and bad ones."""
    servers, searches = (config.get(each) or [] for each in ("nameservers", "searches"))
    if len(servers) > _MOST_NAME_SERVERS:
        yield invalid(f"{path}.nameservers", servers, "must not have more than 3 nameservers")
    for index, server in enumerate(servers):
        yield from complaints(f"{path}.nameservers[{index}]", server, addresses.ip(server))
    if len(searches) > _MOST_SEARCHES:
        yield invalid(f"{path}.searches", searches, "must not have more than 32 search paths")
    for index, search in enumerate(searches):
        # A dot alone is the root of DNS: it has no labels to be checked.
        if search != ".":
            domain = search.removesuffix(".")
            yield from complaints(
                f"{path}.searches[{index}]", domain, content.search_domain(domain)
            )
    for index, option in enumerate(config.get("options") or ()):
        if not option.get("name"):
            yield required(f"{path}.options[{index}]", "must not be empty")


def _gates(path: str, spec: Document) -> Iterator[FieldError]:
    """Yield what is wrong with gates: what a pod waits for to be ready, and to be scheduled.

    Both are names of the kind that labels have, so that many controllers can share them. Source:
    validateReadinessGates(), validateSchedulingGates().
    """
    for index, gate in enumerate(spec.get("readinessGates") or ()):
        kind = gate.get("conditionType", "")
        messages = content.label_key(kind)
        yield from complaints(f"{path}.readinessGates[{index}].conditionType", kind, messages)
    seen: set[str] = set()
    for index, gate in enumerate(spec.get("schedulingGates") or ()):
        name = gate.get("name", "")
        yield from complaints(f"{path}.schedulingGates[{index}]", name, content.label_key(name))
        if name in seen:
            yield duplicate(f"{path}.schedulingGates[{index}]", name)
        seen.add(name)


def _names(path: str, spec: Document) -> Iterator[FieldError]:
    for field in ("serviceAccountName", "nodeName"):
        if name := spec.get(field):
            yield from complaints(f"{path}.{field}", name, content.dns_subdomain(name))
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None:
        messages = content.in_range(deadline, 1, _LONGEST_DEADLINE)
        yield from complaints(f"{path}.activeDeadlineSeconds", deadline, messages)
    for field in ("hostname", "subdomain"):
        if name := spec.get(field):
            yield from complaints(f"{path}.{field}", name, content.dns_label(name))


def _host_aliases(path: str, spec: Document) -> Iterator[FieldError]:
    """Yield lines that `/etc/hosts` could not hold.

    Source: ValidateHostAliases().
    """
    for index, alias in enumerate(spec.get("hostAliases") or ()):
        address = alias.get("ip", "")
        yield from complaints(f"{path}[{index}].ip", address, addresses.ip(address))
        for place, name in enumerate(alias.get("hostnames") or ()):
            messages = content.dns_subdomain(name)
            yield from complaints(f"{path}[{index}].hostnames[{place}]", name, messages)


def _priority(path: str, spec: Document) -> Iterator[FieldError]:
    for field in ("priorityClassName", "runtimeClassName"):
        if name := spec.get(field):
            yield from complaints(f"{path}.{field}", name, content.dns_subdomain(name))
    policy = spec.get("preemptionPolicy")
    if policy is not None and policy not in _PREEMPTION:
        yield unsupported(f"{path}.preemptionPolicy", policy, _PREEMPTION)
    names = {each.get("name") for each in spec.get("containers") or ()}
    names |= {each.get("name") for each in spec.get("initContainers") or ()}
    for index, each in enumerate(spec.get("ephemeralContainers") or ()):
        target = each.get("targetContainerName")
        if target and target not in names:
            yield not_found(f"{path}.ephemeralContainers[{index}].targetContainerName", target)
