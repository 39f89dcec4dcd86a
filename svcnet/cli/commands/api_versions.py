"""`api-versions`: the groups of the API and their versions.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apiresources/apiversions.go.
"""

from __future__ import annotations

from svcnet.api.kinds import Kinds
from svcnet.cli.command.session import Session
from svcnet.cli.commands.no_arguments import Extra, refuse_words


def api_versions(session: Session, words: Extra = None) -> None:
    """Print the supported API versions on the server, in the form of "group/version"."""
    refuse_words(session, words)
    with session.read() as objects:
        for each in group_versions(objects.kinds()):
            session.print_result(each)


def group_versions(kinds: Kinds) -> list[str]:
    """Return every group with its version, sorted."""
    return sorted({kind.api_version for kind in kinds.all})
