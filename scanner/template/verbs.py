"""One value under one verb of fmt: integers, floats, strings, and containers element by element."""

from __future__ import annotations

from typing import Any, NamedTuple

from scanner.template.errors import FunctionError
from scanner.template.float_text import format_float, shortest
from scanner.template.kinds import (
    Map,
    Struct,
    Uint8,
    Uint64,
    entry_origin,
    go_type,
)
from scanner.template.printable import is_printable
from scanner.template.quoting import can_be_raw, quote, quote_character
from scanner.template.text import Text, concat, cut, derived, from_origin
from scanner.template.utf8 import encoded

MAX_COST = 20_000_000
"""How much one call may print: characters, and eight for each value."""

ADDRESS = 0xC000012000
"""The address of everything: real ones differ from run to run."""

_STRINGABLE = "vsxXq"
_DEFAULT_PRECISION = {"f": 6, "F": 6, "e": 6, "E": 6}


class Spec(NamedTuple):
    """The flags, width and precision of one verb. `sharp_v` and `plus_v` are `#` and `+` under %v."""

    plus: bool = False
    minus: bool = False
    sharp: bool = False
    space: bool = False
    zero: bool = False
    width: int | None = None
    precision: int | None = None
    sharp_v: bool = False
    plus_v: bool = False


PLAIN = Spec()


