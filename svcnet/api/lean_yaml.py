"""PyYAML, without the patterns of its own reader and resolver: three quarters of its import.

svcnet takes events from libyaml and decides itself what a word means.
"""

from __future__ import annotations

from svcnet.api.lean_import import patterns_when_used

with patterns_when_used():
    import yaml as yaml  # noqa: PLC0414 - given to others
