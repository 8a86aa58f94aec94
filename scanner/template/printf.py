"""Formats of fmt.Printf: parsed once, then filled with arguments."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from scanner.template.kinds import go_type
from scanner.template.printer import Output, print_argument
from scanner.template.text import Piece, Text, cut, pieces_of
from scanner.template.verbs import PLAIN, Spec

MAX_NUMBER = 1_000_000
"""The largest width, precision or index that Go takes."""

_CACHED_LENGTH = 1000

_INDEX, _WIDTH, _PRECISION, _BAD = "index", "width", "precision", "bad"

Step = tuple[str, int]
"""What happens before a verb prints: `index` n (-1 for one that is none), `width` and `precision` from an argument,
`bad` for an index that stands where none may."""


class Literal(NamedTuple):
    """A part of the format that is printed as it is; `start` and `stop` are its place there."""

    text: str
    start: int
    stop: int


class Directive(NamedTuple):
    """One verb. An empty verb is a format that ends before it."""

    verb: str
    spec: Spec
    steps: tuple[Step, ...] = ()


class Format(NamedTuple):
    """A parsed format.

    `percent` is the same for Python's `%` where all verbs are bare %s and %v, else empty; `pieces` are then those of
    the result, None for an argument.
    """

    items: tuple[Literal | Directive, ...]
    is_indexed: bool
    verbs: int
    percent: str
    pieces: tuple[Piece | None, ...]


def sprintf(template: str, *arguments: object) -> str:
    """fmt.Sprintf. Errors stand in the text, as in Go: `%!d(string=a)`, `%!s(MISSING)`, `%!(EXTRA int=1)`."""
    plain = str(template)
    parsed = _cached(plain) if len(plain) < _CACHED_LENGTH else _parse(plain)
    if parsed.percent and type(template) is str and len(arguments) == parsed.verbs:
        kinds = {type(argument) for argument in arguments}
        if kinds <= _STR:
            return parsed.percent % arguments
        if kinds <= _STRINGS:
            return _filled_with_texts(parsed, arguments)
    return _filled(template, parsed, arguments)


_STR = frozenset((str,))
_STRINGS = frozenset((str, Text))


def _filled_with_texts(parsed: Format, texts: tuple[Any, ...]) -> str:
    pieces: list[Piece] = []
    rest = iter(texts)
    for piece in parsed.pieces:
        if piece is None:
            pieces += pieces_of(next(rest))
        else:
            pieces.append(piece)
    return Text(parsed.percent % texts, pieces)


def _filled(template: str, parsed: Format, arguments: tuple[object, ...]) -> str:
    out = Output()
    at = 0
    for item in parsed.items:
        if isinstance(item, Literal):
            out.add(cut(template, item.start, item.stop) if type(template) is Text else item.text)
            continue
        verb, spec, steps = item
        is_good = True
        for step in steps:
            spec, at, is_good = _take(out, step, spec, at, is_good, arguments)
        if verb == "%":
            out.add("%")
        elif not verb:
            out.add("%!(NOVERB)")
        elif not is_good:
            out.add(f"%!{verb}(BADINDEX)")
        elif at >= len(arguments):
            out.add(f"%!{verb}(MISSING)")
        else:
            argument = arguments[at]
            at += 1
            if spec is PLAIN and isinstance(argument, str) and verb in "sv":
                out.add(argument)
            else:
                print_argument(out, argument, verb, spec)
    if not parsed.is_indexed and at < len(arguments):
        _print_extra(out, arguments[at:])
    return out.joined()


def _take(
    out: Output, step: Step, spec: Spec, at: int, is_good: bool, arguments: tuple[object, ...]
) -> tuple[Spec, int, bool]:
    """The spec, the number of the next argument, and whether all indexes are right, after one step."""
    kind, index = step
    if kind == _BAD:
        return spec, at, False
    if kind == _INDEX:
        return (spec, index, is_good) if 0 <= index < len(arguments) else (spec, at, False)
    number = None
    if at < len(arguments):
        number = _whole_number(arguments[at])
        at += 1
    if kind == _PRECISION:
        if number is None or number < 0:
            out.add("%!(BADPREC)")
            return spec._replace(precision=None), at, is_good
        return spec._replace(precision=number), at, is_good
    if number is None:
        out.add("%!(BADWIDTH)")
    elif number < 0:
        return spec._replace(width=-number, minus=True, zero=False), at, is_good
    return spec._replace(width=number), at, is_good


def _whole_number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_NUMBER:
        return int(value)
    return None


def _print_extra(out: Output, arguments: tuple[object, ...]) -> None:
    out.add("%!(EXTRA ")
    for number, argument in enumerate(arguments):
        if number:
            out.add(", ")
        if argument is None:
            out.add("<nil>")
        else:
            out.add(f"{go_type(argument)}=")
            print_argument(out, argument, "v", PLAIN)
    out.add(")")


def _parse(text: str) -> Format:
    items: list[Literal | Directive] = []
    at = 0
    is_indexed = False
    while at < len(text):
        percent = text.find("%", at)
        percent = len(text) if percent < 0 else percent
        if percent > at:
            items.append(Literal(text[at:percent], at, percent))
        if percent == len(text):
            break
        directive, at = _directive(text, percent + 1)
        is_indexed = is_indexed or any(step[0] == _INDEX for step in directive.steps)
        if directive.verb == "%" and not directive.steps:
            items.append(Literal("%", at - 1, at))
            continue
        items.append(directive)
        if not directive.verb:
            break
    directives = [item for item in items if isinstance(item, Directive)]
    percent_format = ""
    pieces: list[Piece | None] = []
    if all(each.verb in ("s", "v") and each.spec is PLAIN and not each.steps for each in directives):
        literal = [item.text if isinstance(item, Literal) else None for item in items]
        percent_format = "".join("%s" if part is None else part.replace("%", "%%") for part in literal)
        pieces = [None if part is None else (len(part), None, None) for part in literal]
    return Format(tuple(items), is_indexed, len(directives), percent_format, tuple(pieces))


_cached = lru_cache(maxsize=2048)(_parse)

_FLAGS = {"#": "sharp", "0": "zero", "+": "plus", "-": "minus", " ": "space"}


def _directive(text: str, at: int) -> tuple[Directive, int]:
    """The verb whose flags begin at `at`, and where the rest of the format begins."""
    flags: dict[str, bool] = {}
    while at < len(text) and text[at] in _FLAGS:
        flags[_FLAGS[text[at]]] = True
        at += 1
    steps: list[Step] = []
    width: int | None = None
    precision: int | None = None
    at, after_index = _index(text, at, steps)
    if text.startswith("*", at):
        steps.append((_WIDTH, 0))
        at, after_index = at + 1, False
    else:
        width, at = _number(text, at)
        if after_index and width is not None:
            steps.append((_BAD, 0))
    if text.startswith(".", at) and at + 1 < len(text):
        at += 1
        if after_index:
            steps.append((_BAD, 0))
        at, after_index = _index(text, at, steps)
        if text.startswith("*", at):
            steps.append((_PRECISION, 0))
            at, after_index = at + 1, False
        else:
            precision, at = _number(text, at)
            precision = precision or 0
    if not after_index:
        at, _ = _index(text, at, steps)
    if at >= len(text):
        return Directive("", PLAIN, tuple(steps)), at
    verb = "\ufffd" if "\ud800" <= text[at] <= "\udfff" else text[at]
    spec = _spec(flags, width, precision, verb)
    return Directive(verb, spec, tuple(steps)), at + 1


def _spec(flags: dict[str, bool], width: int | None, precision: int | None, verb: str) -> Spec:
    if not flags and width is None and precision is None:
        return PLAIN
    spec = Spec(**flags, width=width, precision=precision)
    if verb in "vw":
        spec = spec._replace(sharp_v=spec.sharp, sharp=False, plus_v=spec.plus, plus=False)
    return spec


def _number(text: str, at: int) -> tuple[int | None, int]:
    """The decimal number at `at` and where it ends. One that is too large ends the format, as in Go."""
    start = at
    number = 0
    while at < len(text) and "0" <= text[at] <= "9":
        if number > MAX_NUMBER:
            return None, len(text)
        number = number * 10 + int(text[at])
        at += 1
    return (number if at > start else None), at


def _index(text: str, at: int, steps: list[Step]) -> tuple[int, bool]:
    """Takes an `[n]` at `at` into the steps. Gives where it ends, and whether it reads as one."""
    if not text.startswith("[", at):
        return at, False
    end = text.find("]", at)
    if end < 0 or len(text) - at < 3:
        steps.append((_INDEX, -1))
        return at + 1, False
    number, stop = _number(text[:end], at + 1)
    is_index = number is not None and stop == end
    steps.append((_INDEX, number - 1 if number is not None and is_index else -1))
    return end + 1, is_index
