"""Descriptions of what programs are configured with, and of who may do what.

Source: kubectl pkg/describe/describe.go; kubectl pkg/util/rbac/rbac.go.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from itertools import product

from svcnet.api.keys import Document
from svcnet.cli.describe.page import Page, name_of
from svcnet.cli.printers import cells
from svcnet.cli.printers.cells import NONE, UNSET, items, part, yes_no
from svcnet.lean_namedtuple import NamedTuple


def config_map(page: Page, document: Document) -> None:
    """Describe a ConfigMap."""
    page.head(document)
    page.write("\nData\n====\n")
    for key, value in sorted(part(document, "data").items()):
        page.write(f"{key}:\n----\n{value}\n\n")
    page.write("\nBinaryData\n====\n")
    for key, value in sorted(part(document, "binaryData").items()):
        page.line(f"{key}: {_size(value)} bytes")
    page.line("")


def secret(page: Page, document: Document) -> None:
    """Describe a Secret; what it holds is not shown.

    Source: kubectl pkg/describe/describe.go SecretDescriber.
    """
    page.head(document)
    page.write(f"\nType:\t{document.get('type', '')}\n\nData\n====\n")
    # A service account's token is shown, and of everything else no more than its size.
    token = document.get("type") == "kubernetes.io/service-account-token"
    for key, value in sorted(part(document, "data").items()):
        shown = _decoded(value).decode(errors="replace") if token and key == "token" else ""
        page.field(key, shown or f"{_size(value)} bytes")


def _decoded(value: object) -> bytes:
    """Return the bytes behind base64 text."""
    try:
        return base64.b64decode(str(value))
    except binascii.Error:
        return b""


def _size(value: object) -> int:
    return len(_decoded(value))


def service_account(page: Page, document: Document) -> None:
    """Describe a ServiceAccount."""
    page.head(document)
    title = "Image pull secrets:"
    secrets = [name.get("name", "") for name in items(document, "imagePullSecrets")] or [NONE]
    for index, name in enumerate(secrets):
        page.line(f"{' ' * len(title) if index else title}\t{name}")


class PolicyRule(NamedTuple):
    """One thing that some verbs may be done to."""

    verbs: tuple[str, ...]
    groups: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()

    @property
    def resource(self) -> str:
        """The resource with its group, before a subresource."""
        name, slash, subresource = "".join(self.resources).partition("/")
        group = "".join(self.groups)
        return name + (f".{group}" if group else "") + slash + subresource


def role(page: Page, document: Document) -> None:
    """Describe a Role or ClusterRole."""
    page.head(document, namespaced=False)
    page.line("PolicyRule:")
    page.table(
        "Resources\tNon-Resource URLs\tResource Names\tVerbs",
        (
            "\t".join((rule.resource, *map(_listed, (rule.urls, rule.names, rule.verbs))))
            for rule in compact(items(document, "rules"))
        ),
    )


def _listed(words: Sequence[str]) -> str:
    return f"[{' '.join(words)}]"


def compact(rules: Sequence[Document]) -> list[PolicyRule]:
    """Return rules with one resource each, and all the verbs for it, in kubectl's order."""
    merged: dict[PolicyRule, tuple[str, ...]] = {}
    plain: list[PolicyRule] = []
    # rbac.go BreakdownRule() takes rules apart, CompactRules() puts those of one subject together.
    for rule in (single for each in rules for single in _singles(each)):
        if rule.urls:
            plain.append(rule)
            continue
        subject = rule._replace(verbs=())
        merged[subject] = (*merged.get(subject, ()), *rule.verbs)
    plain += [subject._replace(verbs=verbs) for subject, verbs in merged.items()]
    # SortableRuleSlice compares whole rules as text, the verbs first.
    return sorted(plain, key=lambda rule: [_listed(part) for part in rule])


def _singles(rule: Document) -> Iterator[PolicyRule]:
    """Yield a rule taken apart, one verb and one resource or URL each."""
    verbs = items(rule, "verbs")
    for group, resource, name, verb in product(
        items(rule, "apiGroups"),
        items(rule, "resources"),
        items(rule, "resourceNames") or [""],
        verbs,
    ):
        yield PolicyRule((verb,), (group,), (resource,), (name,) if name else ())
    for url, verb in product(items(rule, "nonResourceURLs"), verbs):
        yield PolicyRule((verb,), urls=(url,))


def role_binding(page: Page, document: Document) -> None:
    """Describe a RoleBinding or ClusterRoleBinding."""
    page.head(document, namespaced=False)
    reference = part(document, "roleRef")
    page.line("Role:")
    page.field("Kind", reference.get("kind", ""), 1)
    page.field("Name", reference.get("name", ""), 1)
    page.line("Subjects:")
    page.table(
        "Kind\tName\tNamespace",
        (
            "\t".join(each.get(field, "") for field in ("kind", "name", "namespace"))
            for each in items(document, "subjects")
        ),
    )


def disruption_budget(page: Page, document: Document) -> None:
    """Describe a PodDisruptionBudget.

    Source: kubectl pkg/describe/describe.go PodDisruptionBudgetDescriber.
    """
    spec, status = part(document, "spec"), part(document, "status")
    page.field("Name", name_of(document))
    page.field("Namespace", part(document, "metadata").get("namespace", ""))
    for title, field in (("Min available", "minAvailable"), ("Max unavailable", "maxUnavailable")):
        if field in spec:
            page.field(title, spec[field])
            # policy/v1 allows only one of the two.
            break
    chosen = cells.selector(spec["selector"]) or NONE if "selector" in spec else UNSET
    page.field("Selector", chosen)
    page.line("Status:")
    for title, field in (
        ("Allowed disruptions", "disruptionsAllowed"),
        ("Current", "currentHealthy"),
        ("Desired", "desiredHealthy"),
        ("Total", "expectedPods"),
    ):
        page.field(f"    {title}", status.get(field, 0))


def priority_class(page: Page, document: Document) -> None:
    """Describe a PriorityClass."""
    metadata = part(document, "metadata")
    page.field("Name", name_of(document))
    page.field("Value", document.get("value", 0))
    page.field("GlobalDefault", yes_no(document.get("globalDefault")))
    page.field("PreemptionPolicy", document.get("preemptionPolicy", ""))
    page.field("Description", document.get("description", ""))
    page.field("Annotations", cells.labels(part(metadata, "annotations")))
