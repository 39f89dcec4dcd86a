"""Dumps of whole clusters: `import`, `rules -f`, and that both see the same cluster."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from svcnet.store.opening import open_reader
from tests.cli.conftest import Said, run
from tests.cli.dumped import LAYOUTS, Document, Layout, as_list, dump, kubeadm, workload
from tests.conformance.cases import CASES

Command = Callable[..., Said]


@pytest.fixture
def svcnet(db: str, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command line on the state `db`, which is not there yet."""
    assert not Path(db).exists()
    return lambda *words: run(*words, capsys=capsys)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Iterable[Document]], str]:
    """Write objects to a file as a List, and return its path."""

    def written(documents: Iterable[Document]) -> str:
        path = tmp_path / "dump.json"
        path.write_text(as_list(list(documents)))
        return str(path)

    return written


Written = Callable[[Iterable[Document]], str]


def rules(svcnet: Command, *words: str) -> str:
    """Return the rules of all modes and families, whatever is told beside."""
    printed = []
    for mode in ("iptables", "nftables"):
        for family in ("ipv4", "ipv6"):
            said = svcnet("rules", *words, "--proxy-mode", mode, "--ip-family", family)
            assert said.status == 0, said.err
            printed.append(said.out)
    return "\n".join(printed)


def without_version(document: Document) -> Document:
    metadata = {**document["metadata"]}
    metadata.pop("resourceVersion", None)
    return {**document, "metadata": metadata}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("how", ["no state", "fresh state", "used state and --new"])
def test_what_is_given_stands_and_import_shows_what_rules_show(
    layout: Layout, how: str, svcnet: Command, written: Written, db: str
) -> None:
    given = dump(layout)
    file = written(given)
    if how != "no state":
        svcnet("init")
    new = []
    if how == "used state and --new":
        svcnet("create", "service", "nodeport", "mine", "--tcp=80")
        new = ["--new"]
    before = [rules(svcnet, "-f", file, "--node", each) for each in layout.nodes]

    said = svcnet("import", "-f", file, *new)

    assert said.status == 0, said.err
    assert [rules(svcnet, "--node", each) for each in layout.nodes] == before
    with open_reader(db) as reader:
        kinds = reader.kinds()
        for document in given:
            kind = kinds.of_document(document["apiVersion"], document["kind"])
            assert kind is not None
            namespace = document["metadata"].get("namespace", "")
            stored = [
                without_version(each)
                for each in reader.list(kind.resource, namespace)
                if each["metadata"]["name"] == document["metadata"]["name"]
            ]
            assert stored == [without_version(document)]
        names = [each["metadata"]["name"] for each in reader.list("nodes")]
        assert names == sorted(layout.nodes)
        services = [each["metadata"]["name"] for each in reader.list("services")]
        assert services == ["kubernetes", "kube-dns", "front", "web"]
        slices = reader.list("endpointslices.discovery.k8s.io")
        assert len(slices) == len(services)


