"""The grammar of `--set` and its relatives: `name.inner[0]=value,other={a,b}`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scanner.core.patterns import late
from scanner.helm.origin import ValueOrigin, ValuesSource
from scanner.helm.set_json import Undecodable, decode
from scanner.template.kinds import Int64, Items, Map, entry_origin, go_type, put
from scanner.template.text import from_origin

MOST_NESTED = 30
"""The deepest name, in dots."""

MOST_INDEX = 65536
"""The largest index of a list."""

Reader = Callable[[str], Any]
"""What makes a value of the text behind a `=`."""

_INTEGER = late(r"[+-]?[0-9]+")
_LONGEST = 30
_LEAST, _MOST = -(1 << 63), (1 << 63) - 1


class SetError(Exception):
    """What is wrong with an argument, in Helm's words."""


class _End(Exception):  # noqa: N818 - no error: Helm ends there in peace
    """The text is used up."""


def typed(text: str) -> Any:
    """The value of `--set`: true, false, null, an int64 without a leading zero, else the text."""
    word = text.casefold()
    if word in ("true", "false"):
        return word == "true"
    if word == "null":
        return None
    if text == "0" or (text[:1] != "0" and _INTEGER.fullmatch(text)):
        number = int(text) if len(text) < _LONGEST else 1 << 64
        if _LEAST <= number <= _MOST:
            return Int64(number)
    return text


def read_set(text: str, values: dict[str, Any], reader: Reader, source: ValuesSource | None = None) -> None:
    """Applies `--set` (with `typed`), `--set-string` (with `str`) or `--set-file` to `values`. Raises SetError.

    What it sets comes from `source`; without one nothing is traced.
    """
    _Setting(text, reader).run(values, source)


def read_set_literal(text: str, values: dict[str, Any], source: ValuesSource | None = None) -> None:
    """Applies `--set-literal`: one name, and everything behind the first `=` as it stands."""
    _Literal(text, str).run(values, source)


def read_set_json(text: str, values: dict[str, Any], source: ValuesSource | None = None) -> None:
    """Applies `--set-json`, whose values are JSON; none is null."""
    _Json(text, str).run(values, source)


class _Setting:
    """One argument, read from left to right. `node` is the origin of what is being set, None without tracing."""

    stops = "=[,."
    escapes = True

    def __init__(self, text: str, reader: Reader) -> None:
        self.text = text
        self.at = 0
        self.reader = reader

    def run(self, values: dict[str, Any], source: ValuesSource | None) -> None:
        node = None if source is None else ValueOrigin(source)
        try:
            while True:
                self.key(values, 0, node)
        except _End:
            pass
        except RecursionError:
            raise SetError("the name is nested too deep") from None

    def until(self, stops: str) -> tuple[str, str]:
        """The characters before a stop, and the stop: '' at the end of the text."""
        found: list[str] = []
        while self.at < len(self.text):
            character = self.text[self.at]
            self.at += 1
            if character in stops:
                return "".join(found), character
            if character == "\\" and self.escapes:
                if self.at == len(self.text):
                    break
                character = self.text[self.at]
                self.at += 1
            found.append(character)
        return "".join(found), ""

    def key(self, values: dict[str, Any], depth: int, node: ValueOrigin | None) -> None:
        """One name with its value. Raises _End where nothing is left."""
        name, stop = self.until(self.stops)
        node = _below(node, name)
        if not stop:
            if not name:
                raise _End
            raise SetError(f"key {_quoted(name)} has no value")
        if stop == "=":
            _put(values, name, self.value(node), node)
        elif stop == ",":
            raise SetError(f"key {_quoted(name)} has no value (cannot end with ,)")
        elif stop == "[":
            items = _expected(values[name], list, "[]interface {}") if name in values else Items((), node)
            items, ended = self.at_index(items, depth, node)
            _put(values, name, items, entry_origin(values, name) or node)
            if ended:
                raise _End
        else:
            self.inner(values, name, depth + 1, node)

    def inner(self, values: dict[str, Any], name: str, depth: int, node: ValueOrigin | None) -> None:
        """What stands behind the dot of a name."""
        if depth > MOST_NESTED:
            raise SetError(f"value name nested level is greater than maximum supported nested level of {MOST_NESTED}")
        inside = _expected(values[name], dict, "map[string]interface {}") if name in values else Map((), node)
        origin = entry_origin(values, name) or node
        try:
            self.key(inside, depth, node)
        except _End:
            if inside:
                _put(values, name, inside, origin)
            raise
        if not inside:
            raise SetError(f"key map {_quoted(name)} has no value")
        _put(values, name, inside, origin)

    def at_index(self, items: list[Any], depth: int, node: ValueOrigin | None) -> tuple[list[Any], bool]:
        """An index, and what stands behind it: the changed list, and whether the text ended too early."""
        index = self.index()
        if index < 0:
            raise SetError(f"negative {index} index not allowed")
        node = _below(node, index)
        name, stop = self.until("[.=")
        if name:
            from scanner.template.printing import sprintf

            raise SetError(sprintf("unexpected data at end of array index: %q", [ord(each) for each in name]))
        if not stop:
            return items, True
        if stop == "=":
            return _with_item(items, index, self.value(node), node), False
        if stop == "[":
            below = items[index] if index < len(items) and items[index] is not None else Items((), node)
            below, ended = self.at_index(_expected(below, list, "[]interface {}"), depth, node)
            return (items, True) if ended else (_with_item(items, index, below, node), False)
        inside = items[index] if index < len(items) and isinstance(items[index], dict) else Map((), node)
        if index < len(items):
            items = _with_item(items, index, inside, node)
        try:
            self.key(inside, depth, node)
        except _End:
            return items, True
        return _with_item(items, index, inside, node), False

    def index(self) -> int:
        """The number between the brackets."""
        digits, stop = self.until("]")
        if not stop:
            raise SetError("error parsing index: EOF")
        problem = f"error parsing index: strconv.Atoi: parsing {_quoted(digits)}: "
        if not _INTEGER.fullmatch(digits):
            raise SetError(problem + "invalid syntax")
        number = int(digits) if len(digits) < _LONGEST else 1 << 64
        if not _LEAST <= number <= _MOST:
            raise SetError(problem + "value out of range")
        return number

    def value(self, node: ValueOrigin | None) -> Any:
        """The value behind a `=`: a list in braces, or one value up to the next comma."""
        if self.at == len(self.text):
            return _marked("", node)
        if self.text[self.at] != "{":
            return _marked(self.reader(self.until(",")[0]), node)
        self.at += 1
        items: list[Any] = []
        origins: list[Any] = []
        while True:
            item, stop = self.until(",}")
            if not stop:
                raise SetError("list must terminate with '}'")
            origins.append(_below(node, len(items)))
            items.append(_marked(self.reader(item), origins[-1]))
            if stop == "}":
                if self.text[self.at : self.at + 1] == ",":
                    self.at += 1
                return Items(items, node, origins)