class Output:
    """The parts of what is printed, with their origins, and how much more may be printed.

    Raises FunctionError where it becomes more than MAX_COST.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.left = MAX_COST

    def add(self, text: str, origin: Any = None) -> None:
        """Appends `text`; a plain one is of `origin`, where that is known."""
        self.left -= len(text) + 8
        if self.left < 0:
            raise FunctionError(f"the text is too long: more than {MAX_COST} characters in one call")
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
        out.add(pad(_truncated(go_type(value), spec), spec), getattr(value, "origin", None))
    elif verb == "p":
        if _is_reference(value):
            out.add(_digits(ADDRESS, "x", spec._replace(sharp=not spec.sharp)))
        else:
            _bad_verb(out, value, verb, spec)
    elif verb == "w":
        _bad_verb(out, value, verb, spec)
    else:
        try:
            _print_value(out, value, verb, spec, 0, None)
        except RecursionError:
            raise FunctionError("the value is nested too deeply to be printed") from None


def _is_reference(value: object) -> bool:
    if isinstance(value, Struct):
        return value.is_pointer
    return isinstance(value, (dict, list, bytes)) or callable(value)


def _bad_verb(out: Output, value: object, verb: str, spec: Spec, origin: Any = None) -> None:
    out.add(f"%!{verb}({go_type(value)}=", origin)
    _print_value(out, value, "v", spec, 0, origin, methods=False)
    out.add(")", origin)


def _print_value(
    out: Output, value: object, verb: str, spec: Spec, depth: int, origin: Any, methods: bool = True
) -> None:
    """`origin` is what the container knows of the value; what the value itself carries comes first."""
    if isinstance(value, str):
        text = _string(value, verb, spec)
    elif value is None:
        text = "interface {}(nil)" if spec.sharp_v else "<nil>"
    elif isinstance(value, dict):
        return _print_map(out, value, verb, spec, depth, _own_origin(value, origin), methods)
    elif isinstance(value, list):
        return _print_list(out, value, verb, spec, depth, _own_origin(value, origin), methods)
    elif isinstance(value, Struct):
        return _print_struct(out, value, verb, spec, depth, origin, methods)
    elif isinstance(value, bytes):
        return _print_bytes(out, value, verb, spec, depth, origin)
    else:
        text = scalar(value, verb, spec)
    if text is None:
        _bad_verb(out, value, verb, spec, _own_origin(value, origin))
    else:
        out.add(text, _own_origin(value, origin))
    return None


def _own_origin(value: object, origin: Any) -> Any:
    own = None if isinstance(value, str) else getattr(value, "origin", None)
    return origin if own is None else own


def _print_map(
    out: Output, value: dict[str, Any], verb: str, spec: Spec, depth: int, origin: Any, methods: bool
) -> None:
    out.add(f"{go_type(value)}{{" if spec.sharp_v else "map[", origin)
    between = ", " if spec.sharp_v else " "
    known = value.origins if isinstance(value, Map) else {}
    for number, key in enumerate(sorted(value)):
        entry = known.get(key)
        if number:
            out.add(between, origin)
        _print_value(out, key, verb, spec, depth + 1, entry)
        out.add(":", entry)
        _print_value(out, value[key], verb, spec, depth + 1, entry, methods)
    out.add("}" if spec.sharp_v else "]", origin)


def _print_list(out: Output, value: list[Any], verb: str, spec: Spec, depth: int, origin: Any, methods: bool) -> None:
    out.add(f"{go_type(value)}{{" if spec.sharp_v else "[", origin)
    between = ", " if spec.sharp_v else " "
    for number, item in enumerate(value):
        if number:
            out.add(between, origin)
        _print_value(out, item, verb, spec, depth + 1, entry_origin(value, number), methods)
    out.add("}" if spec.sharp_v else "]", origin)


def _print_bytes(out: Output, value: bytes, verb: str, spec: Spec, depth: int, origin: Any) -> None:
    if verb in "sqxX":
        text = value.decode("utf-8", "surrogateescape")
        out.add(_string(text, verb, spec) or "", origin)
        return
    if spec.sharp_v:
        inner = ", ".join(f"{byte:#x}" for byte in value)
        out.add(f"{'[]uint8' if depth else '[]byte'}{{{inner}}}", origin)
        return
    out.add("[", origin)
    for number, byte in enumerate(value):
        if number:
            out.add(" ", origin)
        _print_value(out, Uint8(byte), verb, spec, depth + 1, origin)
    out.add("]", origin)


def _print_struct(out: Output, value: Struct, verb: str, spec: Spec, depth: int, origin: Any, methods: bool) -> None:
    """A struct in its fields. Two hooks: `go_string()` is its String or Error method; `go_value()` what a named type of
    another kind stands for (a time.Duration an int64)."""
    text = getattr(value, "go_string", None)
    if methods and text is not None and verb in _STRINGABLE and not spec.sharp_v:
        return out.add(_string(text(), verb, spec) or "", origin)
    underlying = getattr(value, "go_value", None)
    if underlying is not None:
        return _print_value(out, underlying(), verb, spec, depth, origin, methods)
    if value.is_pointer:
        if depth:
            return out.add(_address(value, verb, spec), origin)
        out.add("&", origin)
        depth += 1
    out.add(f"{value.go_type}{{" if spec.sharp_v else "{", origin)
    between = ", " if spec.sharp_v else " "
    for number, (name, attribute) in enumerate(value.fields.items()):
        if number:
            out.add(between, origin)
        if spec.plus_v or spec.sharp_v:
            out.add(f"{name}:", origin)
        _print_value(out, getattr(value, attribute), verb, spec, depth + 1, origin, methods)
    return out.add("}", origin)


def _address(value: Struct, verb: str, spec: Spec) -> str:
    if verb == "v":
        if spec.sharp_v:
            return f"(*{value.go_type})({ADDRESS:#x})"
        return _digits(ADDRESS, "x", spec._replace(sharp=not spec.sharp))
    if verb in "bodxX":
        return _integer(ADDRESS, False, verb, spec) or ""
    return f"%!{verb}(*{value.go_type}={ADDRESS:#x})"


def scalar(value: object, verb: str, spec: Spec) -> str | None:
    """A bool, a number; None where the verb does not fit."""
    if isinstance(value, bool):
        return pad("true" if value else "false", spec) if verb in "tv" else None
    if isinstance(value, int):
        return _integer(value, not isinstance(value, (Uint64, Uint8)), verb, spec)
    if isinstance(value, float):
        return _float(value, verb, spec)
    if isinstance(value, complex):
        return _complex(value, verb, spec)
    if callable(value) and verb in "vbodxX":
        return f"{ADDRESS:#x}" if verb == "v" else _integer(ADDRESS, False, verb, spec)
    return None


def pad(text: str, spec: Spec) -> str:
    """Padded to the width: zeros on the left only, blanks on either side. The padding is of the text's origin."""
    missing = (spec.width or 0) - len(text)
    if missing <= 0:
        return text
    if spec.minus:
        return concat((text, derived(" " * missing, text)))
    return concat((derived(("0" if spec.zero else " ") * missing, text), text))


def _string(text: str, verb: str, spec: Spec) -> str | None:
    if verb == "s" or (verb == "v" and not spec.sharp_v):
        return pad(_truncated(text, spec), spec)
    if verb in "vq":
        text = _truncated(text, spec)
        if spec.sharp and can_be_raw(text):
            return pad(concat(("`", text, "`")), spec)
        return pad(quote(text, only_ascii=spec.plus), spec)
    if verb in "xX":
        return derived(_hex_bytes(encoded(text), verb, spec), text)
    return None


