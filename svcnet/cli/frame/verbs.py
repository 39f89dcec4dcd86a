"""Every verb: where it stands, and what it is for.

Only the module of the verb that was asked for is imported, so this table is all that the program
knows about the others.  A verb is a function whose parameters are declared in Typer's shape
(`svcnet.cli.frame.parameters`); its docstring is its help.
"""

from __future__ import annotations

from typing import NamedTuple


class Verb(NamedTuple):
    """One row: the words of a verb and the function behind them."""

    path: str
    """``create service clusterip``."""
    target: str
    """``module:function``; empty where the words alone only lead to further ones."""
    summary: str
    """What `--help` of the words before it says."""
    aliases: tuple[str, ...] = ()
    """Other spellings of the last word."""


class Section(NamedTuple):
    """Verbs that stand together in ``kubectl --help``."""

    title: str
    verbs: tuple[Verb, ...]


# As text: importing the functions would import every verb.
_CREATE = "svcnet.cli.writing.create"
_APPLY = "svcnet.cli.writing.apply"
_SET = "svcnet.cli.writing.set"
_ROLLOUT = "svcnet.cli.writing.rollout"
_CONFIG = "svcnet.cli.telling.config"

# Titles, order and summaries are kubectl's (pkg/cmd/cmd.go NewKubectlCommand()), as users know
# them from its help; verbs that it does not have come last.
SECTIONS = (
    Section(
        "Basic Commands (Beginner):",
        (
            Verb("create", f"{_CREATE}:create", "Create a resource from a file or from stdin"),
            Verb(
                "expose",
                "svcnet.cli.writing.expose:expose",
                "Take a replication controller, service, deployment or pod and expose it as a new "
                "Kubernetes service",
            ),
            Verb("run", "svcnet.cli.writing.run:run", "Run a particular image on the cluster"),
            Verb("set", "", "Set specific features on objects"),
        ),
    ),
    Section(
        "Basic Commands (Intermediate):",
        (
            Verb(
                "explain", "svcnet.cli.telling.explain:explain", "Get documentation for a resource"
            ),
            Verb("get", "svcnet.cli.get:get", "Display one or many resources"),
            Verb("edit", "svcnet.cli.writing.edit:edit", "Edit a resource on the server"),
            Verb(
                "delete",
                "svcnet.cli.writing.delete:delete",
                "Delete resources by file names, stdin, resources and names, or by resources and "
                "label selector",
            ),
        ),
    ),
    Section(
        "Deploy Commands:",
        (
            Verb("rollout", "", "Manage the rollout of a resource"),
            Verb(
                "scale",
                "svcnet.cli.writing.scale:scale",
                "Set a new size for a deployment, replica set, or replication controller",
            ),
        ),
    ),
    Section(
        "Cluster Management Commands:",
        (
            Verb(
                "cluster-info",
                "svcnet.cli.telling.information:cluster_info",
                "Display cluster information",
            ),
            Verb("cordon", "svcnet.cli.writing.nodes:cordon", "Mark node as unschedulable"),
            Verb("uncordon", "svcnet.cli.writing.nodes:uncordon", "Mark node as schedulable"),
            Verb(
                "drain",
                "svcnet.cli.writing.nodes:drain",
                "Drain node in preparation for maintenance",
            ),
            Verb(
                "taint", "svcnet.cli.writing.nodes:taint", "Update the taints on one or more nodes"
            ),
        ),
    ),
    Section(
        "Troubleshooting and Debugging Commands:",
        (
            Verb(
                "describe",
                "svcnet.cli.describing.describe:describe",
                "Show details of a specific resource or group of resources",
            ),
        ),
    ),
    Section(
        "Advanced Commands:",
        (
            Verb(
                "diff",
                "svcnet.cli.writing.diff:diff",
                "Diff the live version against a would-be applied version",
            ),
            Verb(
                "apply",
                f"{_APPLY}:apply",
                "Apply a configuration to a resource by file name or stdin",
            ),
            Verb("patch", "svcnet.cli.writing.patch:patch", "Update fields of a resource"),
            Verb(
                "replace",
                "svcnet.cli.writing.replace:replace",
                "Replace a resource by file name or stdin",
            ),
            Verb(
                "wait",
                "svcnet.cli.writing.wait:wait",
                "Wait for a specific condition on one or many resources",
            ),
        ),
    ),
    Section(
        "Settings Commands:",
        (
            Verb("label", "svcnet.cli.writing.label:label", "Update the labels on a resource"),
            Verb(
                "annotate",
                "svcnet.cli.writing.label:annotate",
                "Update the annotations on a resource",
            ),
            Verb(
                "completion",
                "svcnet.cli.telling.completion:completion",
                "Output shell completion code for the specified shell (bash, zsh, fish, or "
                "powershell)",
            ),
        ),
    ),
    Section(
        "Other Commands:",
        (
            Verb(
                "api-resources",
                "svcnet.cli.telling.information:api_resources",
                "Print the supported API resources on the server",
            ),
            Verb(
                "api-versions",
                "svcnet.cli.telling.information:api_versions",
                'Print the supported API versions on the server, in the form of "group/version"',
            ),
            Verb("config", "", "Modify kubeconfig files"),
            Verb(
                "version",
                "svcnet.cli.telling.information:version",
                "Print the client and server version information",
            ),
        ),
    ),
    Section(
        "Commands of svcnet:",
        (
            Verb("init", "svcnet.cli.state:init", "Make a new cluster"),
            Verb(
                "import",
                "svcnet.cli.state:import_",
                "Take objects over from a real cluster, just as they are",
            ),
            Verb(
                "rules", "svcnet.cli.network:rules", "Print the rules kube-proxy leaves on a node"
            ),
            Verb(
                "set-condition",
                "svcnet.cli.writing.condition:set_condition",
                "Set a condition of a pod or node, as a kubelet would",
            ),
        ),
    ),
)