class _Literal(_Setting):
    """`--set-literal`: nothing is escaped, and the value goes on to the end."""

    stops = "=[."
    escapes = False

    def value(self, node: ValueOrigin | None) -> Any:
        rest = self.text[self.at :]
        self.at = len(self.text)
        return _marked(rest, node)


class _Json(_Setting):
    """`--set-json`."""

    def value(self, node: ValueOrigin | None) -> Any:
        if self.skip_blanks():
            return None
        try:
            value, self.at = decode(self.text, self.at, node)
        except Undecodable as error:
            raise SetError(str(error)) from None
        self.skip_blanks()
        return value

    def skip_blanks(self) -> bool:
        """Skips white space and a comma behind it. Whether there was a comma, or nothing more."""
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == ",":
                self.at += 1
                return True
            if not character.isspace():
                return False
            self.at += 1
        return True


def _below(node: ValueOrigin | None, step: str | int) -> ValueOrigin | None:
    return None if node is None else ValueOrigin(node.source, node, step)


def _marked(value: Any, node: ValueOrigin | None) -> Any:
    """A scalar with its origin."""
    if node is None:
        return value
    if isinstance(value, str):
        return from_origin(value, node)
    if isinstance(value, Int64):
        value.origin = node
    return value


def _put(values: dict[str, Any], name: str, value: Any, origin: ValueOrigin | None) -> None:
    """Sets an entry; one without a name is dropped."""
    if name:
        put(values, name, value, origin)


def _with_item(items: list[Any], index: int, value: Any, node: ValueOrigin | None) -> list[Any]:
    """The list with one item set, padded with nulls."""
    if index > MOST_INDEX:
        raise SetError(f"index of {index} is greater than maximum supported index of {MOST_INDEX}")
    missing = index + 1 - len(items)
    origins = [entry_origin(items, at) for at in range(len(items))] + [node] * missing
    changed = Items([*items, *[None] * missing], getattr(items, "origin", None), origins)
    if changed[index] is not value:
        changed[index] = value
        changed.origins[index] = node
    return changed


def _expected(value: Any, kind: type, wanted: str) -> Any:
    if isinstance(value, kind):
        return value
    found = "nil" if value is None else go_type(value)
    raise SetError(f"unable to parse key: interface conversion: interface {{}} is {found}, not {wanted}")


def _quoted(text: str) -> str:
    from scanner.template.printing import quote

    return quote(text)