POD_RANGES = {
    "kubeadm": "10.32.0.0/12",
    "kubeadm 1.34, nftables": "10.32.0.0/12",
    "kind": "10.244.0.0/16",
    "k3s": "10.42.0.0/16",
    "EKS, objects alone": None,
    "EKS, with its configuration": None,
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_range_of_pods_is_that_of_the_dump(
    name: str, svcnet: Command, written: Written
) -> None:
    layout, cidr = LAYOUTS[name], POD_RANGES[name]
    file = written(dump(layout))

    said = svcnet("rules", "-f", file, "--node", layout.nodes[0], "--proxy-mode", "iptables")

    masqueraded = [
        line for line in said.out.splitlines() if "cluster IP" in line and "! -s" in line
    ]
    assert all(f"! -s {cidr}" in line for line in masqueraded)
    assert bool(masqueraded) == (cidr is not None)
    assert ("where the pods are cannot be known" in said.err) == (name == "EKS, objects alone")
    assert ("pods are taken to be in 10.42.0.0/16" in said.err) == (name == "k3s")
    svcnet("import", "-f", file)
    stored = svcnet("rules", "--node", layout.nodes[0], "--proxy-mode", "iptables")
    assert stored.out == said.out
    assert ("where the pods are cannot be known" in stored.err) == (name == "EKS, objects alone")


def test_kube_proxy_is_configured_as_the_config_map_says(svcnet: Command, written: Written) -> None:
    file = written(dump(LAYOUTS["kubeadm 1.34, nftables"]))

    assert svcnet("rules", "-f", file, "--node", "cp-1").out.startswith("table ip kube-proxy")
    svcnet("import", "-f", file)
    assert svcnet("rules", "--node", "cp-1").out.startswith("table ip kube-proxy")


def test_node_ports_answer_where_the_config_map_says(svcnet: Command, written: Written) -> None:
    text = kubeadm("10.32.0.0/12").replace(
        "nodePortAddresses: null", "nodePortAddresses: [172.18.0.3/32]"
    )
    file = written(dump(LAYOUTS["kubeadm"]._replace(proxy=text)))
    words = ("--node", "worker-1", "--proxy-mode", "iptables")

    before = svcnet("rules", "-f", file, *words).out
    svcnet("import", "-f", file)

    assert "-A KUBE-SERVICES -d 172.18.0.3/32 -m comment" in before
    assert "-j KUBE-NODEPORTS" in before
    assert "--dst-type LOCAL -j KUBE-NODEPORTS" not in before
    assert svcnet("rules", *words).out == before


@pytest.mark.parametrize("form", ["ConfigMap", "configuration"])
def test_config_takes_the_config_map_too(
    form: str, svcnet: Command, written: Written, tmp_path: Path
) -> None:
    file = written(dump(LAYOUTS["k3s"]))
    text = kubeadm("10.42.0.0/18")
    if form == "ConfigMap":
        metadata = {"name": "kube-proxy", "namespace": "kube-system"}
        text = json.dumps(
            {
                "apiVersion": "v1",
                "data": {"config.conf": text},
                "kind": "ConfigMap",
                "metadata": metadata,
            }
        )
    config = tmp_path / "kube-proxy.yaml"
    config.write_text(text)

    for source in (["-f", file], []):
        said = svcnet("rules", *source, "--node", "cp-1", "--config", str(config))
        assert "! -s 10.42.0.0/18" in said.out
        assert "10.42.0.0/16" not in said.out + said.err
        svcnet("import", "-f", file)


def test_a_configuration_may_stand_among_the_objects(svcnet: Command, written: Written) -> None:
    proxy = {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "nftables",
    }
    file = written([*dump(LAYOUTS["k3s"]), proxy])
    before = rules(svcnet, "-f", file, "--node", "cp-1")
    assert "10.42.0.0/16" in before
    assert svcnet("rules", "-f", file, "--node", "cp-1").out.startswith("table ip")

    assert svcnet("import", "-f", file).status == 0

    assert svcnet("rules", "--node", "cp-1").out.startswith("table ip")
    assert rules(svcnet, "--node", "cp-1") == before


def test_a_configuration_of_another_version_is_read_leniently(
    svcnet: Command, written: Written
) -> None:
    """kube-proxy too passes over fields that it does not know, with a warning."""
    old = (
        kubeadm("10.32.0.0/14")
        + "udpIdleTimeout: 250ms\nfeatureGates: {SupportIPVSProxyMode: true}\n"
    )
    file = written(dump(LAYOUTS["kubeadm"]._replace(proxy=old)))

    said = svcnet("rules", "-f", file, "--node", "cp-1")

    assert "! -s 10.32.0.0/14" in said.out
    assert (
        "svcnet: ignored in kube-system/kube-proxy: udpIdleTimeout, "
        "featureGates.SupportIPVSProxyMode\n" in said.err
    )
    assert svcnet("import", "-f", file).status == 0


def test_without_a_cluster_cidr_in_its_file_kube_proxy_knows_none(
    svcnet: Command, written: Written
) -> None:
    """It asks nobody else, so the nodes' ranges do not matter."""
    file = written(dump(LAYOUTS["kubeadm"]._replace(proxy=kubeadm('""'))))

    said = svcnet("rules", "-f", file, "--node", "cp-1")

    assert "! -s" not in said.out.replace("! -s 127.0.0.0/8", "")
    assert "cannot be known" not in said.err


def test_node_ranges_tell_local_traffic_where_kube_proxy_goes_by_them(
    svcnet: Command, written: Written
) -> None:
    text = kubeadm('""').replace('detectLocalMode: ""', "detectLocalMode: NodeCIDR")
    file = written(dump(LAYOUTS["kubeadm"]._replace(proxy=text)))

    said = svcnet("rules", "-f", file, "--node", "worker-1")

    assert "! -s 10.32.1.0/24" in said.out
    assert "pods" not in said.err


def test_the_older_field_of_a_nodes_range_will_do(svcnet: Command, written: Written) -> None:
    """The API server shows both, whichever was written."""
    text = kubeadm('""').replace('detectLocalMode: ""', "detectLocalMode: NodeCIDR")
    documents = dump(LAYOUTS["kubeadm"]._replace(proxy=text))
    for each in documents:
        if each["kind"] == "Node":
            del each["spec"]["podCIDRs"]
    file = written(documents)

    before = svcnet("rules", "-f", file, "--node", "worker-1").out
    svcnet("import", "-f", file)

    assert "! -s 10.32.1.0/24" in before
    assert svcnet("rules", "--node", "worker-1").out == before


@pytest.mark.parametrize(
    ("cidr", "why"),
    [
        ("10.32.0.0/99", "KubeProxyConfiguration.ClusterCIDR: Invalid value"),
        ("10.32.0.0/99,fd00::/48", "KubeProxyConfiguration.ClusterCIDR: Invalid value"),
        ("5", "strict decoding error"),
    ],
)
def test_what_configures_kube_proxy_wrongly_is_told(
    cidr: str, why: str, svcnet: Command, written: Written
) -> None:
    file = written(dump(LAYOUTS["kubeadm"]._replace(proxy=kubeadm(cidr))))

    said = svcnet("rules", "-f", file, "--node", "cp-1")
    assert (said.status, said.out) == (1, "")
    assert f"error: kube-system/kube-proxy: {why}" in said.err

    said = svcnet("import", "-f", file)
    assert said.status == 0
    assert "kube-proxy could not start with this configuration" in said.err
    assert svcnet("create", "deployment", "later", "--image=nginx").status == 0


# --- what is missing --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        ({"Node"}, "no nodes in the files: cp-1, worker-1, worker-2 are known by name only"),
        ({"Service"}, "no services in the files: no rules come of them"),
        ({"EndpointSlice"}, "no endpointslices in the files: no service has endpoints"),
    ],
)
def test_incomplete_dumps_are_told_of(
    left_out: set[str], told: str, svcnet: Command, written: Written
) -> None:
    file = written(each for each in dump(LAYOUTS["k3s"]) if each["kind"] not in left_out)

    before = svcnet("rules", "-f", file, "--node", "worker-1")
    assert (before.status, before.err.count(told)) == (0, 1)

    said = svcnet("import", "-f", file)
    assert said.status == 0
    assert told in said.err
    (plural,) = {f"{each.lower()}s" for each in left_out}
    assert said.err.endswith(f"svcnet: missing: {plural}\n")
    assert svcnet("rules", "--node", "worker-1").out == before.out


