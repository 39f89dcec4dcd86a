"""The objects that `create` and `run` make out of flags.

Fields stand in the order of Kubernetes' Go structs, which is the order that `-o json` prints
them in for objects kubectl made itself.  Nothing is defaulted here: that is the API server's part.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_deployment.go,
create_cronjob.go, create_job.go, create_service.go, create_namespace.go; pkg/cmd/run/run.go.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from svcnet.api.drawing import draw, suffix
from svcnet.api.keys import Document
from svcnet.errors import SvcnetError
from svcnet.lean_namedtuple import NamedTuple


class Identity(NamedTuple):
    """What a generated object is called."""

    name: str
    namespace: str = ""
    """Empty unless the user named a namespace: the request's own is not written into the object."""

    def metadata(self, labels: dict[str, str] | None = None) -> dict[str, Any]:
        """Return `metadata` with these labels."""
        named = {"name": self.name} | ({"namespace": self.namespace} if self.namespace else {})
        return named | ({"labels": labels} if labels else {})


def namespace(name: str) -> Document:
    """Return the Namespace that `create namespace` makes."""
    return {
        "kind": "Namespace",
        "apiVersion": "v1",
        "metadata": {"name": name},
        "spec": {},
        "status": {},
    }


def deployment(
    identity: Identity,
    images: Sequence[str],
    *,
    replicas: int = 1,
    port: int = -1,
    command: Sequence[str] = (),
) -> Document:
    """Return the Deployment that `create deployment` makes: a container per image.

    A negative `port` means none; otherwise it is the first container's.
    """
    labels = {"app": identity.name}
    containers = [_container(image, command) for image in images]
    if port >= 0 and containers:
        containers[0] = _with_port(containers[0], port)
    return {
        "kind": "Deployment",
        "apiVersion": "apps/v1",
        "metadata": identity.metadata(labels),
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
            "strategy": {},
        },
        "status": {},
    }


def job(identity: Identity, image: str, command: Sequence[str] = ()) -> Document:
    """Return the Job that `create job` makes: one container of its own name."""
    return {
        "kind": "Job",
        "apiVersion": "batch/v1",
        "metadata": identity.metadata(),
        "spec": {"template": _ending_template(identity, image, command, "Never")},
        "status": {},
    }


def job_of(identity: Identity, cron_job: Document) -> Document:
    """Return the Job that a CronJob would make, as `create job --from` makes it by hand."""
    template = cron_job["spec"].get("jobTemplate") or {}
    metadata = template.get("metadata") or {}
    own = cron_job["metadata"]
    # Without blockOwnerDeletion, which not everybody who may make Jobs may ask for.
    owner = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "name": own["name"],
        "uid": own["uid"],
        "controller": True,
    }
    return {
        "kind": "Job",
        "apiVersion": "batch/v1",
        "metadata": {
            **identity.metadata(metadata.get("labels")),
            "annotations": {
                "cronjob.kubernetes.io/instantiate": "manual",
                **(metadata.get("annotations") or {}),
            },
            "ownerReferences": [owner],
        },
        "spec": template.get("spec") or {},
        "status": {},
    }


def cron_job(
    identity: Identity, image: str, schedule: str, command: Sequence[str] = (), *, restart: str
) -> Document:
    """Return the CronJob that `create cronjob` makes."""
    template = _ending_template(identity, image, command, restart)
    return {
        "kind": "CronJob",
        "apiVersion": "batch/v1",
        "metadata": identity.metadata(),
        "spec": {
            "schedule": schedule,
            "jobTemplate": {"metadata": {"name": identity.name}, "spec": {"template": template}},
        },
        "status": {},
    }


def _ending_template(
    identity: Identity, image: str, command: Sequence[str], restart: str
) -> Document:
    """Return the template of pods that end."""
    container = {**_container(image, command), "name": identity.name}
    return {"metadata": {}, "spec": {"containers": [container], "restartPolicy": restart}}


def _container(image: str, command: Sequence[str]) -> dict[str, Any]:
    """Return a container with a name made from its image."""
    named = {"name": container_name(image), "image": image}
    return named | ({"command": list(command)} if command else {}) | {"resources": {}}


def _with_port(container: dict[str, Any], port: int) -> dict[str, Any]:
    """Return a container that listens on a port, its fields in the struct's order."""
    # resources comes after ports in core/v1 Container.
    rest = {name: value for name, value in container.items() if name != "resources"}
    return {**rest, "ports": [{"containerPort": port}], "resources": container["resources"]}


