"""`expose`: a Service for something that runs.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/expose/expose.go.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from svcnet.api.keys import Document
from svcnet.api.kinds import SERVICE
from svcnet.cli.command.session import Session
from svcnet.cli.commands import last_applied, service_generator
from svcnet.cli.commands.overrides import overridden
from svcnet.cli.commands.service_generator import ExposeOptions
from svcnet.cli.commands.struct_order import in_struct_order
from svcnet.cli.commands.writing import (
    Work,
    WriteFlags,
    placed,
    typed,
    write_flags,
    writing,
)
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import SaveConfig, Words
from svcnet.cli.resource.builder import fetch, resolve
from svcnet.cli.resource.resource_flags import Files
from svcnet.cli.resource.targets import Target

Name: TypeAlias = Annotated[str, option("--name", help="The name of the new service.")]
Port: TypeAlias = Annotated[
    str, option("--port", help="The port the service answers on; several with commas.")
]
TargetPort: TypeAlias = Annotated[
    str, option("--target-port", help="The container's port, a number or a name.")
]
Protocol: TypeAlias = Annotated[
    str, option("--protocol", help="TCP, UDP or SCTP; that of the ports if empty.")
]
Type: TypeAlias = Annotated[
    str,
    option("--type", help="ClusterIP, NodePort, LoadBalancer or ExternalName."),
]
Selector: TypeAlias = Annotated[
    str, option("--selector", help="Labels of the pods; those of the object if empty.")
]
Labels: TypeAlias = Annotated[str, option("--labels", "-l", help="Labels of the service itself.")]
ClusterIp: TypeAlias = Annotated[
    str, option("--cluster-ip", help="An address of your choice, or None: headless.")
]
ExternalIp: TypeAlias = Annotated[
    str, option("--external-ip", help="A further address the service answers on.")
]
LoadBalancerIp: TypeAlias = Annotated[
    str, option("--load-balancer-ip", help="The address of a load balancer.")
]
SessionAffinity: TypeAlias = Annotated[str, option("--session-affinity", help="None or ClientIP.")]
Overrides: TypeAlias = Annotated[
    str, option("--overrides", help="JSON that changes the new service.")
]
OverrideType: TypeAlias = Annotated[
    str, option("--override-type", help="How to apply it: json, merge, strategic.")
]


def expose(
    session: Session,
    words: Words = None,
    *,
    resources: Files,
    name: Name = "",
    port: Port = "",
    target_port: TargetPort = "",
    protocol: Protocol = "",
    type_: Type = "",
    selector: Selector = "",
    labels: Labels = "",
    cluster_ip: ClusterIp = "",
    external_ip: ExternalIp = "",
    load_balancer_ip: LoadBalancerIp = "",
    session_affinity: SessionAffinity = "",
    overrides: Overrides = "",
    override_type: OverrideType = "merge",
    save_config: SaveConfig = False,
    flags: Annotated[WriteFlags, write_flags("kubectl-expose", without=("validate",))],
) -> None:
    """Expose a resource as a new Kubernetes service.

    Looks up a deployment, service, replica set, replication controller or pod by name and uses the
    selector for that resource as the selector for a new service on the specified port.
    """
    query = resources.query(session, words)
    options = ExposeOptions(
        name=name,
        port=port,
        target_port=target_port,
        protocol=protocol,
        type=type_,
        selector=selector,
        labels=labels,
        cluster_ip=cluster_ip,
        external_ip=external_ip,
        load_balancer_ip=load_balancer_ip,
        session_affinity=session_affinity,
    )
    with writing(session, flags) as work:

        def act(target: Target) -> None:
            # What one object told holds for the next: expose.go RunExpose() keeps it, too.
            nonlocal options
            source = typed(target) if target.document else fetch(work.txn, target)
            options = service_generator.completed(options, source, target.kind)
            document = service_generator.exposing_service(options, source, target.kind)
            document = overridden(document, SERVICE, overrides, override_type)
            _create(work, document, save=save_config)

        work.each(work.named(resolve(query, work.txn.kinds())), act)


def _create(work: Work, document: Document, *, save: bool) -> None:
    """Make the Service, or say that it would be made."""
    if work.flags.client_only:
        session = work.session
        # Only a namespace that the user named is shown for an object that is not sent.
        shown = placed(session, SERVICE, document) if session.namespace_given else document
        work.show(SERVICE, shown, "exposed", as_made=True)
        return
    # After --overrides, so that what is kept is what is sent.
    made = last_applied.saved_as_made(document) if save else document
    answer = work.create(placed(work.session, SERVICE, made))
    work.show(SERVICE, in_struct_order(answer), "exposed", as_made=True)
