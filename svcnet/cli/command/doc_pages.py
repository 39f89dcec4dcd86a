"""The pages that are shipped with svcnet, and where they are."""

from __future__ import annotations

from pathlib import Path

from svcnet.errors import SvcnetError

_CHECKOUT = Path(__file__).parents[3] / "docs"


def pages() -> dict[str, Path]:
    """Return the pages by name, in the order of their names.

    Raises:
        SvcnetError: this installation has none.
    """
    found = sorted(_CHECKOUT.glob("*.md")) or _installed()
    if not found:
        raise SvcnetError("this installation of svcnet has no documentation")
    return {path.stem: path for path in found}


def _installed() -> list[Path]:
    """Return the pages that a wheel brought, wherever its data was put."""
    from importlib.metadata import PackageNotFoundError, files

    try:
        brought = files("svcnet") or ()
    except PackageNotFoundError:
        return []
    shipped = [each for each in brought if each.match("share/doc/svcnet/*.md")]
    return sorted(Path(str(each.locate())).resolve() for each in shipped)