def container_name(image: str) -> str:
    """Return what `create deployment` calls the container of `image`.

    A name that Kubernetes would refuse is cleaned, and gets a drawn ending so that two images
    with one cleaned name stay apart.

    >>> container_name("registry.example.com:5000/team/app:v1@sha256:01"), container_name("nginx")
    ('app', 'nginx')
    """
    # A registry's own port stands before the last slash, a tag or digest after it.
    name = re.split("[:@]", image.rsplit("/", 1)[-1], maxsplit=1)[0]
    # Only underscores and dots are looked for; the server judges the rest.
    if not re.search("[_.]", name):
        return name
    return f"{re.sub('[_.]', '-', name)}-{suffix(draw('container', image))}"


def pod(
    identity: Identity, container: dict[str, Any], *, labels: dict[str, str], restart: str
) -> Document:
    """Return the Pod that `run` makes around one container."""
    return {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": identity.metadata(labels),
        "spec": {
            "containers": [container],
            "restartPolicy": restart,
            # run.go writes this default itself, so that --dry-run=client shows it.
            "dnsPolicy": "ClusterFirst",
        },
        "status": {},
    }


def service(
    identity: Identity,
    type_: str,
    ports: Sequence[str],
    *,
    cluster_ip: str = "",
    node_port: int = 0,
    external_name: str = "",
) -> Document:
    """Return the Service that `create service TYPE` makes.

    Args:
        identity: the Service's name, also what its pods are selected by (`app=NAME`).
        type_: ClusterIP, NodePort, LoadBalancer or ExternalName.
        ports: one `PORT` or `PORT:TARGET` each, all TCP.
        cluster_ip: an address, or `None` for a headless Service.
        node_port: the node port of every port; 0 leaves it to the server.
        external_name: where an ExternalName Service points.

    Raises:
        SvcnetError: a port is not one; the text is kubectl's.
    """
    labels = {"app": identity.name}
    spec: dict[str, Any] = {"ports": [_service_port(each, node_port) for each in ports]}
    spec |= {
        "selector": dict(labels),
        "clusterIP": cluster_ip,
        "type": type_,
        "externalName": external_name,
    }
    return {
        "kind": "Service",
        "apiVersion": "v1",
        "metadata": identity.metadata(labels),
        "spec": {name: value for name, value in spec.items() if value},
        "status": {"loadBalancer": {}},
    }


def _service_port(text: str, node_port: int) -> dict[str, Any]:
    """Return one port of a Service; its name is the text with a hyphen for the colon."""
    number, target = _ports(text)
    port: dict[str, Any] = {
        # Two ports need names (core/v1); the flag's text is one that differs.
        "name": text.replace(":", "-"),
        "protocol": "TCP",
        "port": number,
        "targetPort": target,
    }
    # 0 is Go's zero value, and means that the server is to draw one.
    return port | ({"nodePort": node_port} if node_port else {})


def _ports(text: str) -> tuple[int, int | str]:
    """Read `PORT` or `PORT:TARGET`; anything after a second colon is not looked at."""
    first, *rest = text.split(":")
    number = _port_number(first)
    if not rest:
        return number, number
    target = rest[0]
    if not re.fullmatch(r"[+-]?[0-9]+", target):
        if faults := list(port_name_faults(target)):
            raise SvcnetError(",".join(faults))
        return number, target
    if not 1 <= int(target) <= MAX_PORT:
        raise SvcnetError(f"must be between 1 and {MAX_PORT}, inclusive")
    return number, int(target)


MAX_PORT = 65535


def _port_number(text: str) -> int:
    """Read an unsigned number of 16 bits as Go's strconv.ParseUint() does."""
    if not re.fullmatch("[0-9]+", text):
        raise SvcnetError(f'strconv.ParseUint: parsing "{text}": invalid syntax')
    # ParseUint() is asked for 16 bits, so the range is its own error.
    if int(text) > MAX_PORT:
        raise SvcnetError(f'strconv.ParseUint: parsing "{text}": value out of range')
    return int(text)


MAX_PORT_NAME = 15


def port_name_faults(name: str) -> list[str]:
    """Return what keeps `name` from being a port's name, an IANA service name.

    Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go
    IsValidPortName().
    """
    faults = {
        f"must be no more than {MAX_PORT_NAME} characters": len(name) > MAX_PORT_NAME,
        "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)": not (
            re.fullmatch("[-a-z0-9]+", name)
        ),
        "must contain at least one letter (a-z)": not re.search("[a-z]", name),
        "must not contain consecutive hyphens": "--" in name,
        "must not begin or end with a hyphen": name.startswith("-") or name.endswith("-"),
    }
    return [text for text, is_so in faults.items() if is_so]
