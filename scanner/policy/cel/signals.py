"""How evaluation leaves the straight path: a value that is not known, an error, a budget that is used up.

They are exceptions, so that what is known costs nothing: an attribute that is read checks its value's class once, and
nothing above has to look again.
"""

from __future__ import annotations

from scanner.core.unknown import Unknown

STEPS = 1_000_000
"""Elements that loops visit and functions that are called, for one subject and one rule."""
LONGEST_TEXT = 1_000_000
"""Code points in a string that an expression makes."""
LONGEST_LIST = 100_000
"""Elements in a list that an expression makes."""
SMALL = 16
"""Elements or code points up to which a value costs nothing extra."""
SMALL_TEXT = 255
"""The same for what is known to be a text."""


class Signal(Exception):  # noqa: N818 - not always an error
    """An expression has no value; logical operators may absorb it."""


class UnknownSignal(Signal):
    """The value depends on something that is not known."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__()
        self.unknown = unknown


class Fault(Signal):
    """The expression is in error here. The message never quotes a value: it might be a secret."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__()
        self.message = message
        self.offset = offset
        self.variable = ""


class Exhausted(Exception):  # noqa: N818 - it is one, by way of the result
    """The budget of steps or sizes is used up; nothing absorbs this."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__()
        self.message = message
        self.offset = offset
        self.variable = ""


def stronger(one: Signal | None, other: Signal) -> Signal:
    """Which of two signals tells more: unknown wins over error, a fact denied or failed over a variable's value."""
    if one is None or not isinstance(one, UnknownSignal):
        return other if one is None or isinstance(other, UnknownSignal) else one
    if isinstance(other, UnknownSignal) and one.unknown.kind == "variable" and other.unknown.kind != "variable":
        return other
    return one


def charge(frame: list[object], steps: int, offset: int) -> None:
    """Takes steps from the frame's budget (slot 2). Raises Exhausted where it is used up."""
    left: int = frame[2]  # type: ignore[assignment]
    frame[2] = left - steps
    if left < steps:
        raise Exhausted("the rule takes too many steps", offset)


def weigh(frame: list[object], value: object, offset: int) -> None:
    """Charges for going through a value once: a step for 4 elements at any depth, or for 256 code points."""
    if isinstance(value, str):
        charge(frame, len(value) // (SMALL_TEXT + 1), offset)
    elif isinstance(value, list | dict):
        charge(frame, _elements(value) // 4, offset)


def _elements(value: list[object] | dict[object, object]) -> int:
    items = value if isinstance(value, list) else value.values()
    return len(value) + sum(_elements(item) for item in items if isinstance(item, list | dict))
