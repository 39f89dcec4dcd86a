"""Columns of configuration, access and the other kinds that Services do not need.

Source: kubernetes pkg/printers/internalversion/printers.go.
"""

from __future__ import annotations

from collections.abc import Sequence

from svcnet.api.keys import Document
from svcnet.cli.printers.ages import since
from svcnet.cli.printers.cells import (
    NONE,
    SHOWN,
    UNKNOWN,
    UNSET,
    age_of,
    ingress_points,
    items,
    name_of,
    part,
    selector,
    yes_no,
)
from svcnet.cli.printers.table import Row, Table, table


def _config_map_row(each: Document, now: str) -> Sequence[object]:
    count = len(part(each, "data")) + len(part(each, "binaryData"))
    return name_of(each), count, age_of(each, now)


def _secret_row(each: Document, now: str) -> Sequence[object]:
    return name_of(each), each.get("type", ""), len(part(each, "data")), age_of(each, now)


def _counted(field: str) -> Row:
    """Return the row of a kind that shows how long one of its lists is."""

    def row(each: Document, now: str) -> Sequence[object]:
        return name_of(each), len(items(each, field)), age_of(each, now)

    return row


def _quota_row(each: Document, now: str) -> Sequence[object]:
    """Return a ResourceQuota's cells: used and allowed amounts, limits apart from the rest.

    Source: printers.go printResourceQuota().
    """
    hard, used = part(each, "status", "hard"), part(each, "status", "used")
    shown = {name: f"{name}: {used.get(name, 0)}/{hard[name]}" for name in sorted(hard)}
    limits = [text for name, text in shown.items() if name.startswith("limits.")]
    requests = [text for name, text in shown.items() if not name.startswith("limits.")]
    return name_of(each), ", ".join(requests), ", ".join(limits), age_of(each, now)


# --- events -----------------------------------------------------------------------------------


def _event_row(each: Document, now: str) -> Sequence[object]:
    about = part(each, "involvedObject")
    kind = about.get("kind", "").lower()
    series = part(each, "series")
    # Events of the newer API have a time of their own and a series in place of a count.
    first = since(each.get("firstTimestamp") or each.get("eventTime"), now)
    last = since(each["lastTimestamp"], now) if each.get("lastTimestamp") else first
    return (
        since(series.get("lastObservedTime"), now) if series else last,
        each.get("type", ""),
        each.get("reason", ""),
        f"{kind}/{about['name']}" if about.get("name") else kind,
        about.get("fieldPath", ""),
        _event_source(each),
        each.get("message", "").strip(),
        first,
        series.get("count", 0) if series else each.get("count") or 1,
        name_of(each),
    )


def _event_source(event: Document) -> str:
    source = part(event, "source")
    component = source.get("component") or event.get("reportingComponent", "")
    host = source.get("host") or event.get("reportingInstance", "")
    return f"{component}, {host}" if host else str(component)


# --- networking -------------------------------------------------------------------------------


def _ingress_row(each: Document, now: str) -> Sequence[object]:
    spec = part(each, "spec")
    return (
        name_of(each),
        spec.get("ingressClassName") or NONE,
        _hosts(items(spec, "rules")),
        ",".join(ingress_points(part(each, "status", "loadBalancer"))),
        # These ports are the printer's own: an Ingress names none (printers.go formatPorts()).
        "80, 443" if items(spec, "tls") else "80",
        age_of(each, now),
    )


def _hosts(rules: Sequence[Document]) -> str:
    """Return the first few hosts; rules without one are counted, but not shown."""
    hosts: list[str] = []
    more = False
    # The count is that of rules, so hosts and `n more` need not add up.
    for rule in rules:
        more = more or len(hosts) == SHOWN
        if rule.get("host") and not more:
            hosts.append(rule["host"])
    text = ",".join(hosts) or "*"
    return f"{text} + {len(rules) - SHOWN} more..." if more else text


def _ingress_class_row(each: Document, now: str) -> Sequence[object]:
    spec = part(each, "spec")
    found = part(spec, "parameters")
    group = f".{found['apiGroup']}" if found.get("apiGroup") else ""
    parameters = f"{found.get('kind', '')}{group}/{found.get('name', '')}" if found else NONE
    return name_of(each), spec.get("controller", ""), parameters, age_of(each, now)


def _network_policy_row(each: Document, now: str) -> Sequence[object]:
    chosen = selector(part(each, "spec", "podSelector")) or NONE
    return name_of(each), chosen, age_of(each, now)


# --- access -----------------------------------------------------------------------------------


def _binding_row(each: Document, now: str) -> Sequence[object]:
    role = part(each, "roleRef")
    subjects = items(each, "subjects")
    named = {
        kind: ", ".join(_subject(who) for who in subjects if who.get("kind") == kind)
        for kind in ("User", "Group", "ServiceAccount")
    }
    return (
        name_of(each),
        f"{role.get('kind', '')}/{role.get('name', '')}",
        age_of(each, now),
        *named.values(),
    )


