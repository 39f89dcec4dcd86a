"""KubeProxyConfiguration: what a config file may say, and what of it is wrong.

Field names are Kubernetes' own.  A file may leave out anything; what it leaves out is None here,
or the default where kube-proxy has one and nothing else is known.

Source: kubernetes staging/src/k8s.io/kube-proxy/config/v1alpha1/types.go, and
pkg/proxy/apis/config/validation/validation.go for what is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network
from typing import Any

from svcnet.api.feature_gates import check_feature_gates
from svcnet.api.go.time import parse_duration
from svcnet.api.keys import Document
from svcnet.api.lean_msgspec import msgspec
from svcnet.errors import Fault, FieldError, UsageError

API_VERSION = "kubeproxy.config.k8s.io/v1alpha1"
KIND = "KubeProxyConfiguration"

MODES = ("iptables", "ipvs", "nftables")
LOCAL_MODES = ("", "BridgeInterface", "ClusterCIDR", "InterfaceNamePrefix", "NodeCIDR")
# Newer than 1.30, where kube-proxy refuses to start with it.
PRIMARY = "primary"
"""In place of `nodePortAddresses`: only the addresses that the Node object gives first."""

_ACRONYMS = {"cidr": "CIDR", "cidrs": "CIDRs", "arp": "ARP", "dsr": "DSR"}


def _wire_name(field: str) -> str:
    first, *rest = field.split("_")
    return first + "".join(_ACRONYMS.get(word, word.title()) for word in rest)


class _StrictStruct(
    msgspec.Struct, frozen=True, kw_only=True, rename=_wire_name, forbid_unknown_fields=True
):
    """Base of the parts of a configuration."""


class ClientConnection(_StrictStruct, frozen=True, kw_only=True):
    """How kube-proxy reaches the API server; of no consequence here."""

    kubeconfig: str = ""
    accept_content_types: str = ""
    content_type: str = ""
    qps: float = 0
    burst: int = 0


class IPTables(_StrictStruct, frozen=True, kw_only=True):
    """Settings of the iptables mode."""

    masquerade_bit: int | None = None
    masquerade_all: bool = False
    # True where nothing is said, and even then without effect for IPv6: the kernel has no
    # `route_localnet` for it.
    localhost_node_ports: bool | None = None
    sync_period: str = "30s"
    min_sync_period: str = "1s"


class NFTables(_StrictStruct, frozen=True, kw_only=True):
    """Settings of the nftables mode."""

    # A switch of its own for each mode, and none for node ports on localhost: this mode has
    # no such thing.
    masquerade_bit: int | None = None
    masquerade_all: bool = False
    sync_period: str = "30s"
    min_sync_period: str = "1s"


class IPVS(_StrictStruct, frozen=True, kw_only=True):
    """Settings of the ipvs mode, which svcnet does not show."""

    sync_period: str = "30s"
    min_sync_period: str = "1s"
    scheduler: str = ""
    exclude_cidrs: tuple[str, ...] | None = None
    strict_arp: bool = False
    tcp_timeout: str = "0s"
    tcp_fin_timeout: str = "0s"
    udp_timeout: str = "0s"


class Winkernel(_StrictStruct, frozen=True, kw_only=True):
    """Settings for Windows; of no consequence here."""

    network_name: str = ""
    source_vip: str = ""
    enable_dsr: bool = False
    root_hns_endpoint_name: str = ""
    forward_health_check_vip: bool = False


class DetectLocal(_StrictStruct, frozen=True, kw_only=True):
    """By which interfaces traffic of the node's own pods comes."""

    bridge_interface: str = ""
    interface_name_prefix: str = ""


class Conntrack(_StrictStruct, frozen=True, kw_only=True):
    """Settings of connection tracking; only `tcp_be_liberal` is visible in rules."""

    max_per_core: int | None = None
    min: int | None = None
    tcp_established_timeout: str | None = None
    tcp_close_wait_timeout: str | None = None
    # If it is set, the rule that drops packets of state INVALID is left out.
    tcp_be_liberal: bool = False
    udp_timeout: str = "0s"
    udp_stream_timeout: str = "0s"