def test_nodes_that_are_only_named_have_the_zones_that_endpoints_tell(
    svcnet: Command, written: Written, db: str
) -> None:
    file = written(each for each in dump(LAYOUTS["k3s"]) if each["kind"] != "Node")

    svcnet("import", "-f", file)

    with open_reader(db) as reader:
        assert [
            (each["metadata"]["name"], each["metadata"]["labels"]) for each in reader.list("nodes")
        ] == [
            ("cp-1", {"topology.kubernetes.io/zone": "zone-0"}),
            ("worker-1", {"topology.kubernetes.io/zone": "zone-1"}),
            ("worker-2", {"topology.kubernetes.io/zone": "zone-2"}),
        ]
        assert [each for each in reader.list("nodes") if each.get("spec")] == []


def test_pods_that_are_made_in_place_of_those_of_a_dump_are_told_of(
    svcnet: Command, written: Written
) -> None:
    layout = LAYOUTS["k3s"]
    documents = [*dump(layout), *(e for e in workload(layout) if e["kind"] != "Pod")]
    file = written(documents)
    told = "svcnet: no pods in the files: workloads make new ones, and endpointslices follow them\n"

    before = svcnet("rules", "-f", file, "--node", "worker-1")
    said = svcnet("import", "-f", file)

    assert (before.err.count(told), said.err.count(told)) == (1, 1)
    assert svcnet("rules", "--node", "worker-1").out == before.out


def test_one_namespace_only_is_told_of(svcnet: Command, written: Written) -> None:
    documents = dump(LAYOUTS["k3s"])
    file = written(
        each for each in documents if each["metadata"].get("namespace", "shop") == "shop"
    )

    for verb in (["rules", "--node", "cp-1"], ["import"]):
        assert "only namespace shop in the files" in svcnet(*verb, "-f", file).err
    whole = written(documents)
    assert "only namespace" not in svcnet("rules", "--node", "cp-1", "-f", whole).err


def endpoints_of(documents: Iterable[Document], *, skip_mirror: bool = True) -> list[Document]:
    """Return the Endpoints that the slices of a dump are about."""
    found = []
    for each in documents:
        if each["kind"] != "EndpointSlice":
            continue
        labels = each["metadata"]["labels"]
        name = labels["kubernetes.io/service-name"]
        own = {"endpoints.kubernetes.io/managed-by": "endpoint-controller"}
        if name == "kubernetes" and skip_mirror:
            own = {"endpointslice.kubernetes.io/skip-mirror": "true"}
        found.append(
            {
                "apiVersion": "v1",
                "kind": "Endpoints",
                "metadata": {
                    **each["metadata"],
                    "labels": own,
                    "name": name,
                    "uid": each["metadata"]["uid"].replace("6f5c", "6f5d"),
                },
                "subsets": [
                    {
                        "addresses": [
                            {"ip": one["addresses"][0], "nodeName": one["nodeName"]}
                            for one in each["endpoints"]
                        ],
                        "ports": each["ports"],
                    }
                ],
            }
        )
    return found


def test_endpoints_without_slices_are_mirrored(svcnet: Command, written: Written, db: str) -> None:
    """People dump `svc,ep,nodes`; the rules are those that the slices would give."""
    documents = dump(LAYOUTS["k3s"])
    rules_of_slices = rules(svcnet, "-f", written(documents), "--node", "worker-1")
    without = [each for each in documents if each["kind"] != "EndpointSlice"]
    given = endpoints_of(documents)
    file = written([*without, *given])

    said = svcnet("rules", "-f", file, "--node", "worker-1")
    assert "no endpointslices in the files: they are derived from endpoints" in said.err
    assert (
        "endpoints without endpointslices, mirrored to some: default/kubernetes, "
        "kube-system/kube-dns, shop/web, shop/front\n" in said.err
    )
    assert rules(svcnet, "-f", file, "--node", "worker-1") == rules_of_slices

    assert svcnet("import", "-f", file).status == 0
    assert rules(svcnet, "--node", "worker-1") == rules_of_slices
    with open_reader(db) as reader:
        stored = {each["metadata"]["name"]: each for each in reader.list("endpoints")}
        assert [without_version(stored[each["metadata"]["name"]]) for each in given] == [
            without_version(each) for each in given
        ]


def test_endpoints_written_by_hand_are_mirrored_by_their_controller(
    svcnet: Command, written: Written, db: str
) -> None:
    documents = dump(LAYOUTS["k3s"])
    for each in documents:
        if each["kind"] == "Service":
            each["spec"].pop("selector", None)
    endpoints = endpoints_of(documents)
    for each in endpoints:
        each["metadata"]["labels"] = {}
    file = written([*(e for e in documents if e["kind"] != "EndpointSlice"), *endpoints])

    before = rules(svcnet, "-f", file, "--node", "cp-1")
    svcnet("import", "-f", file)

    assert rules(svcnet, "--node", "cp-1") == before
    with open_reader(db) as reader:
        managers = {
            each["metadata"]["labels"]["endpointslice.kubernetes.io/managed-by"]
            for each in reader.list("endpointslices.discovery.k8s.io")
        }
    assert managers == {"endpointslicemirroring-controller.k8s.io"}


