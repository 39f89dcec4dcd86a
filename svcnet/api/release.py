"""The release of Kubernetes that svcnet follows."""

from __future__ import annotations

REFERENCE = "1.36.2"
"""The one pinned version: all that svcnet prints is what this one would."""