SUBCOMMANDS = (
    Verb(
        "create configmap",
        f"{_CREATE}_config:configmap",
        "Create a config map from a local file, directory or literal value",
        aliases=("cm",),
    ),
    Verb(
        "create deployment",
        f"{_CREATE}:deployment",
        "Create a deployment with the specified name",
        aliases=("deploy",),
    ),
    Verb(
        "create namespace",
        f"{_CREATE}:namespace",
        "Create a namespace with the specified name",
        aliases=("ns",),
    ),
    Verb("create node", f"{_CREATE}:node", "Add a node to the cluster"),
    Verb("create secret", "", "Create a secret using a specified subcommand"),
    Verb(
        "create secret generic",
        f"{_CREATE}_config:secret_generic",
        "Create a secret from a local file, directory, or literal value",
    ),
    Verb(
        "create service",
        "",
        "Create a service using a specified subcommand",
        aliases=("svc",),
    ),
    Verb("create service clusterip", f"{_CREATE}_service:clusterip", "Create a ClusterIP service"),
    Verb(
        "create service externalname",
        f"{_CREATE}_service:externalname",
        "Create an ExternalName service",
    ),
    Verb(
        "create service loadbalancer",
        f"{_CREATE}_service:loadbalancer",
        "Create a LoadBalancer service",
    ),
    Verb("create service nodeport", f"{_CREATE}_service:nodeport", "Create a NodePort service"),
    Verb(
        "create serviceaccount",
        f"{_CREATE}_config:serviceaccount",
        "Create a service account with the specified name",
        aliases=("sa",),
    ),
    Verb(
        "apply edit-last-applied",
        "svcnet.cli.writing.last_applied_verbs:edit_last_applied",
        "Edit latest last-applied-configuration annotations of a resource/object",
    ),
    Verb(
        "apply set-last-applied",
        "svcnet.cli.writing.last_applied_verbs:set_last_applied",
        "Set the last-applied-configuration annotation on a live object to match the contents of "
        "a file",
    ),
    Verb(
        "apply view-last-applied",
        "svcnet.cli.writing.last_applied_verbs:view_last_applied",
        "View the latest last-applied-configuration annotations of a resource/object",
    ),
    Verb("set env", f"{_SET}_env:env", "Update environment variables on a pod template"),
    Verb("set image", f"{_SET}:image", "Update the image of a pod template"),
    Verb(
        "set resources",
        f"{_SET}:resources",
        "Update resource requests/limits on objects with pod templates",
    ),
    Verb("set selector", f"{_SET}:selector", "Set the selector on a resource"),
    Verb(
        "set serviceaccount",
        f"{_SET}:serviceaccount",
        "Update the service account of a resource",
        aliases=("sa",),
    ),
    Verb("rollout history", f"{_ROLLOUT}:history", "View rollout history"),
    Verb("rollout pause", f"{_ROLLOUT}:pause", "Mark the provided resource as paused"),
    Verb("rollout restart", f"{_ROLLOUT}:restart", "Restart a resource"),
    Verb("rollout resume", f"{_ROLLOUT}:resume", "Resume a paused resource"),
    Verb("rollout status", f"{_ROLLOUT}:status", "Show the status of the rollout"),
    Verb("rollout undo", f"{_ROLLOUT}:undo", "Undo a previous rollout"),
    Verb("config current-context", f"{_CONFIG}:current_context", "Display the current-context"),
    Verb(
        "config get-clusters",
        f"{_CONFIG}:get_clusters",
        "Display clusters defined in the kubeconfig",
    ),
    Verb("config get-contexts", f"{_CONFIG}:get_contexts", "Describe one or many contexts"),
    Verb("config get-users", f"{_CONFIG}:get_users", "Display users defined in the kubeconfig"),
    Verb("config use-context", f"{_CONFIG}:use_context", "Set the current-context"),
    Verb(
        "config view",
        f"{_CONFIG}:view",
        "Display merged kubeconfig settings or a specified kubeconfig file",
    ),
)
"""What may follow `create`, `set` and the other verbs that lead to further ones."""

VERBS = {
    verb.path: verb
    for verb in (*(each for section in SECTIONS for each in section.verbs), *SUBCOMMANDS)
}

NEEDS_A_CLUSTER = (
    "attach", "auth", "autoscale", "certificate", "cp", "debug", "events", "exec", "kuberc",
    "kustomize", "logs", "plugin", "port-forward", "proxy", "top",
)  # fmt: skip
"""Verbs of kubectl that svcnet knows by name only."""


def children(path: str) -> tuple[Verb, ...]:
    """Return the verbs one word below `path`; those at the top for the empty path.

    >>> [verb.path for verb in children("set")]
    ['set env', 'set image', 'set resources', 'set selector', 'set serviceaccount']
    """
    prefix = path + " " if path else ""
    depth = prefix.count(" ")
    return tuple(
        verb
        for verb in VERBS.values()
        if verb.path.startswith(prefix) and verb.path.count(" ") == depth
    )


def child(path: str, word: str) -> Verb | None:
    """Return the verb that `word` means after `path`, by its name or an alias."""
    verb = VERBS.get(f"{path} {word}" if path else word)
    # A quoted word may hold blanks: `create "service clusterip"` names no verb.
    if verb is not None and verb.path.count(" ") == len(path.split()):
        return verb
    return next((each for each in children(path) if word in each.aliases), None)