@pytest.mark.parametrize("pods", [True, False], ids=["with pods", "slices alone"])
def test_slices_that_mirror_stay_without_what_they_mirror(
    pods: bool, svcnet: Command, written: Written, db: str
) -> None:
    """People dump `nodes,services,endpointslices`, as the README says, and no Endpoints."""
    layout = LAYOUTS["k3s"]
    documents = dump(layout)
    for each in documents:
        if each["metadata"]["name"] == "front":
            each["spec"].pop("selector")
        if each["metadata"]["name"] == "front-x7k2p":
            manager = "endpointslicemirroring-controller.k8s.io"
            each["metadata"]["labels"]["endpointslice.kubernetes.io/managed-by"] = manager
            owner = {"apiVersion": "v1", "kind": "Endpoints", "name": "front", "uid": "e-1"}
            each["metadata"]["ownerReferences"] = [
                {**owner, "blockOwnerDeletion": True, "controller": True}
            ]
            # Endpoints tell no more of an address.
            for endpoint in each["endpoints"]:
                endpoint["conditions"] = {"ready": True}
                endpoint.pop("zone", None)
    slices = [each for each in documents if each["kind"] == "EndpointSlice"]
    before = rules(svcnet, "-f", written(documents), "--node", "worker-1")
    beside = [each for each in workload(layout) if each["kind"] == "Pod"] if pods else []
    if pods:
        # Pods of nobody's Service: what slices show does not follow from them.
        for each in beside:
            each["metadata"]["labels"] = {"app": "other"}
    file = written([*documents, *beside])

    assert rules(svcnet, "-f", file, "--node", "worker-1") == before
    assert svcnet("import", "-f", file).status == 0
    assert rules(svcnet, "--node", "worker-1") == before
    with open_reader(db) as reader:
        stored = reader.list("endpointslices.discovery.k8s.io")
        by_name = {each["metadata"]["name"]: without_version(each) for each in stored}
        assert [by_name.get(each["metadata"]["name"]) for each in slices] == [
            without_version(each) for each in slices
        ]
        (endpoints,) = [
            each for each in reader.list("endpoints") if each["metadata"]["name"] == "front"
        ]
    assert endpoints["metadata"]["uid"] == "e-1"


def test_a_namespace_that_is_going_is_not_emptied_by_who_looks_at_its_dump(
    svcnet: Command, written: Written, db: str
) -> None:
    layout = LAYOUTS["k3s"]
    documents = [*dump(layout), *workload(layout)]
    before = rules(svcnet, "-f", written(documents), "--node", "worker-1")
    names = {each["metadata"].get("namespace", "") for each in documents}
    assert "shop" in names
    going = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "creationTimestamp": "2025-03-01T09:00:00Z",
            "deletionTimestamp": "2025-03-01T11:00:00Z",
            "name": "shop",
            "uid": "n-1",
        },
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Terminating"},
    }
    given = [each for each in documents if each["metadata"]["name"] != "shop"]
    file = written([*given, going])

    assert rules(svcnet, "-f", file, "--node", "worker-1") == before
    assert svcnet("import", "-f", file).status == 0
    assert rules(svcnet, "--node", "worker-1") == before
    with open_reader(db) as reader:
        assert len(reader.list("pods", "shop")) == len(layout.nodes)

    # From then on time passes there as it does in any cluster.
    svcnet("delete", "deployment", "web", "-n", "shop")
    assert svcnet("get", "namespace", "shop").status == 1


# --- what is no use ---------------------------------------------------------------------------

OLD = [
    {
        "apiVersion": "extensions/v1beta1",
        "kind": "Ingress",
        "metadata": {"name": "web", "namespace": "shop"},
    },
    {
        "apiVersion": "extensions/v1beta1",
        "kind": "Ingress",
        "metadata": {"name": "api", "namespace": "shop"},
    },
    {"apiVersion": "policy/v1beta1", "kind": "PodSecurityPolicy", "metadata": {"name": "all"}},
    {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": {"name": "web", "namespace": "shop"},
    },
]


def test_unknown_kinds_and_old_versions_are_skipped_and_told(
    svcnet: Command, written: Written
) -> None:
    file = written([*OLD, *dump(LAYOUTS["kubeadm"])])
    told = (
        "svcnet: ignored 2 extensions/v1beta1 Ingress: shop/web, shop/api: no such kind is served\n"
        "svcnet: ignored 1 policy/v1beta1 PodSecurityPolicy: all: no such kind is served\n"
        "svcnet: ignored 1 monitoring.coreos.com/v1 ServiceMonitor: shop/web: no such kind is "
        "served\n"
    )

    assert told in svcnet("rules", "-f", file, "--node", "cp-1").err
    said = svcnet("import", "-f", file)
    assert (said.status, said.err.count(told)) == (0, 1)
    assert (
        "svcnet: ignored: 2 extensions/v1beta1 Ingress, 1 policy/v1beta1 PodSecurityPolicy, "
        "1 monitoring.coreos.com/v1 ServiceMonitor\n" in said.err
    )
    said = svcnet("apply", "-f", file)
    assert said.status == 1
    assert 'no matches for kind "Ingress" in version "extensions/v1beta1"' in said.err


def test_many_ignored_names_are_cut_short(svcnet: Command, written: Written) -> None:
    many = [
        {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": f"t{n}"}}
        for n in range(14)
    ]
    said = svcnet("import", "-f", written([*many, *dump(LAYOUTS["kind"])]))

    assert "ignored 14 example.com/v1 Thing: t0, t1, t2, t3, t4, t5, t6, t7, t8, t9 and 4 more" in (
        said.err
    )


def test_custom_resources_with_their_definition_are_kept(svcnet: Command, written: Written) -> None:
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "Thing", "plural": "things", "singular": "thing"},
            "scope": "Namespaced",
            "versions": [
                {
                    "name": "v1",
                    "schema": {"openAPIV3Schema": {"type": "object"}},
                    "served": True,
                    "storage": True,
                }
            ],
        },
    }
    thing = {
        "apiVersion": "example.com/v1",
        "kind": "Thing",
        "metadata": {"name": "a", "namespace": "shop", "uid": "6f5c"},
    }
    file = written([thing, definition, *dump(LAYOUTS["kind"])])
    said = svcnet("import", "-f", file)

    assert said.status == 0, said.err
    name = "customresourcedefinition.apiextensions.k8s.io/things.example.com"
    assert f"{name} created\n" in said.out
    assert f"{name} unchanged\n" in svcnet("import", "-f", file).out
    assert "ignored: nothing" in said.err
    assert svcnet("get", "things", "-n", "shop", "-o", "name").out == "thing.example.com/a\n"


