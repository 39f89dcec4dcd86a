"""What Events are called that controllers write: after their object, and a number behind it.

Kubernetes takes the nanoseconds since 1970 for the number.  Here it is the state's revision, the
Event's place among those of its command and a draw, so that the same commands give the same names
whatever the clock says, and the names about one object sort in the order of writing all the same.

Source: kubernetes staging/src/k8s.io/client-go/tools/internal/events/interfaces.go
GenerateEventName().
"""

from __future__ import annotations

from svcnet.api.drawing import uid

LONGEST = 253
"""The most characters that a name has."""

# As nanoseconds this is 2017, when nobody had an Event that could still be there.
_MARK = "15"
_DIGITS = 16


def drawn_name(subject: str, revision: int, place: int, number: int) -> str:
    """Return the name of a new Event.

    Args:
        subject: the name of the object that the Event is about.
        revision: a number that no other command of the state names Events after.
        place: how many Events the command wrote before.
        number: one that was drawn for the Event.

    >>> drawn_name("web", 7, 3, 0xABCD)
    'web.15000000700003cd'
    """
    name = f"{subject}.{_MARK}{revision & 0xFFFFFFF:07x}{place & 0xFFFFF:05x}{number & 0xFF:02x}"
    return name if len(name) <= LONGEST else uid(number)


def is_drawn(name: str) -> bool:
    """Tell whether a name is one of `drawn_name`.

    >>> is_drawn("web.1500000007a1b2c3"), is_drawn("web.18a1b2c3d4e5f607")
    (True, False)
    """
    _, dot, digits = name.rpartition(".")
    return bool(dot) and len(digits) == _DIGITS and digits.startswith(_MARK)
