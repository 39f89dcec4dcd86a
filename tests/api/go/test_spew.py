"""Values as go-spew prints them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.go.spew import sprintf
from svcnet.api.keys import Document


def amount(value: int, scale: int, text: str, form: str) -> str:
    """A Quantity that is held as an int64."""
    return (
        "(resource.Quantity){"
        f"i:(resource.int64Amount){{value:(int64){value} scale:(resource.Scale){scale}}} "
        "d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} "
        f"s:(string){text} Format:(resource.Format){form}}}"
    )


def decimal(words: str, scale: int, form: str, *, negative: bool = False) -> str:
    """A Quantity that is too long for that."""
    return (
        "(resource.Quantity){"
        "i:(resource.int64Amount){value:(int64)0 scale:(resource.Scale)0} "
        "d:(resource.infDecAmount){Dec:(*inf.Dec){unscaled:(big.Int){"
        f"neg:(bool){str(negative).lower()} abs:(big.nat)[{words}]}} scale:(inf.Scale){scale}}}}} "
        f"s:(string) Format:(resource.Format){form}}}"
    )


# Worked out by hand from ParseQuantity() of apimachinery pkg/api/resource/quantity.go: which
# texts it keeps, and when it goes over to inf.Dec.
@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("0", amount(0, 0, "0", "DecimalSI")),
        ("1", amount(1, 0, "1", "DecimalSI")),
        ("-5", amount(-5, 0, "-5", "DecimalSI")),
        ("100m", amount(100, -3, "100m", "DecimalSI")),
        ("2G", amount(2, 9, "2G", "DecimalSI")),
        ("3n", amount(3, -9, "3n", "DecimalSI")),
        ("5e3", amount(5, 3, "5e3", "DecimalExponent")),
        ("1Gi", amount(1 << 30, 0, "1Gi", "BinarySI")),
        ("1500Mi", amount(1500 << 20, 0, "1500Mi", "BinarySI")),
        # Divisible by eight, it might be shorter with a larger suffix: the text is not kept.
        ("128Mi", amount(128 << 20, 0, "", "BinarySI")),
        # 15 - 2 digits - 12 - 1 is not less than nothing yet; a third digit is too many.
        # 101 * 2^40 * 10^9 = 6020 * 2^64 + 1275081644499271680.
        ("99Ti", amount(99 << 40, 0, "99Ti", "BinarySI")),
        ("101Ti", decimal("1275081644499271680 6020", 9, "BinarySI")),
        # 18 digits fit.
        ("999999999999999999", amount(10**18 - 1, 0, "999999999999999999", "DecimalSI")),
        # 1234567890123456789 * 10^9 = 66926059 * 2^64 + 7888470988684038656.
        ("1234567890123456789", decimal("7888470988684038656 66926059", 9, "DecimalSI")),
        (
            "-1234567890123456789",
            decimal("7888470988684038656 66926059", 9, "DecimalSI", negative=True),
        ),
    ],
)
def test_quantities_are_printed_as_they_are_inside(text: str, printed: str) -> None:
    assert sprintf(text, "api/resource.Quantity") == printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (8080, "(intstr.IntOrString){Type:(intstr.Type)0 IntVal:(int32)8080 StrVal:(string)}"),
        ("http", "(intstr.IntOrString){Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)http}"),
        (None, "(intstr.IntOrString){Type:(intstr.Type)0 IntVal:(int32)0 StrVal:(string)}"),
    ],
)
def test_a_number_or_a_name_is_printed_with_both(value: int | str | None, printed: str) -> None:
    assert sprintf(value, "util/intstr.IntOrString") == printed


def test_times_count_seconds_since_the_year_one() -> None:
    nothing = "{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}"
    assert sprintf(None, "meta/v1.Time") == f"(v1.Time){nothing}"
    # 719162 days lie before 1970.
    text = sprintf("1970-01-01T00:00:01Z", "meta/v1.Time")
    assert text.startswith(
        f"(v1.Time){{Time:(time.Time){{wall:(uint64)0 ext:(int64){719162 * 86400 + 1} loc:"
    )


@pytest.mark.parametrize(
    ("struct", "value", "printed"),
    [
        # What is inlined is a field of its own in Go.
        (
            "core/v1.ConfigMapEnvSource",
            {"name": "m", "optional": True},
            "(v1.ConfigMapEnvSource){LocalObjectReference:(v1.LocalObjectReference)"
            "{Name:(string)m} Optional:(*bool)true}",
        ),
        (
            "core/v1.ConfigMapEnvSource",
            {},
            "(v1.ConfigMapEnvSource){LocalObjectReference:(v1.LocalObjectReference)"
            "{Name:(string)} Optional:(*bool)<nil>}",
        ),
        # The types of items are not printed, those of their fields are.
        (
            "core/v1.PodDNSConfig",
            {"nameservers": ["1.1.1.1", "8.8.8.8"], "options": [{"name": "a", "value": ""}, {}]},
            "(v1.PodDNSConfig){Nameservers:([]string)[1.1.1.1 8.8.8.8] Searches:([]string)<nil> "
            "Options:([]v1.PodDNSConfigOption)[{Name:(string)a Value:(*string)} "
            "{Name:(string) Value:(*string)<nil>}]}",
        ),
        # Empty is as good as not given, but a pointer to nothing is a pointer.
        (
            "core/v1.Capabilities",
            {"add": [], "drop": ["ALL"]},
            "(v1.Capabilities){Add:([]v1.Capability)<nil> Drop:([]v1.Capability)[ALL]}",
        ),
        (
            "core/v1.Affinity",
            {"podAffinity": {}},
            "(v1.Affinity){NodeAffinity:(*v1.NodeAffinity)<nil> PodAffinity:(*v1.PodAffinity)"
            "{RequiredDuringSchedulingIgnoredDuringExecution:([]v1.PodAffinityTerm)<nil> "
            "PreferredDuringSchedulingIgnoredDuringExecution:([]v1.WeightedPodAffinityTerm)<nil>} "
            "PodAntiAffinity:(*v1.PodAntiAffinity)<nil>}",
        ),
        # Go's names: of fields in capitals, of types with the last part of their package.
        (
            "core/v1.TCPSocketAction",
            {"port": 80, "host": "h"},
            "(v1.TCPSocketAction){Port:(intstr.IntOrString){Type:(intstr.Type)0 IntVal:(int32)80 "
            "StrVal:(string)} Host:(string)h}",
        ),
    ],
)
def test_structs_are_printed_whole_and_in_gos_order(
    struct: str, value: Document, printed: str
) -> None:
    assert sprintf(value, struct) == printed


def test_amounts_by_resource_have_a_type_of_their_own() -> None:
    text = sprintf({"limits": {"memory": "1Gi", "cpu": "1"}}, "core/v1.ResourceRequirements")

    one, gibi = amount(1, 0, "1", "DecimalSI"), amount(1 << 30, 0, "1Gi", "BinarySI")
    bare = [each.removeprefix("(resource.Quantity)") for each in (one, gibi)]
    assert text == (
        f"(v1.ResourceRequirements){{Limits:(v1.ResourceList)map[cpu:{bare[0]} memory:{bare[1]}] "
        "Requests:(v1.ResourceList)<nil> Claims:([]v1.ResourceClaim)<nil>}"
    )


@given(st.dictionaries(st.text(min_size=1), st.text(), min_size=1))
def test_maps_are_sorted_by_the_bytes_of_their_keys(labels: dict[str, str]) -> None:
    """Letters are printed as they are, without quotes."""
    text = sprintf({"labels": labels}, "meta/v1.ObjectMeta")

    by_bytes = sorted(labels, key=lambda key: key.encode("utf-8", "surrogatepass"))
    inside = " ".join(f"{key}:{labels[key]}" for key in by_bytes)
    assert f" Labels:(map[string]string)map[{inside}] Annotations:" in text
