"""`describe`: all there is to know about objects, in words.

Source: kubectl pkg/cmd/describe/describe.go.
"""

from __future__ import annotations

from importlib import import_module
from typing import Annotated

from svcnet.api.kinds import Kind
from svcnet.api.names import Document
from svcnet.cli.choosing import files, selection
from svcnet.cli.describing.page import Describer, Objects, Page
from svcnet.cli.frame import options
from svcnet.cli.frame.parameters import Context, option
from svcnet.cli.frame.session import Session, session
from svcnet.errors import NotFound, SvcnetError

_ANYTHING = "any:anything"
_DESCRIBERS = {
    "services": "network:service",
    "endpoints": "network:endpoints",
    "endpointslices.discovery.k8s.io": "network:endpoint_slice",
    "servicecidrs.networking.k8s.io": "network:service_cidr",
    "ipaddresses.networking.k8s.io": "network:ip_address",
    "ingresses.networking.k8s.io": "network:ingress",
    "ingressclasses.networking.k8s.io": "network:ingress_class",
    "pods": "pods:pod",
    "deployments.apps": "workloads:deployment",
    "replicasets.apps": "workloads:replica_set",
    "replicationcontrollers": "workloads:replication_controller",
    "statefulsets.apps": "workloads:stateful_set",
    "daemonsets.apps": "workloads:daemon_set",
    "jobs.batch": "workloads:job",
    "cronjobs.batch": "workloads:cron_job",
    "nodes": "cluster:node",
    "namespaces": "cluster:namespace",
    "resourcequotas": "cluster:resource_quota",
    "limitranges": "cluster:limit_range",
    "configmaps": "others:config_map",
    "secrets": "others:secret",
    "serviceaccounts": "others:service_account",
    "roles.rbac.authorization.k8s.io": "others:role",
    "clusterroles.rbac.authorization.k8s.io": "others:role",
    "rolebindings.rbac.authorization.k8s.io": "others:role_binding",
    "clusterrolebindings.rbac.authorization.k8s.io": "others:role_binding",
    "networkpolicies.networking.k8s.io": "policies:network_policy",
    "horizontalpodautoscalers.autoscaling": "policies:autoscaler",
    "persistentvolumeclaims": "storage:claim",
    "persistentvolumes": "storage:volume",
    "storageclasses.storage.k8s.io": "storage:storage_class",
    "poddisruptionbudgets.policy": "others:disruption_budget",
    "priorityclasses.scheduling.k8s.io": "others:priority_class",
}
"""Which function describes a resource, in which of the modules beside this one."""

_WITHOUT_EVENTS = frozenset(
    (
        "namespaces",
        "resourcequotas",
        "limitranges",
        "secrets",
        "roles.rbac.authorization.k8s.io",
        "clusterroles.rbac.authorization.k8s.io",
        "networkpolicies.networking.k8s.io",
        "rolebindings.rbac.authorization.k8s.io",
        "clusterrolebindings.rbac.authorization.k8s.io",
    )
)
"""Resources for which kubectl does not look for events."""

ShowEvents = Annotated[
    bool | None,
    option("--show-events", help="Tell the events of what is described (default true)."),
]
ChunkSize = Annotated[
    int,
    option("--chunk-size", help="Accepted for scripts: a list is always read at once."),
]


def describe(
    ctx: Context,
    words: options.Words = None,
    *,
    selector: options.Selector = "",
    all_namespaces: options.AllNamespaces = False,
    filenames: options.Filenames = None,
    kustomize: options.Kustomize = "",
    recursive: options.Recursive = False,
    show_events: ShowEvents = None,
    chunk_size: ChunkSize = 500,
) -> None:
    """Show details of a specific resource or group of resources.

    Objects are named, selected by labels, or read from files. Where no object has the name that
    is given, all whose names begin with it are described.
    """
    del chunk_size
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    run = session(ctx)
    if not words and not filenames:
        raise SvcnetError(
            "You must specify the type of resource to describe. "
            'Use "kubectl api-resources" for a complete list of supported resources.'
        )
    asked = selection.wanted(
        run,
        words,
        selector=selector,
        all_namespaces=all_namespaces,
        filenames=filenames or (),
        recursive=recursive,
        bare_type_means_all=True,
    )
    with run.read() as objects:
        _describe(run, asked, objects, show_events)


def _describe(
    run: Session, asked: selection.Wanted, objects: selection.Objects, show_events: bool | None
) -> None:
    """Describe what is there, then tell of what is not."""
    faults: list[SvcnetError] = []
    targets: list[selection.Target] = []
    meant = selection.resolve(asked, objects.kinds())
    # A server warns of deprecated kinds with its answer, so before anything is printed.
    for kind in _kinds_of(meant):
        run.warn_of_kind(kind)
    for found in selection.found(objects, meant):
        if isinstance(found, selection.Target):
            targets.append(found)
        else:
            faults.append(found)
    # kubectl asks for events only where it describes one object, unless told to.
    events = len(targets) == 1 and not faults if show_events is None else show_events
    if len(faults) == 1 and isinstance(faults[0], NotFound) and len(asked.words) == 2:  # noqa: PLR2004 - TYPE NAME
        # kubectl's DescribeMatchingResources(): a name that is none may be the beginning of some.
        _describe_alike(run, asked, objects, faults[0], events=events)
        return
    for index, target in enumerate(targets):
        text = description(objects, target.kind, target.document or {}, run.now, events=events)
        # kubectl parts objects with two empty lines, whatever their descriptions end with.
        run.say(f"\n\n{text}" if index else text, end="")
    if not targets and not faults:
        where = "" if asked.all_namespaces else f" in {asked.namespace} namespace."
        run.tell(f"No resources found{where}")
    # Told last: who asks for several names gets those that are there, and exit status 1.
    for fault in faults:
        run.report(fault)


def _kinds_of(meant: selection.Selection) -> tuple[Kind, ...]:
    """Return the kinds that the server is asked about."""
    if isinstance(meant, selection.Listed):
        return meant.kinds
    return tuple(target.kind for target in meant.targets)


def _describe_alike(
    run: Session,
    asked: selection.Wanted,
    objects: selection.Objects,
    missing: NotFound,
    *,
    events: bool,
) -> None:
    """Describe the objects whose names begin with the one that no object has.

    Raises:
        NotFound: no name begins so either.
    """
    word, prefix = asked.words
    # Only one type can be searched for names.
    if "," in word:
        raise SvcnetError("you may only specify a single resource type")
    kind = selection.kind_named(objects.kinds(), word)
    everything = selection.Listed((kind,), asked.namespace)
    alike = [
        each for each in selection.listed(objects, everything, kind) if each.name.startswith(prefix)
    ]
    if not alike:
        raise missing
    for each in alike:
        # DescribeMatchingResources() ends each with a newline, and puts nothing between.
        run.say(description(objects, kind, each.document or {}, run.now, events=events))


def description(objects: Objects, kind: Kind, document: Document, now: str, *, events: bool) -> str:
    """Return all there is to say about an object.

    Args:
        objects: where what belongs to it is found.
        kind: what it is.
        document: the object.
        now: RFC 3339; what ages are counted from.
        events: tell what happened to it, too.
    """
    module, _, name = _DESCRIBERS.get(kind.resource, _ANYTHING).partition(":")
    # Imported on use: one run describes one kind, and need not load what the others take.
    describer: Describer = getattr(import_module(f"svcnet.cli.describing.{module}"), name)
    page = Page(objects, now)
    describer(page, document)
    if events and kind.resource not in _WITHOUT_EVENTS:
        page.events(document)
    return page.text()