def test_fields_that_only_older_servers_gave_are_passed_over(
    svcnet: Command, written: Written
) -> None:
    documents = dump(LAYOUTS["k3s"])
    for each in documents:
        if each["kind"] == "Service":
            each["spec"]["topologyKeys"] = ["*"]

    said = svcnet("rules", "-f", written(documents), "--node", "cp-1")

    assert said.status == 0
    assert "ignored fields of another version: Service spec.topologyKeys (4 times)" in said.err


@pytest.mark.parametrize("verb", [("rules", "--node", "n1"), ("import",)])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n---\n---\n",
        '{"apiVersion": "v1", "kind": "ServiceList", "items": null}',
        "apiVersion: v1\nkind: Service\nmetadata: {}\nspec: {ports: [{port: 80}]}",
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}], x: 1}",
        "apiVersion: v1\nkind: Service\nmetadata: {name: 5}",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {labels: {a: b}}",
    ],
)
def test_what_apply_refuses_is_refused_in_the_same_words(
    verb: tuple[str, ...], text: str, svcnet: Command, tmp_path: Path
) -> None:
    svcnet("init")
    file = tmp_path / "x.yaml"
    file.write_text(text)
    expected = svcnet("apply", "-f", str(file))
    assert expected.status == 1

    said = svcnet(*verb, "-f", str(file))

    assert said == (
        1,
        "",
        expected.err.replace("objects passed to apply", f"objects passed to {verb[0]}"),
    )


# --- layouts of files -------------------------------------------------------------------------


def typed_list(documents: Iterable[Document], api_version: str, kind: str) -> Document:
    """Return a list as Go prints it: items do not say what they are, and none are null."""
    items = [
        {key: value for key, value in each.items() if key not in ("apiVersion", "kind")}
        for each in documents
        if each["kind"] == kind
    ]
    return {
        "apiVersion": api_version,
        "items": items or None,
        "kind": f"{kind}List",
        "metadata": {"resourceVersion": "4711"},
    }


LISTS = (
    ("v1", "Node"),
    ("v1", "Namespace"),
    ("v1", "Service"),
    ("discovery.k8s.io/v1", "EndpointSlice"),
    ("v1", "Pod"),
    ("apps/v1", "Deployment"),
    ("v1", "ConfigMap"),
    ("networking.k8s.io/v1", "ServiceCIDR"),
    ("v1", "Event"),
)


def typed_lists(documents: list[Document]) -> list[Document]:
    return [typed_list(documents, *each) for each in LISTS]


def as_stream(documents: list[Document], folder: Path) -> list[str]:
    """`kubectl cluster-info dump`, slices beside it: lists one after the other, logs between."""
    log = (
        "==== START logs for container web of pod shop/web-1 ====\n"
        '{"apiVersion": "v1", "kind": "Service"}\n---\n==== START of something ====\n'
        "{ no end of line==== END logs for container web of pod shop/web-1 ====\n"
    )
    parts = [json.dumps(each, indent=4) + "\n" for each in typed_lists(documents)]
    (folder / "dump.txt").write_text("".join([*parts[:4], log, *parts[4:], log]))
    return ["-f", str(folder / "dump.txt")]


def as_folder(documents: list[Document], folder: Path) -> list[str]:
    """`kubectl cluster-info dump --output-directory`."""
    root = folder / "cluster"
    by_file: dict[str, list[Document]] = {}
    for each in documents:
        namespace = each["metadata"].get("namespace")
        name = each["kind"].lower() + "s.json"
        by_file.setdefault(f"{namespace}/{name}" if namespace else name, []).append(each)
    for name, found in by_file.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        listed = typed_list(found, found[0]["apiVersion"], found[0]["kind"])
        (root / name).write_text(json.dumps(listed))
    events: Document = {"apiVersion": "v1", "items": None, "kind": "EventList", "metadata": {}}
    (root / "shop" / "events.json").write_text(json.dumps(events))
    (root / "shop" / "web-1").mkdir()
    (root / "shop" / "web-1" / "logs.txt").write_text("{ not: json")
    return ["-f", str(root)]


def as_gzip(documents: list[Document], folder: Path) -> list[str]:
    (folder / "dump.json.gz").write_bytes(gzip.compress(as_list(documents).encode()))
    return ["-f", str(folder / "dump.json.gz")]


def as_folder_of_gzip(documents: list[Document], folder: Path) -> list[str]:
    deep = folder / "all" / "deep"
    deep.mkdir(parents=True)
    half = len(documents) // 2
    (folder / "all" / "a.json.gz").write_bytes(gzip.compress(as_list(documents[:half]).encode()))
    (deep / "b.yaml").write_text(as_list(documents[half:]))
    return ["-R", "-f", str(folder / "all")]


def as_several_files(documents: list[Document], folder: Path) -> list[str]:
    words = []
    for index, each in enumerate(typed_lists(documents)):
        (folder / f"{index}.json").write_text(json.dumps(each))
        words += ["-f", str(folder / f"{index}.json")]
    return words


FORMS = (as_stream, as_folder, as_gzip, as_folder_of_gzip, as_several_files)


@pytest.mark.parametrize("form", FORMS)
def test_dumps_are_read_in_whatever_files_they_come(
    form: Callable[[list[Document], Path], list[str]],
    svcnet: Command,
    written: Written,
    tmp_path: Path,
) -> None:
    documents = dump(LAYOUTS["kubeadm"])
    expected = rules(svcnet, "-f", written(documents), "--node", "worker-1")
    (tmp_path / "form").mkdir()

    words = form(documents, tmp_path / "form")

    assert rules(svcnet, *words, "--node", "worker-1") == expected
    said = svcnet("import", *words)
    assert said.status == 0, said.err
    assert rules(svcnet, "--node", "worker-1") == expected


