"""What the flags that every verb takes are for."""

from __future__ import annotations

# Only flags that do something: one that is missing here is said to have no effect.
ABOUT = {
    "db": "where the state is kept: a path or a database URL; else `SVCNET_DB`, else a file in "
    "the user's data directory",
    "namespace": "the namespace that is meant, `default` when nothing is said",
    "v": "1 or more: tell on standard error which objects were written, and which by controllers",
    "warnings-as-errors": "exit with 1 when there was a warning",
}
