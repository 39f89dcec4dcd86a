"""The annotation in which `apply` keeps the configuration it was given.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/util/apply.go.
"""

from __future__ import annotations

import json

from svcnet.api.go.json import marshal
from svcnet.api.keys import Document

ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration"


def configuration(document: Document) -> str:
    """Return what the annotation holds for `document`: its JSON on one line, and a newline.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/util/apply.go GetModifiedConfiguration().
    """
    # The newline is the JSON encoder's: encoding/json ends each document with one.
    return marshal(with_plain_annotations(document)) + "\n"


def with_plain_annotations(document: Document) -> Document:
    """Return `document` without the annotation; others are told even if there are none."""
    metadata = document["metadata"]
    kept = {
        name: value
        for name, value in (metadata.get("annotations") or {}).items()
        # An annotation that held itself would grow with every apply.
        if name != ANNOTATION
    }
    return {**document, "metadata": {**metadata, "annotations": kept}}


def annotated(document: Document) -> Document:
    """Return `document` with its own configuration in the annotation."""
    return with_configuration(document, configuration(document))


def with_configuration(document: Document, text: str) -> Document:
    """Return `document` with `text` in the annotation."""
    metadata = document["metadata"]
    annotations = {**(metadata.get("annotations") or {}), ANNOTATION: text}
    return {**document, "metadata": {**metadata, "annotations": annotations}}


def saved(document: Document, *, always: bool) -> Document:
    """Return `document` with the annotation brought up to date if it has one, or `always`."""
    return annotated(document) if always or stored(document) is not None else document


def saved_as_made(document: Document) -> Document:
    """Return an object that kubectl made with its configuration in the annotation.

    Fields keep their order, and annotations are told only if there are some.
    """
    # Encoded from the Go struct, while objects from files are encoded from maps.
    return with_configuration(document, marshal(document, in_order=True) + "\n")


def stored(document: Document) -> str | None:
    """Return what the annotation of `document` holds, or None."""
    annotations = (document.get("metadata") or {}).get("annotations") or {}
    return annotations.get(ANNOTATION)


def original(document: Document) -> Document:
    """Return the last applied configuration of a live object; empty where there is none.

    Raises:
        ValueError: the annotation does not hold JSON.
    """
    text = stored(document)
    parsed = json.loads(text) if text else {}
    return parsed if isinstance(parsed, dict) else {}