def test_a_dump_that_ends_in_a_log_is_read_as_far_as_it_goes(
    svcnet: Command, tmp_path: Path
) -> None:
    text = as_list(dump(LAYOUTS["kind"]))
    file = tmp_path / "dump.txt"
    file.write_text(f"{text}\n==== START logs for container a of pod b/c ====\n{{ cut")

    assert svcnet("rules", "-f", str(file), "--node", "kind-control-plane").status == 0


def test_what_gzip_did_not_finish_is_an_error(svcnet: Command, tmp_path: Path) -> None:
    file = tmp_path / "dump.json.gz"
    file.write_bytes(gzip.compress(as_list(dump(LAYOUTS["kind"])).encode())[:-20])

    said = svcnet("import", "-f", str(file))

    assert (said.status, said.out) == (1, "")
    assert said.err.startswith(f"error: error reading {file}: gzip: ")


def test_apply_takes_a_null_list_for_an_empty_one(svcnet: Command, tmp_path: Path) -> None:
    svcnet("init")
    file = tmp_path / "x.json"
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "a"},
        "spec": {"ports": [{"port": 1}]},
    }
    file.write_text(
        '{"apiVersion": "v1", "kind": "PodList", "items": null}\n' + json.dumps(service)
    )

    assert svcnet("apply", "-f", str(file)).out == "service/a created\n"


# --- the cluster that is there ----------------------------------------------------------------


def test_pending_load_balancers_stay_pending(svcnet: Command, written: Written) -> None:
    svcnet("init")
    svcnet("import", "-f", written(dump(LAYOUTS["kubeadm"])))

    out = svcnet("get", "svc", "front", "-n", "shop").out
    assert out.splitlines()[1].split()[3] == "<pending>"
    svcnet("create", "service", "loadbalancer", "later", "--tcp=80")
    assert "<pending>" in svcnet("get", "svc", "later").out


def test_new_services_get_addresses_of_the_dumps_range(svcnet: Command, written: Written) -> None:
    svcnet("import", "-f", written(dump(LAYOUTS["EKS, objects alone"])))
    svcnet("create", "service", "clusterip", "later", "--tcp=80")

    address = svcnet("get", "svc", "later", "-o", "jsonpath={.spec.clusterIP}").out
    assert address.startswith("172.20.")


def test_nodes_of_a_dump_get_no_ranges_that_they_did_not_have(
    svcnet: Command, written: Written, db: str
) -> None:
    layout = LAYOUTS["kubeadm"]._replace(pod_cidrs=False)
    svcnet("import", "-f", written(dump(layout)))

    with open_reader(db) as reader:
        assert [each["spec"] for each in reader.list("nodes")] == [{}, {}, {}]
    assert "! -s 10.32.0.0/12" in svcnet("rules", "--node", "cp-1").out


def test_a_used_cluster_keeps_what_it_has_and_says_so(svcnet: Command, written: Written) -> None:
    svcnet("init")
    svcnet("create", "service", "clusterip", "mine", "--tcp=80")

    said = svcnet("import", "-f", written(dump(LAYOUTS["k3s"])))

    assert said.status == 0
    assert (
        "svcnet: added to the cluster that is there, which keeps its nodes, load balancers and "
        "ranges (pods 10.244.0.0/16, services 10.96.0.0/12); --new makes one of the files alone\n"
        in said.err
    )
    nodes = svcnet("get", "nodes", "-o", "name").out.split()
    assert nodes == [f"node/{each}" for each in ("cp-1", "n1", "n2", "n3", "worker-1", "worker-2")]
    assert svcnet("get", "svc", "mine").status == 0
    again = svcnet("import", "-f", written(dump(LAYOUTS["k3s"])))
    assert {line.split()[-1] for line in again.out.splitlines()} <= {"unchanged", "configured"}
    assert "svcnet: derived: nothing\n" in again.err


@pytest.mark.parametrize("last", ["create service clusterip a --tcp=80", "label node n1 a=b"])
def test_a_cluster_is_in_use_once_somebody_changed_it(
    last: str, svcnet: Command, written: Written
) -> None:
    svcnet("init", "--nodes=n1:zone-a,n2")
    svcnet(*last.split())

    assert "added to the cluster" in svcnet("import", "-f", written(dump(LAYOUTS["k3s"]))).err


def test_what_does_not_fit_beside_a_used_cluster_is_refused_with_the_way_out(
    svcnet: Command, written: Written
) -> None:
    svcnet("create", "service", "clusterip", "mine", "--tcp=80")
    file = written(dump(LAYOUTS["kind"]))

    said = svcnet("import", "-f", file)

    assert (said.status, said.out) == (1, "")
    assert said.err == (
        "svcnet: the cluster that is there is in use; --new makes one of the files alone, in its "
        "place\nError from server (Conflict): Operation cannot be fulfilled on nodes "
        '"kind-control-plane": 10.244.0.0/24 belongs to nodes /n1\n'
    )
    assert svcnet("import", "-f", file, "--new").status == 0


@pytest.mark.parametrize(
    "before", [["get", "nodes"], ["init", "--nodes=b:zone-1,a", "--seed=7"], ["get", "svc", "x"]]
)
def test_a_cluster_that_was_only_looked_at_becomes_that_of_the_dump(
    before: list[str], svcnet: Command, written: Written
) -> None:
    svcnet(*before)

    said = svcnet("import", "-f", written(dump(LAYOUTS["kind"])))

    assert "added to the cluster" not in said.err
    assert svcnet("get", "nodes", "-o", "name").out == "node/kind-control-plane\n"
    assert svcnet("get", "servicecidrs", "-o", "jsonpath={.items[*].spec.cidrs}").out == (
        '["10.96.0.0/16"]'
    )