def _truncated(text: str, spec: Spec) -> str:
    if spec.precision is None or spec.precision >= len(text):
        return text
    return cut(text, 0, spec.precision)


def _hex_bytes(data: bytes, verb: str, spec: Spec) -> str:
    data = data if spec.precision is None else data[: spec.precision]
    prefix = "0x" if spec.sharp and data else ""
    text = prefix + (data.hex(" ").replace(" ", " " + prefix) if spec.space and data else data.hex())
    return pad(text.upper() if verb == "X" else text, spec)


def _integer(number: int, signed: bool, verb: str, spec: Spec) -> str | None:
    if verb == "v":
        return (
            _digits(number, "x", spec._replace(sharp=True))
            if spec.sharp_v and not signed
            else _digits(number, "d", spec)
        )
    if verb in "dboOxX":
        return _digits(number, verb, spec)
    code_point = number & 0xFFFFFFFFFFFFFFFF
    if verb == "c":
        is_character = code_point < 0x110000 and not 0xD800 <= code_point < 0xE000
        return pad(chr(code_point) if is_character else "\ufffd", spec)
    if verb == "q":
        return pad(quote_character(code_point, only_ascii=spec.plus), spec)
    if verb == "U":
        text = f"U+{code_point:0{max(4, spec.precision or 0)}X}"
        if spec.sharp and code_point < 0x110000 and is_printable(code_point):
            text += f" '{chr(code_point)}'"
        return pad(text, spec._replace(zero=False))
    return None


def _digits(number: int, verb: str, spec: Spec) -> str:
    spaced = spec._replace(zero=False)
    sign = "-" if number < 0 else "+" if spec.plus else " " if spec.space else ""
    zeros = 0
    if spec.precision is not None:
        if spec.precision == 0 and number == 0:
            return " " * (spec.width or 0)
        zeros = spec.precision
    elif spec.zero and not spec.minus and spec.width is not None:
        zeros = spec.width - len(sign)
    text = format(abs(number), verb.replace("O", "o")).rjust(zeros, "0")
    if spec.sharp:
        if verb in "xXb":
            text = "0" + verb + text
        elif verb in "oO" and text[0] != "0":
            text = "0" + text
    if verb == "O":
        text = "0o" + text
    return pad(sign + text, spaced)


def _float(number: float, verb: str, spec: Spec) -> str | None:
    if verb not in "vbgGxXfFeE":
        return None
    if verb == "v":
        verb = "g"
    elif verb == "F":
        verb = "f"
    precision = spec.precision if spec.precision is not None else _DEFAULT_PRECISION.get(verb)
    text = shortest(number) if verb == "g" and precision is None else format_float(number, verb, precision)
    sign = "-" if text[0] == "-" else "+"
    text = text.lstrip("+-")
    if text in ("Inf", "NaN"):
        shown = sign if text == "Inf" else ""
        if sign == "+" and (spec.plus or spec.space):
            shown = "+" if spec.plus else " "
        return pad(shown + text, spec._replace(zero=False))
    if spec.sharp and verb != "b":
        text = _with_point(text, verb, precision)
    if sign == "+" and not spec.plus:
        sign = " " if spec.space else ""
    if sign and spec.zero and not spec.minus and spec.width is not None:
        return sign + text.rjust(spec.width - 1, "0")
    return pad(sign + text, spec)


def _with_point(text: str, verb: str, precision: int | None) -> str:
    """The `#` of floats: a decimal point always, and under %g and %x the trailing zeros."""
    mark = "p" if verb == "x" else "P" if verb == "X" else "e" if verb in "eg" else "E"
    number, mark, tail = text.partition(mark)
    wanted = (6 if precision is None else precision) if verb in "gGx" else 0
    significant = number.replace(".", "").lstrip("0")
    missing = wanted - len(significant)
    if "." not in number:
        if number == "0":
            missing -= 1
        number += "."
    return number + "0" * max(missing, 0) + mark + tail


def _complex(number: complex, verb: str, spec: Spec) -> str | None:
    real = _float(number.real, verb, spec)
    imaginary = _float(number.imag, verb, spec._replace(plus=True))
    return None if real is None or imaginary is None else f"({real}{imaginary}i)"