class KubeProxyConfiguration(_StrictStruct, frozen=True, kw_only=True):
    """What kube-proxy is told, on every node alike."""

    api_version: str = API_VERSION
    kind: str = KIND
    feature_gates: dict[str, bool] | None = None
    client_connection: ClientConnection = ClientConnection()
    logging: dict[str, Any] | None = None
    hostname_override: str = ""
    # A specific address overrides the node's own of its family, which shows in source ranges.
    bind_address: str = "0.0.0.0"  # noqa: S104  (kube-proxy's default; nothing binds to it)
    healthz_bind_address: str = ""
    metrics_bind_address: str = ""
    bind_address_hard_fail: bool = False
    enable_profiling: bool = False
    show_hidden_metrics_for_version: str = ""
    mode: str = ""
    iptables: IPTables = IPTables()
    ipvs: IPVS = IPVS()
    nftables: NFTables = NFTables()
    winkernel: Winkernel = Winkernel()
    detect_local_mode: str = ""
    detect_local: DetectLocal = DetectLocal()
    cluster_cidr: str | None = None
    """None: not said, so that what the cluster was made with holds."""
    node_port_addresses: tuple[str, ...] | None = None
    oom_score_adj: int | None = None
    conntrack: Conntrack = Conntrack()
    config_sync_period: str = "15m0s"
    port_range: str = ""
    windows_run_as_service: bool = False

    @property
    def goes_by_cluster_cidr(self) -> bool:
        """Whether the range of all pods tells local traffic, as it does unless another way is."""
        return self.detect_local_mode in ("", "ClusterCIDR")

    def gate(self, name: str, *, default: bool) -> bool:
        """Return whether a feature is on."""
        return (self.feature_gates or {}).get(name, default)


def read(document: Document, source: str) -> KubeProxyConfiguration:
    """Return the configuration that a file holds.

    Raises:
        UsageError: unknown fields, wrong types or values that kube-proxy would refuse; says
            which, and `source`.
    """
    try:
        # Go reads null as nothing said; msgspec would call it a wrong type.
        config = msgspec.convert(_without_nulls(document), KubeProxyConfiguration)
    except msgspec.ValidationError as error:
        raise UsageError(f"{source}: strict decoding error: {_decoding_fault(error)}") from error
    # A file that says nothing of its kind is taken for the right one: parts of a file are welcome.
    if (config.api_version, config.kind) != (API_VERSION, KIND):
        unknown = f'no kind "{config.kind}" is registered for version "{config.api_version}"'
        raise UsageError(f"{source}: {unknown}")
    faults = [str(fault) for fault in check(config)]
    if faults:
        # As Go prints an aggregate of errors: brackets only around several.
        listed = faults[0] if len(faults) == 1 else f"[{', '.join(faults)}]"
        raise UsageError(f"{source}: {listed}")
    return config


def _without_nulls(document: Document) -> Document:
    """Return `document` without its nulls; those in lists stay, and are refused."""
    return {
        name: _without_nulls(value) if isinstance(value, dict) else value
        for name, value in document.items()
        if value is not None
    }


_UNKNOWN_FIELD = re.compile(r"Object contains unknown field `(.*?)`(?: - at `\$\.?(.*)`)?")
_WRONG_TYPE = re.compile(r"(.*) - at `\$\.?(.*)`")


def _decoding_fault(error: msgspec.ValidationError) -> str:
    """Return msgspec's message in the decoder's words, the field as the file's author knows it."""
    if unknown := _UNKNOWN_FIELD.fullmatch(str(error)):
        field, parent = unknown.groups()
        return f'unknown field "{f"{parent}." if parent else ""}{field}"'
    if wrong := _WRONG_TYPE.fullmatch(str(error)):
        what, where = wrong.groups()
        return f"{where}: {what}"
    return str(error)


