"""Functions on one text: cutting, trimming, replacing, quoting, indenting."""

from __future__ import annotations

import re
from typing import Any

from scanner.template.byte_text import byte_cut, from_bytes, has_stray, to_bytes
from scanner.template.errors import FunctionError
from scanner.template.function import Function
from scanner.template.printing import format_value
from scanner.template.printing import quote as quoted
from scanner.template.sizes import MAX_ITEMS, MAX_LENGTH, check_items, check_length
from scanner.template.text import Text, concat, cut, derived, indented, spliced
from scanner.template.utf8 import byte_length, decoded

SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""The white space of unicode.IsSpace."""

_MAX_INT = (1 << 63) - 1


def text_of(value: Any) -> str:
    """sprig's strval: strings and bytes as they are, everything else as fmt's %v."""
    if isinstance(value, str):
        return value
    return decoded(value) if isinstance(value, bytes) else format_value(value)


def joined(texts: list[str], separator: str) -> str:
    """The texts with `separator` between them. Raises FunctionError when that is too long."""
    if len(texts) == 1:
        return texts[0]
    check_length(sum(map(len, texts)) + len(separator) * len(texts))
    if type(separator) is not Text and not any(type(text) is Text for text in texts):
        return separator.join(texts)
    parts: list[str] = []
    for text in texts:
        parts += (text, separator)
    return concat(parts[:-1])


def trim(text: str) -> str:
    """strings.TrimSpace."""
    return _stripped(text, SPACE)


def trim_all(characters: str, text: str) -> str:
    """strings.Trim: without any of `characters` at both ends."""
    if not characters.isascii() and ("\ufffd" in characters or has_stray(characters)):
        # To Go, all bytes that are no valid UTF-8 are this one character.
        characters += "\ufffd" + "".join(map(chr, range(0xDC80, 0xDD00)))
    return _stripped(text, characters)


def _stripped(text: str, characters: str) -> str:
    result = text.strip(characters)
    if type(text) is not Text:
        return result
    start = len(text) - len(text.lstrip(characters)) if result else 0
    return cut(text, start, start + len(result))


def trim_prefix(prefix: str, text: str) -> str:
    """strings.TrimPrefix."""
    if has_stray(prefix):
        return from_bytes(trim_prefix(to_bytes(prefix), to_bytes(text)))
    if type(text) is not Text:
        return text.removeprefix(prefix)
    return cut(text, len(prefix), len(text)) if text.startswith(prefix) else text


def trim_suffix(suffix: str, text: str) -> str:
    """strings.TrimSuffix."""
    if has_stray(suffix):
        return from_bytes(trim_suffix(to_bytes(suffix), to_bytes(text)))
    if type(text) is not Text:
        return text.removesuffix(suffix)
    return cut(text, 0, len(text) - len(suffix)) if text.endswith(suffix) else text


def trunc(count: int, text: str) -> str:
    """The first `count` bytes, or the last `-count`; the whole text where it is shorter."""
    size = byte_length(text)
    if count >= 0:
        return byte_cut(text, 0, count) if size > count else text
    return byte_cut(text, size + count, size) if size + count > 0 else text


def substr(start: int, end: int, text: str) -> str:
    """The bytes from `start` to `end`; a negative `end`, or one behind the text, is its end."""
    size = byte_length(text)
    if start < 0:
        if end < 0:
            raise FunctionError(f"runtime error: slice bounds out of range [:{end}]")
        if end > size:
            raise FunctionError(f"runtime error: slice bounds out of range [:{end}] with length {size}")
        return byte_cut(text, 0, end)
    if end < 0 or end > size:
        end = size
    if start > end:
        raise FunctionError(f"runtime error: slice bounds out of range [{start}:{end}]")
    return byte_cut(text, start, end)


def abbrev(width: int, text: str) -> str:
    """The text in at most `width` bytes, `...` for what is left out at its end; a width below 4 leaves it whole."""
    return text if width < 4 else _abbreviated(text, 0, width)


def abbrevboth(left: int, right: int, text: str) -> str:
    """The text in at most `right` bytes, from about the byte `left` on, with `...` at both ends."""
    if right < 4 or (left > 0 and right < 7):
        return text
    return _abbreviated(text, left, right)


def _abbreviated(text: str, offset: int, width: int) -> str:
    """goutils' AbbreviateFull, for a width of at least 4."""
    size = byte_length(text)
    if size <= width:
        return text
    kept = width - 3
    offset = min(offset, size)
    # The difference overflows for an offset near the smallest int, and is negative then.
    if size - offset < kept or size - offset > _MAX_INT:
        offset = size - kept
    view = to_bytes(text)
    if offset <= 4:
        return from_bytes(spliced(view, [(kept, size, "...")]))
    if width < 7:
        return ""
    edits = [(0, offset, "...")]
    if offset + kept >= size:
        edits = [(0, size - kept, "...")]
    elif size - offset > kept:
        edits.append((offset + kept - 3, size, "..."))
    return from_bytes(spliced(view, edits))


