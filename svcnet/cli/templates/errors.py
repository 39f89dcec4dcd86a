"""How printing an object by a user's template may fail."""

from __future__ import annotations

from svcnet.errors import UsageError


class RenderError(UsageError):
    """A template does not fit an object; `printed` is what stands on standard output by then."""

    def __init__(self, message: str, printed: str) -> None:
        super().__init__(message)
        self.printed = printed
