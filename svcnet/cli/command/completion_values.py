"""What may be typed for a flag or a word of a verb, where it is one of a few: choices and kinds."""

from __future__ import annotations

from svcnet.api.kinds import BUILT_IN
from svcnet.cli.command.completion_scripts import SCRIPTS
from svcnet.cli.printers.output import EDIT_FORMATS, GET_FORMATS, TEMPLATE_FILES, TEMPLATES
from svcnet.cli.printers.output import WRITE_FORMATS as ALL_FORMATS

FILE_FLAGS = frozenset(
    ("config", "db", "from-env-file", "from-file", "kubeconfig", "kustomize", "output-dir",
     "patch-file")
)  # fmt: skip
"""Flags whose value is a path."""
MANIFESTS = ("json", "yaml", "yml")
"""How files end that `--filename` is for."""

_CHOICES: dict[str, tuple[str, ...]] = {
    "cascade": ("background", "foreground", "orphan"),
    "dry-run": ("client", "none", "server"),
    "for": ("condition=", "create", "delete", "jsonpath="),
    "image-pull-policy": ("Always", "IfNotPresent", "Never"),
    "ip-family": ("ipv4", "ipv6"),
    "output": ALL_FORMATS,
    "override-type": ("json", "merge", "strategic"),
    "protocol": ("SCTP", "TCP", "UDP"),
    "proxy-mode": ("iptables", "nftables"),
    "ready": ("false", "true"),
    "restart": ("Always", "Never", "OnFailure"),
    "serving": ("false", "true"),
    "session-affinity": ("ClientIP", "None"),
    "subresource": ("scale", "status"),
    "validate": ("ignore", "strict", "warn"),
}
"""What flags may be set to."""
_CHOICES_OF_VERB: dict[tuple[str, str], tuple[str, ...]] = {
    ("api-resources", "output"): ("json", "name", "wide", "yaml"),
    ("api-resources", "sort-by"): ("kind", "name"),
    ("config get-contexts", "output"): ("name",),
    ("config view", "output"): ("json", "yaml", "name", *TEMPLATES, *TEMPLATE_FILES),
    ("edit", "output"): EDIT_FORMATS,
    ("explain", "output"): ("plaintext",),
    ("expose", "type"): ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"),
    ("get", "output"): GET_FORMATS,
    ("get", "subresource"): ("resize", "scale", "status"),
    ("patch", "type"): ("json", "merge", "strategic"),
    ("rules", "output"): ("json",),
    ("version", "output"): ("json", "yaml"),
}
"""The same, where it depends on the verb."""

_HISTORY = ("daemonsets.apps", "deployments.apps", "statefulsets.apps")
_TEMPLATED = (
    "cronjobs.batch", "daemonsets.apps", "deployments.apps", "jobs.batch", "pods",
    "replicasets.apps", "replicationcontrollers", "statefulsets.apps",
)  # fmt: skip
_KINDS: dict[str, tuple[str, ...]] = {
    "expose": (
        "deployments.apps", "pods", "replicasets.apps", "replicationcontrollers", "services",
    ),
    "rollout history": _HISTORY,
    "rollout pause": ("deployments.apps",),
    "rollout restart": _HISTORY,
    "rollout resume": ("deployments.apps",),
    "rollout status": _HISTORY,
    "rollout undo": _HISTORY,
    "scale": (
        "deployments.apps", "replicasets.apps", "replicationcontrollers", "statefulsets.apps",
    ),
    "set env": _TEMPLATED,
    "set image": _TEMPLATED,
    "set resources": _TEMPLATED,
    "set selector": ("services",),
    "set serviceaccount": _TEMPLATED,
    "set-condition": ("nodes", "pods"),
    "taint": ("nodes",),
}  # fmt: skip
"""What verbs can do something about, where that is not everything."""
_OF_ANY_KIND = frozenset(
    (
        "annotate", "delete", "describe", "edit", "explain", "get", "label", "patch", "wait",
        "apply edit-last-applied", "apply view-last-applied",
    )
)  # fmt: skip
_WORDS = {"completion": tuple(sorted(SCRIPTS)), "config use-context": ("svcnet",)}


def choices(path: str, flag: str) -> tuple[str, ...]:
    """Return what a verb's flag may be set to; nothing where that is up to the user."""
    return _CHOICES_OF_VERB.get((path, flag)) or _CHOICES.get(flag, ())


def words(path: str) -> tuple[str, ...]:
    """Return what a verb's only word may be; nothing where it takes objects, or anything."""
    return _WORDS.get(path, ())


def kinds(path: str) -> tuple[str, ...]:
    """Return the types that a verb's words may begin with, each with its group."""
    if path in _OF_ANY_KIND:
        return tuple(sorted(kind.resource for kind in BUILT_IN))
    return _KINDS.get(path, ())