def repeat(count: int, text: str) -> str:
    """The text `count` times."""
    if count < 0:
        raise FunctionError("strings: negative Repeat count")
    if byte_length(text) * count > _MAX_INT:
        raise FunctionError("strings: Repeat output length overflow")
    check_length(len(text) * count)
    result = str(text) * count
    if type(text) is not Text:
        return result
    if len(text.pieces) == 1:
        return derived(result, text)
    check_items(len(text.pieces) * count)
    return Text(result, text.pieces * count)


def indent(spaces: int, text: str) -> str:
    """The text with `spaces` blanks in front of each line."""
    if spaces < 0 or (len(text) + 1) * (spaces + 1) > MAX_LENGTH:
        _check_indent(spaces, text)
    if type(text) is not Text:
        pad = " " * spaces
        return pad + text.replace("\n", "\n" + pad)
    return indented(text, spaces)


def nindent(spaces: int, text: str) -> str:
    """A new line, and the text with `spaces` blanks in front of each of its lines."""
    if spaces < 0 or (len(text) + 1) * (spaces + 1) > MAX_LENGTH:
        _check_indent(spaces, text)
    if type(text) is not Text:
        pad = "\n" + " " * spaces
        return pad + text.replace("\n", pad)
    return indented(text, spaces, "\n")


def _check_indent(spaces: int, text: str) -> None:
    if spaces < 0:
        raise FunctionError("strings: negative Repeat count")
    check_length(len(text) + (text.count("\n") + 1) * spaces)


def replace(old: str, new: str, text: str) -> str:
    """`text` with `new` for each `old`; an empty `old` is before each character and at the end."""
    if has_stray(old):
        return from_bytes(replace(to_bytes(old), to_bytes(new), to_bytes(text)))
    if len(text) * len(new) > MAX_LENGTH:
        check_length(len(text) + text.count(old) * (len(new) - len(old)))
    result = text.replace(old, new)
    if type(text) is not Text and type(new) is not Text:
        return result
    if old not in text:
        return text
    count = text.count(old)
    if count > MAX_ITEMS:
        return derived(result, text, new)
    edits: list[tuple[int, int, str]] = []
    at = 0
    step = len(old) or 1
    for _ in range(count):
        at = text.find(old, at)
        edits.append((at, at + len(old), new))
        at += step
    return spliced(text, edits)


def contains(part: str, text: str) -> bool:
    """Whether `part` is in the text."""
    return to_bytes(part) in to_bytes(text) if has_stray(part) else part in text


def has_prefix(prefix: str, text: str) -> bool:
    """Whether the text begins so."""
    return to_bytes(text).startswith(to_bytes(prefix)) if has_stray(prefix) else text.startswith(prefix)


def has_suffix(suffix: str, text: str) -> bool:
    """Whether the text ends so."""
    return to_bytes(text).endswith(to_bytes(suffix)) if has_stray(suffix) else text.endswith(suffix)


