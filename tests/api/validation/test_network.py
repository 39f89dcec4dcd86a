"""Ingresses: the names of Secrets that hold their certificates."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.validation.network import check_ingress, check_ingress_update

RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
    "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)


def ingress(*secrets: str) -> dict[str, Any]:
    backend = {"service": {"name": "s", "port": {"number": 80}}}
    tls = [{"secretName": each} for each in secrets]
    return {"spec": {"defaultBackend": backend, "tls": tls}}


@pytest.mark.parametrize("name", ["", "a", "a.b-c"])
def test_good_names_of_secrets_pass(name: str) -> None:
    assert not list(check_ingress(ingress(name)))


def test_bad_names_of_secrets_are_refused() -> None:
    assert list(map(str, check_ingress(ingress("a", "Not Good")))) == [
        f'spec.tls[1].secretName: Invalid value: "Not Good": {RULE}'
    ]


def test_who_has_a_bad_name_may_keep_it() -> None:
    assert not list(check_ingress_update(ingress("Bad", "Also Bad"), ingress("Bad")))
    assert len(list(check_ingress_update(ingress("Bad"), ingress("good")))) == 1
