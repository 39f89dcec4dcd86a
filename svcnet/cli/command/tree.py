"""Every verb: where it stands, and what it is for.

Only the module of the verb that was asked for is imported, so this table is all that the program
knows about the others.  A verb is a function whose parameters are declared in Typer's shape
(`svcnet.cli.flags.declarations`); its docstring is its help.
"""

from __future__ import annotations

from svcnet.lean_namedtuple import NamedTuple


class Verb(NamedTuple):
    """One row: the words of a verb and the function behind them."""

    path: str
    """``create service clusterip``."""
    summary: str
    """What `--help` of the words before it says."""
    aliases: tuple[str, ...] = ()
    """Other spellings of the last word."""
    runs: bool = True
    """Whether the words are a verb by themselves; without it they only lead to further ones."""

    @property
    def function(self) -> str:
        """The function behind it, in a module of `svcnet.cli.commands` of the same name."""
        return self.path.replace(" ", "_").replace("-", "_")


class Section(NamedTuple):
    """Verbs that stand together in ``kubectl --help``."""

    title: str
    verbs: tuple[Verb, ...]


# Titles, order and summaries are kubectl's (pkg/cmd/cmd.go NewKubectlCommand()), as users know
# them from its help; verbs that it does not have come last.
SECTIONS = (
    Section(
        "Basic Commands (Beginner):",
        (
            Verb("create", "Create a resource from a file or from stdin"),
            Verb(
                "expose",
                "Take a replication controller, service, deployment or pod and expose it as a new "
                "Kubernetes service",
            ),
            Verb("run", "Run a particular image on the cluster"),
            Verb("set", "Set specific features on objects", runs=False),
        ),
    ),
    Section(
        "Basic Commands (Intermediate):",
        (
            Verb("explain", "Get documentation for a resource"),
            Verb("get", "Display one or many resources"),
            Verb("edit", "Edit a resource on the server"),
            Verb(
                "delete",
                "Delete resources by file names, stdin, resources and names, or by resources and "
                "label selector",
            ),
        ),
    ),
    Section(
        "Deploy Commands:",
        (
            Verb("rollout", "Manage the rollout of a resource", runs=False),
            Verb(
                "scale",
                "Set a new size for a deployment, replica set, or replication controller",
            ),
        ),
    ),
    Section(
        "Cluster Management Commands:",
        (
            Verb(
                "cluster-info",
                "Display cluster information",
            ),
            Verb("cordon", "Mark node as unschedulable"),
            Verb("uncordon", "Mark node as schedulable"),
            Verb(
                "drain",
                "Drain node in preparation for maintenance",
            ),
            Verb("taint", "Update the taints on one or more nodes"),
        ),
    ),
    Section(
        "Troubleshooting and Debugging Commands:",
        (
            Verb(
                "describe",
                "Show details of a specific resource or group of resources",
            ),
        ),
    ),
    Section(
        "Advanced Commands:",
        (
            Verb(
                "diff",
                "Diff the live version against a would-be applied version",
            ),
            Verb(
                "apply",
                "Apply a configuration to a resource by file name or stdin",
            ),
            Verb("patch", "Update fields of a resource"),
            Verb(
                "replace",
                "Replace a resource by file name or stdin",
            ),
            Verb(
                "wait",
                "Wait for a specific condition on one or many resources",
            ),
        ),
    ),
    Section(
        "Settings Commands:",
        (
            Verb("label", "Update the labels on a resource"),
            Verb(
                "annotate",
                "Update the annotations on a resource",
            ),
            Verb(
                "completion",
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
                "Print the supported API resources on the server",
            ),
            Verb(
                "api-versions",
                'Print the supported API versions on the server, in the form of "group/version"',
            ),
            Verb("config", "Modify kubeconfig files", runs=False),
            Verb("docs", "Print a page of svcnet's documentation"),
            Verb(
                "version",
                "Print the client and server version information",
            ),
        ),
    ),
    Section(
        "Commands of svcnet:",
        (
            Verb("init", "Make a new cluster"),
            Verb(
                "import",
                "Take objects over from a real cluster, just as they are",
            ),
            Verb(
                "rules",
                "Print the rules kube-proxy leaves on a node",
            ),
            Verb(
                "set-condition",
                "Set a condition of a pod or node, as a kubelet would",
            ),
        ),
    ),
)

