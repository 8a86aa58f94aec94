"""Values of any kind under a verb of fmt: containers element by element, each with its origin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scanner.template.errors import FunctionError
from scanner.template.kinds import (
    NILS,
    Float,
    Int,
    Int64,
    Map,
    NamedInt,
    NilPointer,
    Struct,
    Uint8,
    entry_origin,
    go_type,
)
from scanner.template.text import Text, concat, from_origin
from scanner.template.utf8 import decoded, encoded
from scanner.template.verbs import PLAIN, Spec, basic_text, digits_text, integer_text, pad, string_text, truncated

MAX_COST = 10_000_000
"""How much one call may print: characters, and some more for each part."""

_PART = 24

ADDRESS = 0xC000012000
"""The address of everything: real ones differ from run to run."""

_STRINGABLE = "vsxXq"
_BYTES = tuple(map(str, range(256)))
_BASIC = frozenset((str, Text, bool, int, Int, Int64, float, Float))


class Output:
    """The parts of what is printed, and how much more may be printed. FunctionError for more than MAX_COST."""

    __slots__ = ("left", "parts")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.left = MAX_COST

    def add(self, text: str, origin: Any = None) -> None:
        """Appends `text`; a plain one is of `origin`, where that is known."""
        self.left -= len(text) + _PART
        if self.left < 0:
            raise FunctionError(f"the text is too long: more than {MAX_COST:,} characters in one call")
        if origin is not None and type(text) is not Text:
            text = from_origin(text, origin)
        self.parts.append(text)

    def joined(self) -> str:
        """All parts in one string."""
        return concat(self.parts)


def print_argument(out: Output, value: object, verb: str, spec: Spec) -> None:
    """One argument of Printf under its verb."""
    if value is None:
        out.add(pad("<nil>", spec) if verb in "vT" else f"%!{verb}(<nil>)")
    elif verb == "T":
        out.add(pad(truncated(go_type(value), spec), spec), getattr(value, "origin", None))
    elif verb == "p" and _is_reference(value):
        address = 0 if isinstance(value, NILS) else ADDRESS
        out.add(digits_text(address, "x", spec._replace(sharp=not spec.sharp)))
    else:
        text = basic_text(value, verb, spec) if type(value) in _BASIC else None
        if text is not None:
            out.add(text, getattr(value, "origin", None))
        else:
            _guarded(_Printer(out, verb, spec), value)


def print_output(out: Output, value: object) -> None:
    """One value as under %v, but a pointer to a struct is shown as the struct."""
    _guarded(_Printer(out, "v", PLAIN, ampersand=False), value)


def _guarded(printer: _Printer, value: object) -> None:
    try:
        if printer.verb in "pw":
            printer.bad_verb(value, None)
        else:
            printer.value(value, 0, None)
    except RecursionError:
        raise FunctionError("the value is nested too deeply to be printed") from None


def _is_reference(value: object) -> bool:
    if isinstance(value, Struct):
        return value.is_pointer
    return isinstance(value, (dict, list, bytes)) or callable(value)


class _Printer:
    """Prints under one verb. `methods` says whether go_string methods are used, which they are not in errors."""

    __slots__ = ("ampersand", "between", "methods", "out", "spec", "verb")

    def __init__(self, out: Output, verb: str, spec: Spec, *, methods: bool = True, ampersand: bool = True) -> None:
        self.out = out
        self.verb = verb
        self.spec = spec
        self.methods = methods
        self.ampersand = ampersand
        self.between = ", " if spec.sharp_v else " "

    def value(self, value: object, depth: int, origin: Any) -> None:
        """`origin` is what the container knows of the value; what the value itself carries comes first."""
        text: str | None
        if isinstance(value, str):
            text = string_text(value, self.verb, self.spec)
        else:
            own = getattr(value, "origin", None)
            origin = origin if own is None else own
            if isinstance(value, dict):
                return self._map(value, depth, origin)
            if isinstance(value, list):
                items = ((item, entry_origin(value, number)) for number, item in enumerate(value))
                return self._list(value, items, depth, origin)
            if isinstance(value, Struct):
                return self._struct(value, depth, origin)
            if isinstance(value, bytes):
                return self._bytes(value, depth, origin)
            text = self._other(value)
        if text is None:
            self.bad_verb(value, origin)
        else:
            self.out.add(text, origin)
        return None

    def bad_verb(self, value: object, origin: Any) -> None:
        """`%!d(string=a)`."""
        self.out.add(f"%!{self.verb}({go_type(value)}=", origin)
        _Printer(self.out, "v", self.spec, methods=False).value(value, 0, origin)
        self.out.add(")", origin)

    def _other(self, value: object) -> str | None:
        if value is None:
            return "interface {}(nil)" if self.spec.sharp_v else "<nil>"
        if isinstance(value, NamedInt):
            return self._stringed(value) or basic_text(value, self.verb, self.spec)
        if callable(value):
            return self._address("func()")
        return basic_text(value, self.verb, self.spec)

    def _stringed(self, value: object) -> str | None:
        """What the String or Error method of a value says, its `go_string`, where it has one and the verb asks it; or
        under %#v its GoString method, `go_syntax`."""
        method = getattr(value, "go_syntax" if self.spec.sharp_v else "go_string", None)
        if method is None or not self.methods or self.verb not in _STRINGABLE:
            return None
        return string_text(method(), "s" if self.spec.sharp_v else self.verb, self.spec)

    def _map(self, value: dict[str, Any], depth: int, origin: Any) -> None:
        add, sharp = self.out.add, self.spec.sharp_v
        if sharp and isinstance(value, NILS):
            return add(f"{go_type(value)}(nil)", origin)
        add(f"{go_type(value)}{{" if sharp else "map[", origin)
        known = value.origins if isinstance(value, Map) else {}
        for number, key in enumerate(sorted(value) if "".join(value).isascii() else sorted(value, key=encoded)):
            entry = known.get(key)
            if number:
                add(self.between, origin)
            self.value(key, depth + 1, entry)
            add(":", entry)
            self.value(value[key], depth + 1, entry)
        return add("}" if sharp else "]", origin)

    def _list(self, value: object, items: Iterable[tuple[object, Any]], depth: int, origin: Any) -> None:
        add, sharp = self.out.add, self.spec.sharp_v
        shown = "[]byte" if isinstance(value, bytes) and not depth else go_type(value)
        if sharp and isinstance(value, NILS):
            return add(f"{shown}(nil)", origin)
        add(f"{shown}{{" if sharp else "[", origin)
        for number, (item, item_origin) in enumerate(items):
            if number:
                add(self.between, origin)
            self.value(item, depth + 1, item_origin)
        return add("}" if sharp else "]", origin)

    def _bytes(self, value: bytes, depth: int, origin: Any) -> None:
        if self.verb in "sqxX":
            self.out.add(string_text(decoded(value), self.verb, self.spec) or "", origin)
        elif self.verb == "v" and self.spec == PLAIN:
            # `.Files` in a context that is printed whole: megabytes
            self.out.add(f"[{' '.join([_BYTES[byte] for byte in value])}]", origin)
        else:
            self._list(value, ((Uint8(byte), origin) for byte in value), depth, origin)

    def _struct(self, value: Struct, depth: int, origin: Any) -> None:
        add, sharp = self.out.add, self.spec.sharp_v
        text = self._nil_pointer(value) if isinstance(value, NilPointer) else self._stringed(value)
        if text is not None:
            return add(text, origin)
        if isinstance(value, NilPointer):
            return self.bad_verb(value, origin)
        if value.is_pointer:
            if depth:
                text = self._address(go_type(value))
                return self.bad_verb(value, origin) if text is None else add(text, origin)
            if self.ampersand:
                add("&", origin)
            depth += 1
        add(f"{value.go_type}{{" if sharp else "{", origin)
        for number, (name, field) in enumerate(value.shown_fields()):
            if number:
                add(self.between, origin)
            if self.spec.plus_v or sharp:
                add(f"{name}:", origin)
            self.value(field, depth + 1, origin)
        return add("}", origin)

    def _nil_pointer(self, value: NilPointer) -> str | None:
        if self.verb == "v":
            return pad(f"({go_type(value)})(nil)" if self.spec.sharp_v else "<nil>", self.spec)
        return integer_text(0, self.verb, self.spec, signed=False) if self.verb in "bodxX" else None

    def _address(self, shown_type: str) -> str | None:
        if self.verb == "v" and self.spec.sharp_v:
            return f"({shown_type})({ADDRESS:#x})"
        if self.verb == "v":
            return digits_text(ADDRESS, "x", self.spec._replace(sharp=not self.spec.sharp))
        return integer_text(ADDRESS, self.verb, self.spec, signed=False) if self.verb in "bodxX" else None
