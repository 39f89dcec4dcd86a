"""The configuration of kube-proxy as a cluster keeps it: inside a ConfigMap of kube-system.

Source: kubernetes cmd/kubeadm/app/phases/addons/proxy/manifests.go (`kube-proxy`, key
`config.conf`); Amazon EKS calls it `kube-proxy-config`, with the key `config`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from svcnet.api import kubeproxy, manifest
from svcnet.api.feature_gates import check_feature_gates
from svcnet.api.keys import Document
from svcnet.api.kubeproxy import KubeProxyConfiguration
from svcnet.api.lean_msgspec import msgspec
from svcnet.errors import UsageError
from svcnet.lean_namedtuple import NamedTuple

NAMESPACE = "kube-system"
NAMES = ("kube-proxy", "kube-proxy-config")
"""In the order in which they are looked for."""
KEYS = ("config.conf", "config")


class Layer(NamedTuple):
    """One source of kube-proxy's configuration."""

    document: Document
    source: str
    """How the user knows it."""
    whole: bool = False
    """Whether what it leaves out has kube-proxy's default; else what is said elsewhere holds."""
    ignored: tuple[str, ...] = ()
    """Fields and feature gates that this version does not know, as paths."""


def is_configuration(document: Document) -> bool:
    """Tell whether a document is a KubeProxyConfiguration by itself, in whatever version."""
    group = str(document.get("apiVersion", "")).partition("/")[0]
    known = group == kubeproxy.API_VERSION.partition("/")[0]
    return known and document.get("kind") == kubeproxy.KIND


def configuration_text(document: Document) -> str | None:
    """Return what a ConfigMap says to kube-proxy; None when it is another one."""
    metadata = document.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("name") not in NAMES:
        return None
    return _text(document) if metadata.get("namespace") == NAMESPACE else None


def _text(document: Document) -> str | None:
    """Return what a ConfigMap of whatever name says to kube-proxy, if it is one and does."""
    data = document.get("data")
    if document.get("kind") != "ConfigMap" or not isinstance(data, dict):
        return None
    texts = (data.get(key) for key in KEYS)
    return next((each for each in texts if isinstance(each, str)), None)


def mapping(text: str, source: str) -> Document:
    """Return the mapping that a configuration's text holds; nothing for an empty text.

    Raises:
        UsageError: it is no YAML, or no mapping.
    """
    try:
        value = manifest.read_one(text)
    except ValueError as error:
        raise UsageError(f"error parsing {source}: {error}") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UsageError(f"error parsing {source}: a KubeProxyConfiguration is expected")
    return value


def layer(document: Document, source: str) -> Layer:
    """Return what a ConfigMap, or a KubeProxyConfiguration maybe in part, says to kube-proxy.

    Args:
        document: one of both, or a List that holds the ConfigMap.
        source: how the user knows it.

    Raises:
        UsageError: a ConfigMap's text is no configuration.
    """
    documents = [each for each in manifest.flatten([document]) if isinstance(each, dict)]
    document = chosen(documents) or document
    text = _text(document)
    if text is None:
        return Layer(document, source)
    return _lenient(mapping(text, source), source)


def _lenient(document: Document, source: str) -> Layer:
    """Return a whole configuration, read as kube-proxy reads its file.

    What strict decoding refuses is read leniently, as kube-proxy does: fields and feature gates of
    another version are passed over.

    Source: kubernetes cmd/kube-proxy/app/options.go loadConfig(), newLenientSchemeAndCodecs().
    """
    ignored: list[str] = []
    known = _known(document, KubeProxyConfiguration(), "", ignored)
    gates = known.get("featureGates")
    if isinstance(gates, dict):
        refused = [
            name
            for name, value in gates.items()
            if isinstance(value, bool) and any(check_feature_gates({name: value}))
        ]
        ignored += [f"featureGates.{name}" for name in refused]
        left = {name: value for name, value in gates.items() if name not in refused}
        known = {**known, "featureGates": left}
    # Nothing said of pods is said, too: kube-proxy then does not tell local traffic.
    return Layer({"clusterCIDR": "", **known}, source, whole=True, ignored=tuple(ignored))


def composed(layers: Iterable[Layer]) -> Document:
    """Return one configuration of several, each over those before it."""
    document: Document = {}
    for each in layers:
        document = each.document if each.whole else merged(each.document, document)
    return document


def names_range(layers: Iterable[Layer]) -> bool:
    """Tell whether kube-proxy was told of a range of pods, if only that there is none."""
    return composed(layers).get("clusterCIDR") is not None


def settled(layers: Sequence[Layer], cluster_cidrs: Iterable[str]) -> KubeProxyConfiguration:
    """Return one configuration of several; without a word in them pods are in `cluster_cidrs`.

    Raises:
        UsageError: kube-proxy would refuse it.
    """
    document = composed(layers)
    if document.get("clusterCIDR") is None:
        document = {**document, "clusterCIDR": ",".join(cluster_cidrs)}
    return kubeproxy.read(document, layers[-1].source if layers else "")


UNKNOWN_RANGE = (
    "where the pods are cannot be known, as there are no podCIDRs and no configuration of "
    "kube-proxy: no traffic counts as local; --config with a clusterCIDR says it"
)


def _known(given: Document, default: msgspec.Struct, path: str, ignored: list[str]) -> Document:
    """Return what `given` has of the struct's fields, and note the paths of the others."""
    attributes = dict(zip(default.__struct_encode_fields__, default.__struct_fields__, strict=True))
    kept: Document = {}
    for name, value in given.items():
        if name not in attributes:
            ignored.append(f"{path}{name}")
            continue
        part = getattr(default, attributes[name])
        nested = isinstance(part, msgspec.Struct) and isinstance(value, dict)
        kept[name] = _known(value, part, f"{path}{name}.", ignored) if nested else value
    return kept


def merged(over: Document, under: Document) -> Document:
    """Return the configuration `under` with the fields that `over` names in their place."""
    both = dict(under)
    for name, value in over.items():
        old = under.get(name)
        if isinstance(value, dict) and isinstance(old, dict):
            both[name] = merged(value, old)
        # Go reads null as nothing said.
        elif value is not None:
            both[name] = value
    return both


def config_map(configuration: Document) -> Document:
    """Return the ConfigMap in which a cluster would keep a configuration."""
    configuration = {
        "apiVersion": kubeproxy.API_VERSION,
        "kind": kubeproxy.KIND,
        **configuration,
    }
    return {
        "apiVersion": "v1",
        "data": {KEYS[0]: json.dumps(configuration, indent=2, sort_keys=True) + "\n"},
        "kind": "ConfigMap",
        "metadata": {"labels": {"app": NAMES[0]}, "name": NAMES[0], "namespace": NAMESPACE},
    }


def chosen(documents: Iterable[Document]) -> Document | None:
    """Return the ConfigMap that counts, of several."""
    found = {
        each["metadata"]["name"]: each for each in documents if configuration_text(each) is not None
    }
    return next((found[name] for name in NAMES if name in found), None)
