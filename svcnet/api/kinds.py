"""One row per kind of object: what it is called, where it lives.

This module is imported by every verb, so it imports nothing that is slow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from svcnet.errors import NotServed
from svcnet.lean_namedtuple import NamedTuple

ALL_VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
"""What the API server can be asked to do with objects of most kinds."""

_CREATED_ONLY = ("create",)
"""Verbs of orders and questions: the server answers them and keeps nothing."""


class Kind(NamedTuple):
    """A kind of object, as `kubectl api-resources` tells it."""

    kind: str
    plural: str
    group: str = ""
    version: str = "v1"
    namespaced: bool = True
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    """Groups of kinds that a user names at once: ``all``."""
    scalable: bool = False
    verbs: tuple[str, ...] = ALL_VERBS
    singular_name: str = ""
    """What a definition calls one of them; empty: as the kind, in small letters."""
    other_versions: tuple[str, ...] = ()
    """Versions of a custom kind that are served besides the one that it is told in."""
    scale_paths: tuple[str, str, str] = (".spec.replicas", ".status.replicas", "")
    """Where its scale finds how many there should be, how many there are, and their selector."""

    @property
    def is_kept(self) -> bool:
        """Whether there are objects of it, once they are made."""
        return self.verbs != _CREATED_ONLY

    @property
    def singular(self) -> str:
        """`service`."""
        return self.singular_name or self.kind.lower()

    @property
    def resource(self) -> str:
        """The plural with its group: `services`, `deployments.apps`; unique, and what keys hold."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def api_version(self) -> str:
        """`v1`, `apps/v1`."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """The kind with its group, as errors say it: `Service`, `Deployment.apps`."""
        return f"{self.kind}.{self.group}" if self.group else self.kind

    @property
    def singular_resource(self) -> str:
        """The kind in small letters with its group, as `-o name` says it: `deployment.apps`."""
        return self.qualified.lower()

    def is_of(self, named: Mapping[str, Any]) -> bool:
        """Tell whether an object, or a reference to one, is of this kind, in whatever version."""
        group, _, _ = str(named.get("apiVersion", "")).rpartition("/")
        return named.get("kind") == self.kind and group == self.group


_ALL = ("all",)
_APPS = "apps"
_RBAC = "rbac.authorization.k8s.io"
_NETWORKING = "networking.k8s.io"

NAMESPACE = Kind(
    "Namespace",
    "namespaces",
    namespaced=False,
    short_names=("ns",),
    verbs=tuple(each for each in ALL_VERBS if each != "deletecollection"),
)
NODE = Kind("Node", "nodes", namespaced=False, short_names=("no",))
POD = Kind("Pod", "pods", short_names=("po",), categories=_ALL)
SERVICE = Kind("Service", "services", short_names=("svc",), categories=_ALL)
# Neither Endpoints nor slices are in the category: `get all` does not show them.
ENDPOINTS = Kind("Endpoints", "endpoints", short_names=("ep",))
CONFIG_MAP = Kind("ConfigMap", "configmaps", short_names=("cm",))
SERVICE_ACCOUNT = Kind("ServiceAccount", "serviceaccounts", short_names=("sa",))
EVENT = Kind("Event", "events", short_names=("ev",))
PERSISTENT_VOLUME_CLAIM = Kind(
    "PersistentVolumeClaim", "persistentvolumeclaims", short_names=("pvc",)
)
PERSISTENT_VOLUME = Kind(
    "PersistentVolume", "persistentvolumes", namespaced=False, short_names=("pv",)
)
REPLICATION_CONTROLLER = Kind(
    "ReplicationController",
    "replicationcontrollers",
    short_names=("rc",),
    categories=_ALL,
    scalable=True,
)
DEPLOYMENT = Kind(
    "Deployment", "deployments", _APPS, short_names=("deploy",), categories=_ALL, scalable=True
)
REPLICA_SET = Kind(
    "ReplicaSet", "replicasets", _APPS, short_names=("rs",), categories=_ALL, scalable=True
)
STATEFUL_SET = Kind(
    "StatefulSet", "statefulsets", _APPS, short_names=("sts",), categories=_ALL, scalable=True
)
DAEMON_SET = Kind("DaemonSet", "daemonsets", _APPS, short_names=("ds",), categories=_ALL)
CONTROLLER_REVISION = Kind("ControllerRevision", "controllerrevisions", _APPS)
CRON_JOB = Kind("CronJob", "cronjobs", "batch", short_names=("cj",), categories=_ALL)
JOB = Kind("Job", "jobs", "batch", categories=_ALL)
ENDPOINT_SLICE = Kind("EndpointSlice", "endpointslices", "discovery.k8s.io")
SERVICE_CIDR = Kind("ServiceCIDR", "servicecidrs", _NETWORKING, namespaced=False)
IP_ADDRESS = Kind("IPAddress", "ipaddresses", _NETWORKING, namespaced=False, short_names=("ip",))
STORAGE_CLASS = Kind(
    "StorageClass", "storageclasses", "storage.k8s.io", namespaced=False, short_names=("sc",)
)
CUSTOM_RESOURCE_DEFINITION = Kind(
    "CustomResourceDefinition",
    "customresourcedefinitions",
    "apiextensions.k8s.io",
    namespaced=False,
    short_names=("crd", "crds"),
    categories=("api-extensions",),
)

API_SERVICE = Kind(
    "APIService",
    "apiservices",
    "apiregistration.k8s.io",
    namespaced=False,
    categories=("api-extensions",),
)
PRIORITY_CLASS = Kind(
    "PriorityClass",
    "priorityclasses",
    "scheduling.k8s.io",
    namespaced=False,
    short_names=("pc",),
)

_AUTHENTICATION = "authentication.k8s.io"
_AUTHORIZATION = "authorization.k8s.io"
_FLOW_CONTROL = "flowcontrol.apiserver.k8s.io"
_DEVICES = "resource.k8s.io"
_STORAGE = "storage.k8s.io"


def _admission(kind: str, plural: str) -> Kind:
    group = "admissionregistration.k8s.io"
    return Kind(kind, plural, group, namespaced=False, categories=("api-extensions",))


def _review(kind: str, group: str, *, namespaced: bool = False) -> Kind:
    return Kind(kind, f"{kind.lower()}s", group, namespaced=namespaced, verbs=_CREATED_ONLY)


# Also kinds that do nothing here: a manifest with a ConfigMap in it must go through.
BUILT_IN: tuple[Kind, ...] = (
    Kind("Binding", "bindings", verbs=_CREATED_ONLY),
    Kind(
        "ComponentStatus",
        "componentstatuses",
        namespaced=False,
        short_names=("cs",),
        verbs=("get", "list"),
    ),
    CONFIG_MAP,
    ENDPOINTS,
    EVENT,
    Kind("LimitRange", "limitranges", short_names=("limits",)),
    NAMESPACE,
    NODE,
    PERSISTENT_VOLUME_CLAIM,
    PERSISTENT_VOLUME,
    POD,
    Kind("PodTemplate", "podtemplates"),
    REPLICATION_CONTROLLER,
    Kind("ResourceQuota", "resourcequotas", short_names=("quota",)),
    Kind("Secret", "secrets"),
    SERVICE_ACCOUNT,
    SERVICE,
    _admission("MutatingAdmissionPolicy", "mutatingadmissionpolicies"),
    _admission("MutatingAdmissionPolicyBinding", "mutatingadmissionpolicybindings"),
    _admission("MutatingWebhookConfiguration", "mutatingwebhookconfigurations"),
    _admission("ValidatingAdmissionPolicy", "validatingadmissionpolicies"),
    _admission("ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings"),
    _admission("ValidatingWebhookConfiguration", "validatingwebhookconfigurations"),
    CUSTOM_RESOURCE_DEFINITION,
    API_SERVICE,
    CONTROLLER_REVISION,
    DAEMON_SET,
    DEPLOYMENT,
    REPLICA_SET,
    STATEFUL_SET,
    _review("SelfSubjectReview", _AUTHENTICATION),
    _review("TokenReview", _AUTHENTICATION),
    _review("LocalSubjectAccessReview", _AUTHORIZATION, namespaced=True),
    _review("SelfSubjectAccessReview", _AUTHORIZATION),
    _review("SelfSubjectRulesReview", _AUTHORIZATION),
    _review("SubjectAccessReview", _AUTHORIZATION),
    Kind(
        "HorizontalPodAutoscaler",
        "horizontalpodautoscalers",
        "autoscaling",
        # The server has v1 as well; this is the one it prefers.
        "v2",
        short_names=("hpa",),
        categories=_ALL,
    ),
    CRON_JOB,
    JOB,
    Kind(
        "CertificateSigningRequest",
        "certificatesigningrequests",
        "certificates.k8s.io",
        namespaced=False,
        short_names=("csr",),
    ),
    Kind("Lease", "leases", "coordination.k8s.io"),
    ENDPOINT_SLICE,
    Kind("Event", "events", "events.k8s.io", short_names=("ev",)),
    Kind("FlowSchema", "flowschemas", _FLOW_CONTROL, namespaced=False),
    Kind(
        "PriorityLevelConfiguration",
        "prioritylevelconfigurations",
        _FLOW_CONTROL,
        namespaced=False,
    ),
    Kind("Ingress", "ingresses", _NETWORKING, short_names=("ing",)),
    Kind("IngressClass", "ingressclasses", _NETWORKING, namespaced=False),
    IP_ADDRESS,
    Kind("NetworkPolicy", "networkpolicies", _NETWORKING, short_names=("netpol",)),
    SERVICE_CIDR,
    Kind("RuntimeClass", "runtimeclasses", "node.k8s.io", namespaced=False),
    Kind("PodDisruptionBudget", "poddisruptionbudgets", "policy", short_names=("pdb",)),
    Kind("ClusterRole", "clusterroles", _RBAC, namespaced=False),
    Kind("ClusterRoleBinding", "clusterrolebindings", _RBAC, namespaced=False),
    Kind("Role", "roles", _RBAC),
    Kind("RoleBinding", "rolebindings", _RBAC),
    Kind("DeviceClass", "deviceclasses", _DEVICES, namespaced=False),
    Kind("ResourceClaim", "resourceclaims", _DEVICES),
    Kind("ResourceClaimTemplate", "resourceclaimtemplates", _DEVICES),
    Kind("ResourceSlice", "resourceslices", _DEVICES, namespaced=False),
    PRIORITY_CLASS,
    Kind("CSIDriver", "csidrivers", _STORAGE, namespaced=False),
    Kind("CSINode", "csinodes", _STORAGE, namespaced=False),
    Kind("CSIStorageCapacity", "csistoragecapacities", _STORAGE),
    STORAGE_CLASS,
    Kind("VolumeAttachment", "volumeattachments", _STORAGE, namespaced=False),
    Kind(
        "VolumeAttributesClass",
        "volumeattributesclasses",
        _STORAGE,
        namespaced=False,
        short_names=("vac",),
    ),
)
"""Every kind that is always there, in the order of `kubectl api-resources`."""


class Kinds:
    """The kinds that a cluster serves: the built-in ones and those its users defined."""

    def __init__(self, custom: Iterable[Kind] = ()) -> None:
        # Built-in kinds first: a custom one of the same name must not take their place.
        self.all = (*BUILT_IN, *custom)
        self._by_api = {(each.api_version, each.kind): each for each in self.all}
        for each in self.all:
            for version in each.other_versions:
                self._by_api[f"{each.group}/{version}", each.kind] = each
        self._by_resource = {each.resource: each for each in self.all}

    def of_document(self, api_version: str, kind: str) -> Kind | None:
        """Return the kind that a document names, or None when no such kind is served."""
        return self._by_api.get((api_version, kind))

    def of_resource(self, resource: str) -> Kind:
        """Return the kind whose keys hold `resource`.

        Raises:
            NotServed: there is none, or no longer: its definition went.
        """
        found = self._by_resource.get(resource)
        if found is None:
            raise NotServed
        return found

    def named(self, word: str) -> Kind | None:
        """Return the kind a user means: plural, singular or kind in any case, or a short name.

        A group may follow, or its beginning, and a version before a whole group: `deploy`,
        `deployments.apps`, `endpointslices.discovery`, `Deployment.v1.apps`.
        """
        name, dot, rest = word.partition(".")
        lower = name.lower()
        found = [
            kind
            for kind in self.all
            if lower in (kind.plural, kind.singular) or name in (kind.kind, *kind.short_names)
        ]
        if not dot or not found:
            return found[0] if found else None
        # A whole group goes before a beginning, or `apps` could mean `apps.example.com`.
        # Source: apimachinery pkg/api/meta/restmapper.go ResourcesFor().
        for accepts in (_is_group, _starts_group):
            for kind in found:
                if accepts(kind, rest):
                    return kind
        return None

    def in_category(self, category: str) -> tuple[Kind, ...]:
        """Return the kinds that a user means by a word like `all`."""
        return tuple(each for each in self.all if category in each.categories)


def _is_group(kind: Kind, text: str) -> bool:
    # kubectl splits at the first two dots, so a version can only stand before a whole group.
    versions = (kind.version, *kind.other_versions)
    return text == kind.group or text in (f"{each}.{kind.group}" for each in versions)


def _starts_group(kind: Kind, text: str) -> bool:
    return kind.group.startswith(text)
