"""`create service externalname`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_service.go.
"""

from __future__ import annotations

import re
from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands.generated_object import Name
from svcnet.cli.commands.generated_service import Ignored, Tcp, create_generated
from svcnet.cli.commands.writing import WriteFlags, write_flags
from svcnet.cli.flags.declarations import option
from svcnet.errors import SvcnetError


def create_service_externalname(
    session: Session,
    words: Name = None,
    *,
    external_name: Annotated[
        str, option("--external-name", help="The DNS name that the service stands for.")
    ],
    tcp: Tcp = None,
    save_config: Ignored = False,
    flags: Annotated[WriteFlags, write_flags("kubectl-create")],
) -> None:
    """Create an ExternalName service with the specified name."""
    del save_config
    if not _SUBDOMAIN.fullmatch(external_name) or len(external_name) > _LONGEST:
        raise SvcnetError(f"invalid service external name {external_name}")
    create_generated(session, words, "ExternalName", flags, tcp, external_name=external_name)


_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")
# A DNS name: validation.go DNS1123SubdomainMaxLength.
_LONGEST = 253
