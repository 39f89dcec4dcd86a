"""`config` and `cluster-info`: the one context there is, and where its state is kept."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Kubectl


def test_cluster_info_tells_where_the_state_is(kubectl: Kubectl, tmp_path: Path) -> None:
    out = kubectl("cluster-info")[1]

    assert out.splitlines()[0] == f"Kubernetes control plane is running at {tmp_path / 'state.db'}"
    assert "svcnet rules --node n1" in out


def test_there_is_one_context(kubectl: Kubectl, tmp_path: Path) -> None:
    assert kubectl("config", "current-context")[1] == "svcnet\n"
    assert kubectl("config", "get-contexts", "-o", "name")[1] == "svcnet\n"
    assert kubectl("config", "use", "svcnet")[1] == 'Switched to context "svcnet".\n'
    assert kubectl("config", "use-context", "svcnet")[1] == 'Switched to context "svcnet".\n'
    assert kubectl("config", "view", "-o", "jsonpath={.clusters[0].cluster.server}")[1] == str(
        tmp_path / "state.db"
    )
    said = kubectl("-n", "shop", "config", "view", "--minify", "-o", "jsonpath={..namespace}")
    assert said.out == "shop"


def test_contexts_that_are_not_there_are_told_after_the_table(kubectl: Kubectl) -> None:
    status, out, err = kubectl("config", "get-contexts", "x")

    assert (status, out, err) == (
        1,
        "CURRENT   NAME   CLUSTER   AUTHINFO   NAMESPACE\n",
        "error: context x not found\n",
    )


def test_the_context_must_be_named_once(kubectl: Kubectl) -> None:
    for words in ((), ("svcnet", "other")):
        status, out, err = kubectl("config", "use-context", *words)

        assert (status, err) == (1, f"error: Unexpected args: [{' '.join(words)}]\n")
        assert out.startswith("Set the current-context")
        assert "kubectl config use-context CONTEXT_NAME [options]" in out
