"""One value of a basic kind under one verb of fmt: a string, a bool, a number."""

from __future__ import annotations

from typing import NamedTuple

from scanner.template.float_text import format_float, shortest
from scanner.template.kinds import NamedInt, Uint8, Uint64
from scanner.template.printable import is_printable
from scanner.template.quoting import can_be_raw, quote, quote_character
from scanner.template.text import concat, cut, derived
from scanner.template.utf8 import encoded

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


def basic_text(value: object, verb: str, spec: Spec) -> str | None:
    """A string, bool or number as printed; None where the verb does not fit, or the value is of no basic kind."""
    if isinstance(value, str):
        return string_text(value, verb, spec)
    if isinstance(value, bool):
        return pad("true" if value else "false", spec) if verb in "tv" else None
    if isinstance(value, int):
        unsigned = isinstance(value, (Uint64, Uint8)) or (isinstance(value, NamedInt) and value.kind[0] == "u")
        return integer_text(value, verb, spec, signed=not unsigned)
    if isinstance(value, float):
        return _float(value, verb, spec)
    if isinstance(value, complex):
        return _complex(value, verb, spec)
    return None


def pad(text: str, spec: Spec) -> str:
    """Padded to the width: zeros on the left only, blanks on either side. The padding is of the text's origin."""
    missing = (spec.width or 0) - len(text)
    if missing <= 0:
        return text
    if spec.minus:
        return concat((text, derived(" " * missing, text)))
    return concat((derived(("0" if spec.zero else " ") * missing, text), text))


def string_text(text: str, verb: str, spec: Spec) -> str | None:
    """A string, with its pieces; None where the verb does not fit."""
    if verb == "s" or (verb == "v" and not spec.sharp_v):
        return pad(truncated(text, spec), spec)
    if verb in "vq":
        text = truncated(text, spec)
        if spec.sharp and can_be_raw(text):
            return pad(concat(("`", text, "`")), spec)
        return pad(quote(text, only_ascii=spec.plus), spec)
    if verb in "xX":
        return derived(_hex_bytes(encoded(text), verb, spec), text)
    return None


def truncated(text: str, spec: Spec) -> str:
    """The characters of a string that the precision leaves."""
    if spec.precision is None or spec.precision >= len(text):
        return text
    return cut(text, 0, spec.precision)


def _hex_bytes(data: bytes, verb: str, spec: Spec) -> str:
    data = data if spec.precision is None else data[: spec.precision]
    prefix = "0x" if spec.sharp and data else ""
    text = prefix + (data.hex(" ").replace(" ", " " + prefix) if spec.space and data else data.hex())
    return pad(text.upper() if verb == "X" else text, spec)


def integer_text(number: int, verb: str, spec: Spec, *, signed: bool) -> str | None:
    """An integer; a negative one counts as its 64 bits where it is a character. None where the verb does not fit."""
    if verb == "v":
        return (
            digits_text(number, "x", spec._replace(sharp=True))
            if spec.sharp_v and not signed
            else digits_text(number, "d", spec)
        )
    if verb in "dboOxX":
        return digits_text(number, verb, spec)
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


def digits_text(number: int, verb: str, spec: Spec) -> str:
    """An integer under one of d b o O x X."""
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