# --- validation -------------------------------------------------------------------------------


def check(config: KubeProxyConfiguration) -> Iterator[FieldError]:
    """Yield every value that kube-proxy would refuse."""
    yield from _check_gates(config.feature_gates or {})
    # Both modes are checked: which one will be asked for is not known yet.
    for part, bit in (
        ("IPTables", config.iptables.masquerade_bit),
        ("NFTables", config.nftables.masquerade_bit),
    ):
        # A bit of the packet mark, which has 32.
        if bit is not None and bit not in range(32):
            path = f"KubeProxy{part}Configuration.MasqueradeBit"
            yield _invalid(path, bit, "must be within the range [0, 31]")
    yield from _check_host(config)
    yield from _check_mode(config.mode)
    if config.client_connection.burst < 0:
        detail = "must be greater than or equal to 0"
        yield _invalid("ClientConnection.Burst", config.client_connection.burst, detail)
    yield from _check_durations(config)
    yield from _check_addresses(config)
    yield from _check_node_port_addresses(config.node_port_addresses or ())
    yield from _check_local_traffic(config)


def _invalid(path: str, value: object, detail: str) -> FieldError:
    # The paths are of Go's fields, not of the file: kube-proxy validates what it has read.
    return FieldError(f"{KIND}.{path}", Fault.INVALID, value, detail)


def _check_gates(gates: dict[str, bool]) -> Iterator[FieldError]:
    # One error for all, as Go prints an aggregate: brackets only around several.
    refusals = list(check_feature_gates(gates))
    if refusals:
        detail = refusals[0] if len(refusals) == 1 else f"[{', '.join(refusals)}]"
        # Go writes a map by its keys.
        yield _invalid("featureGates", dict(sorted(gates.items())), detail)


def _check_host(config: KubeProxyConfiguration) -> Iterator[FieldError]:
    """Yield what is wrong with the settings that only Linux has."""
    score = config.oom_score_adj
    # The range of `oom_score_adj` in the kernel.
    if score is not None and score not in range(-1000, 1001):
        path = "KubeProxyLinuxConfiguration.OOMScoreAdj"
        yield _invalid(path, score, "must be within the range [-1000, 1000]")
    for name, number in (
        ("MaxPerCore", config.conntrack.max_per_core),
        ("Min", config.conntrack.min),
    ):
        if number is not None and number < 0:
            path = f"KubeProxyLinuxConfiguration.KubeProxyConntrackConfiguration.{name}"
            yield _invalid(path, number, "must be greater than or equal to 0")


def _check_mode(mode: str) -> Iterator[FieldError]:
    if mode not in ("", *MODES):
        best = "blank means the best-available proxy [currently iptables]"
        yield _invalid("Mode.ProxyMode", mode, f"must be {', '.join(MODES)} or blank ({best})")


def _check_durations(config: KubeProxyConfiguration) -> Iterator[FieldError]:
    for name, duration in (
        ("ConfigSyncPeriod", config.config_sync_period),
        ("SyncPeriod", config.iptables.sync_period),
        ("SyncPeriod", config.nftables.sync_period),
        ("MinSyncPeriod", config.iptables.min_sync_period),
        ("MinSyncPeriod", config.nftables.min_sync_period),
    ):
        try:
            seconds = parse_duration(duration)
        except ValueError as error:
            yield _invalid(name, duration, str(error))
            continue
        # kube-proxy's own words: a period must be more than 0, a minimum may be 0.
        if seconds < 0:
            bound = "greater than or equal to 0" if name.startswith("Min") else "greater than 0"
            yield _invalid(name, duration, f"must be {bound}")


