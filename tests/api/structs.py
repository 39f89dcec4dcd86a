"""The structs of the table, for tests that go through all of them."""

from __future__ import annotations

from svcnet.api import struct_table

STRUCTS = [name for name in struct_table._blocks() if name != "kinds"]