def test_a_cluster_that_changes_meanwhile_is_not_replaced(
    svcnet: Command, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    svcnet("init")
    file = written(dump(LAYOUTS["kind"]))

    def looked_at(_: object) -> bool:
        svcnet("create", "service", "clusterip", "meanwhile", "--tcp=80")
        return True

    monkeypatch.setattr("svcnet.control.bootstrap.is_untouched", looked_at)
    said = svcnet("import", "-f", file)

    assert (said.status, said.out) == (1, "")
    assert said.err.endswith("was changed meanwhile; it is left as it is\n")
    assert svcnet("get", "svc", "meanwhile").status == 0


def test_a_bad_dump_leaves_no_state_behind(svcnet: Command, written: Written, db: str) -> None:
    """Nothing was there, and nothing is: no default cluster either."""
    documents = dump(LAYOUTS["kind"])
    for each in documents:
        if each["metadata"]["name"] == "web":
            each["spec"]["ports"] = "all"

    said = svcnet("import", "-f", written(documents))

    assert (said.status, said.out) == (1, "")
    assert "cannot unmarshal string into Go struct field ServiceSpec.spec.ports" in said.err
    assert not Path(db).exists()


def test_manifests_get_the_nodes_of_the_stored_cluster(svcnet: Command, tmp_path: Path) -> None:
    file = tmp_path / "web.yaml"
    file.write_text(
        "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}], "
        "type: LoadBalancer}}\n---\n"
        "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4, metadata: "
        "{name: web, labels: {kubernetes.io/service-name: web}}, ports: [{port: 80}], endpoints: "
        "[{addresses: [10.8.0.9]}]}"
    )
    said = svcnet("rules", "-f", str(file), "--node", "n2")
    assert said.status == 0
    assert "svcnet: no nodes in the files: those of a new cluster, n1, n2, n3\n" in said.err
    assert "svcnet: pods are in 10.244.0.0/16, as in a new cluster\n" in said.err
    assert "203.0.113." in said.out

    svcnet("init", "--nodes=east,west", "--cluster-cidr=10.8.0.0/16")
    said = svcnet("rules", "-f", str(file), "--node", "west")
    assert "svcnet: no nodes in the files: those of the stored cluster, east, west\n" in said.err
    assert "svcnet: pods are in 10.8.0.0/16, as in the stored cluster\n" in said.err
    assert "! -s 10.8.0.0/16" in said.out
    svcnet("import", "-f", str(file))
    assert svcnet("rules", "--node", "west").out == said.out


def test_manifests_are_configured_as_the_stored_cluster(svcnet: Command, tmp_path: Path) -> None:
    config_map = tmp_path / "config.json"
    metadata = {"name": "kube-proxy", "namespace": "kube-system"}
    text = kubeadm("10.244.0.0/16", mode="nftables")
    config_map.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "data": {"config.conf": text},
                "kind": "ConfigMap",
                "metadata": metadata,
            }
        )
    )
    svcnet("init")
    assert svcnet("apply", "-f", str(config_map)).status == 0
    assert svcnet("rules", "--node", "n1").out.startswith("table ip kube-proxy")
    file = tmp_path / "web.yaml"
    file.write_text(
        "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}"
    )

    said = svcnet("rules", "-f", str(file), "--node", "n1")

    assert said.out.startswith("table ip kube-proxy")
    assert "svcnet: kube-proxy is configured as in the stored cluster\n" in said.err


# --- workloads --------------------------------------------------------------------------------


@pytest.mark.parametrize("replica_sets", [True, False], ids=["whole", "without ReplicaSets"])
def test_pods_stay_what_they_are_and_slices_follow_from_them(
    replica_sets: bool, svcnet: Command, written: Written, db: str
) -> None:
    """`cluster-info dump` holds workloads and pods, and no slices."""
    layout = LAYOUTS["k3s"]
    given = [
        each
        for each in [*dump(layout), *workload(layout)]
        if each["kind"] != "EndpointSlice" and (replica_sets or each["kind"] != "ReplicaSet")
    ]
    file = written(given)
    before = svcnet("rules", "-f", file, "--node", "worker-1")
    assert "no endpointslices in the files: they are derived from pods" in before.err
    for index in range(3):
        assert f"--to-destination 10.42.{index}.77:80" in before.out

    said = svcnet("import", "-f", file)

    assert svcnet("rules", "--node", "worker-1").out == before.out
    assert "svcnet: missing: endpointslices\n" in said.err
    with open_reader(db) as reader:
        pods = reader.list("pods")
        assert [without_version(each) for each in pods] == [
            without_version(each) for each in given if each["kind"] == "Pod"
        ]
        assert len(reader.list("replicasets.apps")) == 1


def test_the_summary_tells_what_became_of_everything(svcnet: Command, written: Written) -> None:
    layout = LAYOUTS["kubeadm"]
    slices = {"web-x7k2p", "front-x7k2p"}
    given = [
        each
        for each in [*OLD, *dump(layout), *workload(layout)]
        if each["metadata"]["name"] not in slices
    ]

    said = svcnet("import", "-f", written(given))

    used, kept, derived, ignored, missing = said.err.splitlines()[-5:]
    assert used == (
        "svcnet: used: 2 endpointslices, 3 nodes, 1 servicecidrs, 4 services; pods in "
        "10.32.0.0/12, cluster IPs in 10.96.0.0/12"
    )
    assert kept == (
        "svcnet: kept: 1 configmaps, 1 deployments, 3 namespaces, 3 pods, 1 replicasets"
    )
    counts = derived.removeprefix("svcnet: derived: ").split(", ")
    assert {"2 endpoints", "2 endpointslices", "4 ipaddresses"} <= set(counts)
    assert ignored == (
        "svcnet: ignored: 2 extensions/v1beta1 Ingress, 1 policy/v1beta1 PodSecurityPolicy, "
        "1 monitoring.coreos.com/v1 ServiceMonitor"
    )
    assert missing == "svcnet: missing: nothing"


