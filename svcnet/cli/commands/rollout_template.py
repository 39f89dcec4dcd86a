"""A pod template as `rollout` describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcnet.api.keys import Document

if TYPE_CHECKING:
    from svcnet.cli.describe.page import Documents


def described_template(template: Document) -> str:
    """A pod template as kubectl describes it, tabs and all."""
    from svcnet.cli.describe import pods as describe_pods
    from svcnet.cli.describe.page import Page

    # No time either: a template has no age.
    page = Page(_NoObjects(), "")
    describe_pods.template(page, template)
    return page.raw()


class _NoObjects:
    """A description of a template alone looks nothing up."""

    def get(self, key: object) -> None:
        """Return nothing."""

    def list(self, resource: str, namespace: str | None = None) -> list[Document]:  # noqa: ARG002
        """Return nothing."""
        return []

    def indexed(self, resource: str, value: str, namespace: str | None = None) -> Documents:  # noqa: ARG002
        """Return nothing."""
        return []
