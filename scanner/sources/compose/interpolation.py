"""Variables in Compose values: `$NAME`, `${NAME}`, defaults, alternatives, required ones, nesting and `$$`."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from scanner.core.patterns import late
from scanner.core.unknown import PartialText, Unknown
from scanner.sources.compose.casts import cast as cast
from scanner.sources.compose.go_values import quote

Known = str | PartialText | Unknown
"""A text in which pieces may not be known."""

INCOMPLETE = "a ${ in it starts no complete variable"

MAX_DEPTH = 100
"""Defaults that are used inside defaults, at most; more are refused."""

# Go's case folding adds the long s and the Kelvin sign to the ASCII letters.
_NAME = "[_a-zA-Z\u017f\u212a][_a-zA-Z0-9\u017f\u212a]*"
_REFERENCE = re.compile(rf"\$(?:(?P<escaped>\$)|(?P<named>{_NAME})|\{{(?:(?P<braced>{_NAME})(?P<operator>:?[-+?])?)?)")
# The character after an opening brace never counts as a brace.
_BRACE = late(r"\{.?|\}", re.DOTALL)


class TemplateError(ValueError):
    """A text whose variables cannot be substituted."""


class InvalidTemplateError(TemplateError):
    """`template` holds a `${` that starts no complete reference."""

    def __init__(self, template: str) -> None:
        super().__init__(f"Invalid template: {quote(template)}")
        self.template = template


class RequiredVariableError(TemplateError):
    """`${variable:?reason}` or `${variable?reason}`, and the variable has no value."""

    def __init__(self, variable: str, reason: str) -> None:
        super().__init__(f"required variable {variable} is missing a value" + (f": {reason}" if reason else ""))
        self.variable = variable
        self.reason = reason


def substitute(text: str, lookup: Callable[[str], str | None]) -> str:
    """`text` with every variable replaced as compose-go does; `lookup` gives None for a variable that is not set.

    A variable that is not set becomes ''. Values are not substituted again. Raises `InvalidTemplateError`,
    `RequiredVariableError`, or `TemplateError` where more than `MAX_DEPTH` are nested.
    """
    if "$" not in text:
        return text
    return "".join(str(piece) for piece in _expand(_Text(text), 0, len(text), _Plain(lookup), 0))


def substitute_known(text: str, lookup: Callable[[str], Known | None]) -> Known:
    """`text` with every variable that has a value replaced; the others stay as `Unknown` pieces that name them.

    Defaults count (`${A:-x}` is known where A is not set), and so do alternatives (`${A:+x}` is then ''). A required
    variable that is not set is `Unknown`. Neighbouring known pieces are joined. Raises `InvalidTemplateError`, or
    `TemplateError` where more than `MAX_DEPTH` are nested.
    """
    if "$" not in text:
        return text
    return join(_expand(_Text(text), 0, len(text), _Scan(lookup), 0))


def variables(text: str) -> tuple[str, ...]:
    """The names of all variables in `text`, those of defaults and messages too, in order and each once."""
    if "$" not in text:
        return ()
    names = (match["named"] or match["braced"] for match in _REFERENCE.finditer(text))
    return tuple(dict.fromkeys(name for name in names if name))


def failure(path: tuple[str | int, ...], error: ValueError, *, show: bool = False) -> str:
    """What to say where `substitute` or `cast` failed with `error` for the value at `path`.

    With `show`, compose-go's own words, which quote the whole text with whatever secrets are in it.
    """
    place = ".".join("[]" if isinstance(step, int) else step for step in path)
    if isinstance(error, InvalidTemplateError):
        if not show:
            return f"invalid interpolation format for {place}: {INCOMPLETE}"
        hint = "You may need to escape any $ with another $."
        return f"invalid interpolation format for {place}.\n{hint}\n{error.template}"
    return f"error while interpolating {place}: {error}"


def join(pieces: Iterable[Known]) -> Known:
    """One value out of pieces in order: text where all are known, `Unknown` where nothing else is there."""
    parts: list[str | Unknown] = []
    for piece in pieces:
        for part in piece.parts if isinstance(piece, PartialText) else (piece,):
            if isinstance(part, str) and parts and isinstance(parts[-1], str):
                parts[-1] += part
            elif part != "":
                parts.append(part)
    if not parts:
        return ""
    return parts[0] if len(parts) == 1 else PartialText(tuple(parts))


class _Plain(NamedTuple):
    """As Compose runs: what is not set is empty."""

    lookup: Callable[[str], str | None]

    def missing(self, name: str) -> Known:  # noqa: ARG002 (same shape as _Scan)
        return ""

    def required(self, name: str, reason: list[Known]) -> Known:
        raise RequiredVariableError(name, "".join(str(piece) for piece in reason))


class _Scan(NamedTuple):
    """As a scan reads: what is not set here may well be set where the project runs."""

    lookup: Callable[[str], Known | None]

    def missing(self, name: str) -> Known:
        return Unknown(f"the variable {name} has no value")

    def required(self, name: str, reason: list[Known]) -> Known:  # noqa: ARG002 (same shape as _Plain)
        return Unknown(f"the required variable {name} has no value")


class _Text(str):
    """A text that knows which brace closes which, worked out once when it is first asked."""

    __slots__ = ("_closing",)

    def closing(self, opening: int) -> int | None:
        """The brace that closes the one at `opening`, be it on another line; None where none does."""
        try:
            return self._closing.get(opening)
        except AttributeError:
            self._closing: dict[int, int] = {}
        opened: list[int] = []
        for match in _BRACE.finditer(self):
            if match[0] != "}":
                opened.append(match.start())
            elif opened:
                self._closing[opened.pop()] = match.start()
        return self._closing.get(opening)


def _expand(text: _Text, start: int, end: int, mode: _Plain | _Scan, depth: int) -> list[Known]:
    """The pieces of `text[start:end]`.

    A reference with an operator reaches, in compose-go, to the last `}` of its line; what follows its own closing
    brace up to there is a template of its own, which shows in error messages only. The operand of a reference is
    everything up to the last `}` where no brace closes it.
    """
    if depth > MAX_DEPTH:
        raise TemplateError(f"variables are nested more than {MAX_DEPTH} deep")
    pieces: list[Known] = []
    position, tail, template = start, start, (start, end)
    while match := _REFERENCE.search(text, position, end):
        pieces.append(text[position : match.start()])
        if match.start() >= tail:
            template = (start, end)
        position = match.end()
        if match["escaped"]:
            pieces.append("$")
        elif name := match["named"]:
            pieces.append(_value(name, mode))
        elif not match["braced"]:
            raise InvalidTemplateError(text[slice(*template)])
        elif not match["operator"]:
            if not text.startswith("}", position, end):
                raise InvalidTemplateError(text[slice(*template)])
            pieces.append(_value(match["braced"], mode))
            position += 1
        else:
            last = tail - 1 if position < tail else _last_brace(text, position, end)
            if last < 0:
                raise InvalidTemplateError(text[slice(*template)])
            closing = text.closing(match.start() + 1)
            closing = last if closing is None or closing > last else closing
            pieces += _choose(match["braced"], match["operator"], text, (position, closing), mode, depth)
            position, tail, template = closing + 1, last + 1, (closing + 1, last + 1)
    pieces.append(text[position:end])
    return pieces


def _value(name: str, mode: _Plain | _Scan) -> Known:
    value = mode.lookup(name)
    return mode.missing(name) if value is None else value


def _choose(
    name: str, operator: str, text: _Text, operand: tuple[int, int], mode: _Plain | _Scan, depth: int
) -> list[Known]:
    value = mode.lookup(name)
    if isinstance(value, Unknown) and operator == ":+":
        return [value]
    present = value is not None and (operator[0] != ":" or value != "")
    if operator[-1] == "+":
        return _expand(text, *operand, mode, depth + 1) if present else []
    if value is not None and present:
        return [value]
    words = _expand(text, *operand, mode, depth + 1)
    return words if operator[-1] == "-" else [mode.required(name, words)]


def _last_brace(text: str, start: int, end: int) -> int:
    newline = text.find("\n", start, end)
    return text.rfind("}", start, end if newline < 0 else newline)