def _subject(who: Document) -> str:
    name = str(who.get("name", ""))
    return f"{who.get('namespace', '')}/{name}" if who.get("kind") == "ServiceAccount" else name


# --- scheduling and scaling -------------------------------------------------------------------


def _lease_row(each: Document, now: str) -> Sequence[object]:
    return name_of(each), part(each, "spec").get("holderIdentity", ""), age_of(each, now)


def _runtime_class_row(each: Document, now: str) -> Sequence[object]:
    return name_of(each), each.get("handler", ""), age_of(each, now)


def _priority_class_row(each: Document, now: str) -> Sequence[object]:
    return (
        name_of(each),
        each.get("value", 0),
        yes_no(each.get("globalDefault")),
        age_of(each, now),
        each.get("preemptionPolicy", ""),
    )


def _autoscaler_row(each: Document, now: str) -> Sequence[object]:
    spec, status = part(each, "spec"), part(each, "status")
    target = part(spec, "scaleTargetRef")
    return (
        name_of(each),
        f"{target.get('kind', '')}/{target.get('name', '')}",
        _metrics(items(spec, "metrics")),
        spec.get("minReplicas", UNSET),
        spec.get("maxReplicas", 0),
        status.get("currentReplicas", 0),
        age_of(each, now),
    )


def _metrics(specs: Sequence[Document]) -> str:
    """Return what is aimed at; what is measured is never known, as nothing runs."""
    shown = 2
    text = ", ".join(map(_metric, specs[:shown])) or NONE
    return f"{text} + {len(specs) - shown} more..." if len(specs) > shown else text


def _metric(spec: Document) -> str:
    kind = spec.get("type", "")
    # A metric's own field is its type with a small letter: `ContainerResource` and
    # `containerResource`.
    about = part(spec, kind[:1].lower() + kind[1:])
    target = part(about, "target")
    if kind in ("Resource", "ContainerResource"):
        used = target.get("averageUtilization")
        aim = target.get("averageValue") or ("<auto>" if used is None else f"{used}%")
        return f"{about.get('name', '')}: {UNKNOWN}/{aim}"
    if kind in ("External", "Object") and target.get("averageValue"):
        return f"{UNKNOWN}/{target['averageValue']} (avg)"
    return f"{UNKNOWN}/{target.get('averageValue') or target.get('value', '')}"


def _events() -> Table:
    """Return the table of events: its wide columns stand between the others."""
    headers = "LAST SEEN|TYPE|REASON|OBJECT|SUBOBJECT|SOURCE|MESSAGE|FIRST SEEN|COUNT|NAME"
    wide = ("SUBOBJECT", "SOURCE", "FIRST SEEN", "COUNT", "NAME")
    names = tuple(headers.split("|"))
    return Table(names, _event_row, frozenset(map(names.index, wide)))


_BINDINGS = table("NAME|ROLE|AGE", _binding_row, "USERS|GROUPS|SERVICEACCOUNTS")
_WEBHOOKS = table("NAME|WEBHOOKS|AGE", _counted("webhooks"))

TABLES = {
    "configmaps": table("NAME|DATA|AGE", _config_map_row),
    "secrets": table("NAME|TYPE|DATA|AGE", _secret_row),
    "serviceaccounts": table("NAME|SECRETS|AGE", _counted("secrets")),
    "resourcequotas": table("NAME|REQUEST|LIMIT|AGE", _quota_row),
    "events": _events(),
    "events.events.k8s.io": _events(),
    "ingresses.networking.k8s.io": table("NAME|CLASS|HOSTS|ADDRESS|PORTS|AGE", _ingress_row),
    "ingressclasses.networking.k8s.io": table("NAME|CONTROLLER|PARAMETERS|AGE", _ingress_class_row),
    "networkpolicies.networking.k8s.io": table("NAME|POD-SELECTOR|AGE", _network_policy_row),
    "leases.coordination.k8s.io": table("NAME|HOLDER|AGE", _lease_row),
    "runtimeclasses.node.k8s.io": table("NAME|HANDLER|AGE", _runtime_class_row),
    "priorityclasses.scheduling.k8s.io": table(
        "NAME|VALUE|GLOBAL-DEFAULT|AGE|PREEMPTIONPOLICY", _priority_class_row
    ),
    "mutatingwebhookconfigurations.admissionregistration.k8s.io": _WEBHOOKS,
    "validatingwebhookconfigurations.admissionregistration.k8s.io": _WEBHOOKS,
    "rolebindings.rbac.authorization.k8s.io": _BINDINGS,
    "clusterrolebindings.rbac.authorization.k8s.io": _BINDINGS,
    "horizontalpodautoscalers.autoscaling": table(
        "NAME|REFERENCE|TARGETS|MINPODS|MAXPODS|REPLICAS|AGE", _autoscaler_row
    ),
}