SUBCOMMANDS = (
    Verb(
        "create configmap",
        "Create a config map from a local file, directory or literal value",
        aliases=("cm",),
    ),
    Verb("create cronjob", "Create a cron job with the specified name", aliases=("cj",)),
    Verb(
        "create deployment",
        "Create a deployment with the specified name",
        aliases=("deploy",),
    ),
    Verb("create job", "Create a job with the specified name"),
    Verb(
        "create namespace",
        "Create a namespace with the specified name",
        aliases=("ns",),
    ),
    Verb("create node", "Add a node to the cluster"),
    Verb("create secret", "Create a secret using a specified subcommand", runs=False),
    Verb(
        "create secret generic",
        "Create a secret from a local file, directory, or literal value",
    ),
    Verb(
        "create service",
        "Create a service using a specified subcommand",
        runs=False,
        aliases=("svc",),
    ),
    Verb("create service clusterip", "Create a ClusterIP service"),
    Verb(
        "create service externalname",
        "Create an ExternalName service",
    ),
    Verb(
        "create service loadbalancer",
        "Create a LoadBalancer service",
    ),
    Verb("create service nodeport", "Create a NodePort service"),
    Verb(
        "create serviceaccount",
        "Create a service account with the specified name",
        aliases=("sa",),
    ),
    Verb(
        "apply edit-last-applied",
        "Edit latest last-applied-configuration annotations of a resource/object",
    ),
    Verb(
        "apply set-last-applied",
        "Set the last-applied-configuration annotation on a live object to match the contents of "
        "a file",
    ),
    Verb(
        "apply view-last-applied",
        "View the latest last-applied-configuration annotations of a resource/object",
    ),
    Verb("set env", "Update environment variables on a pod template"),
    Verb("set image", "Update the image of a pod template"),
    Verb(
        "set resources",
        "Update resource requests/limits on objects with pod templates",
    ),
    Verb("set selector", "Set the selector on a resource"),
    Verb(
        "set serviceaccount",
        "Update the service account of a resource",
        aliases=("sa",),
    ),
    Verb("rollout history", "View rollout history"),
    Verb("rollout pause", "Mark the provided resource as paused"),
    Verb("rollout restart", "Restart a resource"),
    Verb("rollout resume", "Resume a paused resource"),
    Verb("rollout status", "Show the status of the rollout"),
    Verb("rollout undo", "Undo a previous rollout"),
    Verb("config current-context", "Display the current-context"),
    Verb(
        "config get-clusters",
        "Display clusters defined in the kubeconfig",
    ),
    Verb("config get-contexts", "Describe one or many contexts"),
    Verb("config get-users", "Display users defined in the kubeconfig"),
    Verb("config use-context", "Set the current-context", aliases=("use",)),
    Verb(
        "config view",
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

ABSENT: dict[str, tuple[str, ...]] = {
    "create": (
        "clusterrole", "clusterrolebinding", "ingress", "ing", "poddisruptionbudget", "pdb",
        "priorityclass", "pc", "quota", "resourcequota", "role", "rolebinding", "token",
    ),
    "create secret": ("docker-registry", "tls"),
    "config": (
        "delete-cluster", "delete-context", "delete-user", "rename-context", "set", "set-cluster",
        "set-context", "set-credentials", "unset",
    ),
    "set": ("subject",),
    "cluster-info": ("dump",),
}  # fmt: skip
"""Likewise what follows a verb: told before flags are read, which svcnet does not know either."""


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