def test_the_summary_counts_nothing_that_is_gone(
    svcnet: Command, written: Written, db: str
) -> None:
    """A pod that does not tolerate its node is evicted, and nobody makes another one."""
    layout = LAYOUTS["k3s"]
    pods = [each for each in workload(layout) if each["kind"] == "Pod"]
    for each in pods:
        each["metadata"].pop("ownerReferences")
    given = dump(layout)
    taint = {"effect": "NoExecute", "key": "mine"}
    for each in given:
        if each["kind"] == "Node" and each["metadata"]["name"] == "worker-1":
            each["spec"]["taints"] = [taint]

    said = svcnet("import", "-f", written([*given, *pods]))

    assert "svcnet: deleted: 1 pods\n" in said.err
    (kept,) = (line for line in said.err.splitlines() if line.startswith("svcnet: kept: "))
    assert f"{len(pods) - 1} pods" in kept
    with open_reader(db) as reader:
        assert len(reader.list("pods")) == len(pods) - 1


def test_events_that_are_given_are_not_counted_again(
    svcnet: Command, written: Written, db: str
) -> None:
    """The node controller saw these nodes where they were dumped."""
    layout = LAYOUTS["k3s"]
    given = dump(layout)
    (node,) = (each for each in given if each["metadata"]["name"] == "worker-1")
    about = {"apiVersion": "v1", "kind": "Node", "name": "worker-1", "uid": node["metadata"]["uid"]}
    event = {
        "apiVersion": "v1",
        "count": 1,
        "eventTime": None,
        "firstTimestamp": "2025-03-01T10:00:00Z",
        "involvedObject": about,
        "kind": "Event",
        "lastTimestamp": "2025-03-01T10:00:00Z",
        "message": "Node worker-1 event: Registered Node worker-1 in Controller",
        "metadata": {
            "creationTimestamp": "2025-03-01T10:00:00Z",
            "name": "worker-1.17a0",
            "namespace": "default",
            "uid": "e-17a0",
        },
        "reason": "RegisteredNode",
        "reportingComponent": "node-controller",
        "reportingInstance": "",
        "source": {"component": "node-controller"},
        "type": "Normal",
    }

    said = svcnet("import", "-f", written([*given, event]))

    assert said.status == 0, said.err
    with open_reader(db) as reader:
        found = [
            each for each in reader.list("events") if each["involvedObject"]["name"] == "worker-1"
        ]
    assert [without_version(each) for each in found] == [event]


# --- recorded bundles -------------------------------------------------------------------------

BUNDLES = (
    "combo-dualstack",
    "combo-ipv6",
    "service-cidr",
    "combo-kitchen-sink",
    "lb-multi-ingress",
)


@pytest.mark.parametrize("case", BUNDLES)
def test_recorded_bundles_are_imported_to_the_same_rules(case: str, svcnet: Command) -> None:
    file = str(CASES / case / "bundle.yaml")
    before = [rules(svcnet, "-f", file, "--node", each) for each in ("n1", "n2", "n3")]

    assert svcnet("import", "-f", file).status == 0

    assert [rules(svcnet, "--node", each) for each in ("n1", "n2", "n3")] == before


NODE_AND_SERVICE = (
    {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "x1"},
        "spec": {"podCIDR": "10.1.0.0/24", "podCIDRs": ["10.1.0.0/24"]},
        "status": {"addresses": [{"type": "InternalIP", "address": "192.0.2.1"}]},
    },
    {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {"clusterIP": "10.96.3.4", "clusterIPs": ["10.96.3.4"], "ports": [{"port": 80}]},
    },
)


def test_the_priority_classes_of_every_cluster_need_not_be_in_a_dump(
    svcnet: Command, written: Written
) -> None:
    assert svcnet("import", "-f", written(NODE_AND_SERVICE)).status == 0

    assert svcnet("get", "priorityclasses", "-o", "name").out.splitlines() == [
        "priorityclass.scheduling.k8s.io/system-cluster-critical",
        "priorityclass.scheduling.k8s.io/system-node-critical",
    ]


def test_a_priority_class_that_is_in_a_dump_stands(svcnet: Command, written: Written) -> None:
    given = {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": "system-node-critical", "uid": "of-the-dump"},
        "value": 2000001000,
    }

    said = svcnet("import", "-f", written([*NODE_AND_SERVICE, given]))

    assert said.status == 0, said.err
    words = ("get", "priorityclass", "system-node-critical", "-o", "jsonpath={.metadata.uid}")
    assert svcnet(*words).out == "of-the-dump"
    assert svcnet("get", "priorityclass", "system-cluster-critical").status == 0


def test_another_service_cidr_does_not_take_the_place_of_one_left_out_of_a_dump(
    svcnet: Command, written: Written
) -> None:
    svcnet("import", "-f", written(NODE_AND_SERVICE))
    second = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "ServiceCIDR",
        "metadata": {"name": "second"},
        "spec": {"cidrs": ["fd00:10:96::/112"]},
    }
    svcnet("apply", "-f", written([second]))

    said = svcnet("create", "service", "clusterip", "new", "--tcp=80")

    assert said.status == 0, said.err
    address = svcnet("get", "service", "new", "-o", "jsonpath={.spec.clusterIP}").out
    assert address.startswith("10.")