def _check_addresses(config: KubeProxyConfiguration) -> Iterator[FieldError]:
    """Yield what is wrong with the addresses to listen on, and with the pods' ranges."""
    if not _parses(ip_address, config.bind_address):
        detail = "not a valid textual representation of an IP address"
        yield _invalid("BindAddress", config.bind_address, detail)
    for name, address in (
        ("HealthzBindAddress", config.healthz_bind_address),
        ("MetricsBindAddress", config.metrics_bind_address),
    ):
        if address:
            yield from _check_host_port(name, address)
    if config.cluster_cidr:
        yield from _check_cluster_cidr(config.cluster_cidr)


def _check_host_port(name: str, address: str) -> Iterator[FieldError]:
    host, colon, port = address.rpartition(":")
    # An IPv6 address stands in brackets, or its last part would be taken for the port.
    if not colon or (":" in host and not host.startswith("[")):
        yield _invalid(name, address, "must be IP:port")
        return
    host = host.removeprefix("[").removesuffix("]")
    if not _parses(ip_address, host):
        yield _invalid(name, host, "must be a valid IP")
    if not (port.isascii() and port.isdigit() and int(port) in range(1, 65536)):
        yield _invalid(name, port, "must be a valid port")


def _check_cluster_cidr(text: str) -> Iterator[FieldError]:
    example = "(e.g. 10.100.0.0/16,fde4:8dba:82e1::/48)"
    cidrs = text.split(",")
    if len(cidrs) > 2:  # noqa: PLR2004  (at most one for each family)
        yield _invalid(
            "ClusterCIDR", text, f"only one CIDR allowed or a valid DualStack CIDR {example}"
        )
    elif len(cidrs) == 2:  # noqa: PLR2004
        # One that is no CIDR, or two of one family, leave fewer families than there are CIDRs.
        families = {":" in each for each in cidrs if _is_cidr(each)}
        if len(families) < len(cidrs):
            yield _invalid("ClusterCIDR", text, f"must be a valid DualStack CIDR {example}")
    elif not _is_cidr(text):
        detail = "must be a valid CIDR block (e.g. 10.100.0.0/16 or fde4:8dba:82e1::/48)"
        yield _invalid("ClusterCIDR", text, detail)


def _check_node_port_addresses(given: tuple[str, ...]) -> Iterator[FieldError]:
    """Yield what is wrong with the ranges in which node ports answer."""
    for index, text in enumerate(given):
        if text == PRIMARY:
            if len(given) != 1:
                detail = "can't use both 'primary' and CIDRs"
                yield _invalid(f"NodePortAddresses[{index}]", text, detail)
            return
        if not _is_cidr(text):
            yield _invalid(f"NodePortAddresses[{index}]", text, "must be a valid CIDR")


def _check_local_traffic(config: KubeProxyConfiguration) -> Iterator[FieldError]:
    """Yield what is wrong with the way to tell local traffic; unused settings may be anything."""
    mode, local = config.detect_local_mode, config.detect_local
    if mode not in LOCAL_MODES:
        listed = ", ".join(f'"{each}"' for each in LOCAL_MODES)
        path = f"{KIND}.DetectLocalMode"
        yield FieldError(path, Fault.UNSUPPORTED, mode, f"supported values: {listed}")
    if mode == "BridgeInterface" and not local.bridge_interface:
        yield _invalid("InterfaceName", "", "must not be empty")
    if mode == "InterfaceNamePrefix" and not local.interface_name_prefix:
        yield _invalid("InterfacePrefix", "", "must not be empty")


def _is_cidr(text: str) -> bool:
    # Python takes an address for a range of one; Go asks for the slash.  Bits set beyond the
    # prefix are fine with Go, which masks them.
    return "/" in text and _parses(lambda each: ip_network(each, strict=False), _decimal(text))


def _decimal(text: str) -> str:
    """Return `text` with leading zeros of numbers removed: kube-proxy reads them as decimal."""
    return text if ":" in text else re.sub(r"\b0+(?=[0-9])", "", text)


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True
