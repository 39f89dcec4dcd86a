"""Every namespace has the certificate by which pods know the API server.

Source: kubernetes pkg/controller/certificates/rootcacertpublisher/publisher.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api.keys import Key
from svcnet.api.kinds import CONFIG_MAP
from svcnet.control.objects.concerns import ROOT_CA
from svcnet.control.objects.namespaces import active_among
from svcnet.snapshot import Change, Put, Snapshot

DESCRIPTION = (
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal "
    "endpoints such as the internal service IP or kubernetes.default.svc. No other usage is "
    "guaranteed across distributions of Kubernetes clusters."
)

CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBjTCCATKgAwIBAgIBATAKBggqhkjOPQQDAjAkMSIwIAYDVQQDDBlzdmNuZXQ6
IG5vIHN1Y2ggYXV0aG9yaXR5MCAXDTI2MTEyODIyMjQzN1oYDzIxMjYxMTA0MjIy
NDM3WjAkMSIwIAYDVQQDDBlzdmNuZXQ6IG5vIHN1Y2ggYXV0aG9yaXR5MFkwEwYH
KoZIzj0CAQYIKoZIzj0DAQcDQgAEKK0QRshwvTinF07hfyrc3ay3aX97yHCxiJXr
zCQKm1piMnPzFDr4oMrgRp/XlL/smUBdMD0mOaCsiD0s1H55QKNTMFEwHQYDVR0O
BBYEFGRUkRbNte8kWAYp334Bir8I6YhrMB8GA1UdIwQYMBaAFGRUkRbNte8kWAYp
334Bir8I6YhrMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAPYx
jKvDGYf2EA4l5+Hw/Fsz8MZUS96WYTAho1GaoPJvAiEAshzfVJaw6IPdpbmtXUaO
qxmZkgBGL3/8uxR5yTDDa5w=
-----END CERTIFICATE-----
"""
"""A certificate that names itself ``svcnet: no such authority``, the same in every cluster.

Its key was never kept, so it vouches for nobody: there is no API server to be known by it.
"""


def publish_root_ca(cluster: Snapshot) -> Iterator[Change]:
    """Ask for the certificate in every namespace that has none."""
    kind = CONFIG_MAP
    for namespace in active_among(cluster):
        if cluster.document(Key(kind.resource, namespace, ROOT_CA)) is None:
            yield Put(
                {
                    "apiVersion": kind.api_version,
                    "data": {"ca.crt": CERTIFICATE},
                    "kind": kind.kind,
                    "metadata": {
                        "annotations": {"kubernetes.io/description": DESCRIPTION},
                        "name": ROOT_CA,
                        "namespace": namespace,
                    },
                }
            )
