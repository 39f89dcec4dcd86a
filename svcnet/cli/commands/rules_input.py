"""What `rules` looks at: the stored objects, or those of files in their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from svcnet.api import kubeproxy_configmap
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import NODE
from svcnet.api.kubeproxy import KubeProxyConfiguration
from svcnet.api.kubeproxy_configmap import Layer
from svcnet.api.service_spec import is_allocated, wants_node_ports
from svcnet.errors import SvcnetError
from svcnet.lean_namedtuple import NamedTuple
from svcnet.proxy import watched
from svcnet.proxy.watched import Watched

if TYPE_CHECKING:
    from svcnet.cli.command.session import Session
    from svcnet.control.dump.contents import Contents
    from svcnet.control.dump.planning import Base, Plan
    from svcnet.store.reader import Reader

_CONFIG_MAPS = "configmaps"
_ACTIVE = frozenset({"endpoints", "pods"})
"""Resources from which endpoints follow, besides workloads."""


class RulesInput(NamedTuple):
    """All that rules come from."""

    watched: Watched
    configuration: KubeProxyConfiguration


def chosen(
    session: Session, filenames: Sequence[str] | None, config: str, *, recursive: bool
) -> RulesInput | None:
    """Return what files hold, or the state where no file is named; see the two functions below."""
    if filenames:
        return from_files(session, filenames, config, recursive=recursive)
    return stored(session, config)


def stored(session: Session, config: str) -> RulesInput:
    """Return the stored objects, and the configuration of their kube-proxy.

    Args:
        session: whose state is read.
        config: a file whose configuration goes over the stored one; empty for none.
    """
    over = _layers(config)
    with session.read() as reader:
        settings, config_map = reader.settings, stored_config_map(reader)
        objects = watched.from_bodies(reader.bodies)
    layers = [*_config_map_layers(config_map), *over]
    given = kubeproxy_configmap.settled(layers, settings.cluster_cidrs)
    unsaid = not (given.cluster_cidr or kubeproxy_configmap.names_range(layers))
    if unsaid and given.goes_by_cluster_cidr:
        session.print_note(f"svcnet: {kubeproxy_configmap.UNKNOWN_RANGE}")
    return RulesInput(objects, given)


def from_files(
    session: Session, filenames: Sequence[str], config: str, *, recursive: bool
) -> RulesInput | None:
    """Return the objects of files, and what follows from them; nothing is stored.

    Files that hold all that kube-proxy watches are taken as they are.  Where workloads, cluster
    IPs or nodes are to be made first, the API server and its controllers make them, in memory.

    None when objects cannot be taken, which the session has been told.
    """
    from svcnet.cli.resource import dump_files
    from svcnet.control.dump import contents, planning

    over = _layers(config)
    found = contents.read(dump_files.documents(filenames, recursive=recursive), session.namespace)
    if not is_usable(session, found, "rules"):
        return None
    plan = planning.planned(found, base_of(session))
    given = plan.configuration(*over)
    said = kubeproxy_configmap.names_range(over)
    for each in (*planning.notes(plan), *planning.range_notes(plan, given, said=said)):
        session.print_note(f"svcnet: {each}")
    return RulesInput(_watched(session, plan), given)


def is_usable(session: Session, found: Contents, verb: str) -> bool:
    """Tell whether a verb can use what files hold; if not, tell the user why.

    Raises:
        SvcnetError: they hold nothing.
    """
    for each in found.faults:
        session.report(*each)
    if found.faults:
        return False
    if not found.items and found.configuration is None:
        raise SvcnetError(f"no objects passed to {verb}")
    return True


def base_of(session: Session) -> Base:
    """Return what holds where files say nothing: the state, or what a new one would have."""
    from svcnet.control.dump.planning import Base
    from svcnet.errors import StateError
    from svcnet.store.opening import exists, open_reader

    try:
        if exists(session.db):
            with open_reader(session.db) as reader:
                return base_over(reader)
    except StateError:
        pass  # Files need no state, so nothing is wrong with one that cannot be used.
    return Base()


def base_over(reader: Reader) -> Base:
    """Return what holds of a stored cluster where files say nothing."""
    from svcnet.control.dump.planning import Base

    nodes = tuple(reader.list(NODE.resource))
    return Base(reader.settings, nodes, stored_config_map(reader), stored=True)


def stored_config_map(reader: Reader) -> Document | None:
    """Return the stored object that configures kube-proxy."""
    keys = (
        Key(_CONFIG_MAPS, kubeproxy_configmap.NAMESPACE, each) for each in kubeproxy_configmap.NAMES
    )
    return kubeproxy_configmap.chosen(each for each in map(reader.get, keys) if each)


def _layers(path: str) -> list[Layer]:
    """Return what the file of ``--config`` says, ``-`` for standard input; a ConfigMap, too.

    Raises:
        SvcnetError: the file cannot be read, or holds no configuration.
    """
    from svcnet.cli.resource import files

    if not path:
        return []
    return [kubeproxy_configmap.layer(kubeproxy_configmap.mapping(files.text_of(path), path), path)]


def _config_map_layers(config_map: Document | None) -> list[Layer]:
    if config_map is None:
        return []
    name = config_map["metadata"]["name"]
    return [kubeproxy_configmap.layer(config_map, f"{kubeproxy_configmap.NAMESPACE}/{name}")]


def _watched(session: Session, plan: Plan) -> Watched:
    from svcnet.control.dump import contents

    by_resource = contents.resources(plan.contents.items)
    # The usual bundle of a real cluster holds everything, and needs neither controllers nor SQL.
    if _is_complete(plan, by_resource):
        return watched.from_documents(lambda resource: by_resource.get(resource, ()))

    from svcnet.control.dump.restoring import restore
    from svcnet.control.manager import settle
    from svcnet.store.reader import EmptyReader
    from svcnet.store.transaction import Transaction

    # Over an empty reader: the state's own objects are not to mix with those of the files.
    txn = Transaction(EmptyReader(plan.settings), session.now)
    restore(txn, plan)
    settle(txn)
    return watched.from_documents(txn.list)


def _is_complete(plan: Plan, by_resource: dict[str, list[Document]]) -> bool:
    """Return whether nothing has to be made before rules can be."""
    from svcnet.control.dump.contents import WORKLOADS
    from svcnet.control.dump.ranges import ranges_to_be_given

    if not by_resource.get(watched.NODES) or by_resource.keys() & (_ACTIVE | WORKLOADS):
        return False
    if ranges_to_be_given(plan.contents):
        return False
    return not any(map(_is_unfinished, by_resource.get(watched.SERVICES, ())))


def _is_unfinished(service: Document) -> bool:
    """Tell whether a Service has yet to be given an address or a node port."""
    spec = service.get("spec") or {}
    if spec.get("type") == "ExternalName" or is_allocated(service):
        return False
    return not spec.get("clusterIP") or wants_node_ports(spec)