def quote(*values: Any) -> str:
    """Each value that is not nil as Go's %q writes it, a blank between."""
    if len(values) == 1 and values[0] is not None:
        return quoted(text_of(values[0]))
    return joined([quoted(text_of(value)) for value in values if value is not None], " ")


def squote(*values: Any) -> str:
    """Each value that is not nil between single quotes, a blank between; nothing is escaped."""
    return joined([_single_quoted(format_value(value)) for value in values if value is not None], " ")


def _single_quoted(text: str) -> str:
    return concat(("'", text, "'")) if type(text) is Text else f"'{text}'"


def cat(*values: Any) -> str:
    """The values that are not nil, a blank between."""
    return joined([format_value(value) for value in values if value is not None], " ")


def plural(one: str, many: str, count: int) -> str:
    """`one` for a count of 1, else `many`."""
    return one if count == 1 else many


_BYTE_SPACE = "[\t-\r \x85\xa0]+"


def nospace(text: str) -> str:
    """The text without white space.

    goutils goes by bytes: once anything is left out, each byte of a character beyond ASCII becomes one of Latin-1, and
    those that look like its white space are left out too.
    """
    view = to_bytes(text)
    if type(view) is not Text:
        return re.sub(_BYTE_SPACE, "", view) if re.search(_BYTE_SPACE, view) else text
    edits = [(match.start(), match.end(), "") for match in re.finditer(_BYTE_SPACE, view)]
    return spliced(view, edits) if edits else text


def wrap(width: int, text: str) -> str:
    """The text in lines of at most `width` bytes, broken at blanks only."""
    return _wrapped(text, width, "\n", break_words=False)


def wrap_with(width: int, newline: str, text: str) -> str:
    """The text in lines of at most `width` bytes with `newline` between; longer words are broken."""
    return _wrapped(text, width, newline or "\n", break_words=True)


def _wrapped(text: str, width: int, newline: str, *, break_words: bool) -> str:
    """goutils' WrapCustom: blanks at the start of a line go, the one that a line is broken at becomes the newline."""
    width = max(width, 1)
    view = to_bytes(text)
    newline = to_bytes(newline)
    size = len(view)
    plain = str(view)
    edits: list[tuple[int, int, str]] = []
    at = 0
    while size - at > width:
        if plain[at] == " ":
            edits.append((at, at + 1, ""))
            at += 1
            continue
        space = plain.rfind(" ", at, at + width + 1)
        if space < 0 and break_words:
            at += width
            edits.append((at, at, newline))
        else:
            space = plain.find(" ", at + width) if space < 0 else space
            if space < 0:
                break
            edits.append((space, space + 1, newline))
            at = space + 1
        if len(edits) % 1024 == 0:
            check_items(len(edits))
            check_length(size + len(edits) * len(newline))
    check_length(size + len(edits) * len(newline))
    return from_bytes(spliced(view, edits))


FUNCTIONS = (
    Function("abbrev", "int string", abbrev),
    Function("abbrevboth", "int int string", abbrevboth),
    Function("cat", "...any", cat),
    Function("contains", "string string", contains),
    Function("hasPrefix", "string string", has_prefix),
    Function("hasSuffix", "string string", has_suffix),
    Function("indent", "int string", indent),
    Function("nindent", "int string", nindent),
    Function("nospace", "string", nospace),
    Function("plural", "string string int", plural),
    Function("quote", "...any", quote),
    Function("repeat", "int string", repeat),
    Function("replace", "string string string", replace),
    Function("squote", "...any", squote),
    Function("substr", "int int string", substr),
    Function("toString", "any", text_of),
    Function("trim", "string", trim),
    Function("trimAll", "string string", trim_all),
    Function("trimPrefix", "string string", trim_prefix),
    Function("trimSuffix", "string string", trim_suffix),
    Function("trimall", "string string", trim_all),
    Function("trunc", "int string", trunc),
    Function("wrap", "int string", wrap),
    Function("wrapWith", "int string string", wrap_with),
)
