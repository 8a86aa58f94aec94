"""Texts that may hold a secret: judged where they are collected; the verdict is kept, and not the text."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from scanner.core.secret_formats import ACCESS_KEY, known_formats
from scanner.core.secrets import find_secrets, secret_kind, secret_spans

_NAMES = ("Name", "name", "Key", "key", "OutputKey", "ParameterKey", "HttpHeaderName")
"""The keys of what stands beside a value and names it."""
_MOST_UNPACKED = 1024 * 1024
_SHORTEST = 8
_SHORTEST_INSIDE = 16
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
MASK = "***"
_ANYWHERE = "**"
_LAST: tuple[list[str], ...] = ([], ["[]"])
"""What is left of a path where it has come to a value, or to a list of values."""


class Judged(NamedTuple):
    """In the place of a text that is not kept: the kind of secret that it was, '' if it was none."""

    kind: str


def redact(row: Any, path: str) -> None:
    """Replaces the texts at `path` of `row` (see `ResourceType.redact`) by what they were judged to be."""
    steps = [step for part in path.split(".") for step in _steps(part)]
    if steps:
        _redact(row, steps, "")


def _steps(part: str) -> list[str]:
    name = part.removesuffix("[]")
    return ([name] if name else []) + (["[]"] if part.endswith("[]") else [])


def _redact(value: Any, steps: list[str], name: str) -> None:
    step, rest = steps[0], steps[1:]
    if step == "[]":
        before: Any = ""
        for index, each in enumerate(value) if isinstance(value, list) else ():
            value[index] = _replaced(each, rest, name if rest else _option(before, each) or name)
            before = each
    elif step == _ANYWHERE:
        _redact(value, rest, name)
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            if isinstance(each, dict | list):
                _redact(each, steps, name)
    elif isinstance(value, dict):
        for key in list(value) if step == "*" else [step] if step in value else []:
            value[key] = _replaced(value[key], rest, _name_beside(value, key) if rest in _LAST else key)


def _option(before: Any, word: Any) -> str:
    """The option whose value `word` of a command is, if the word before it is one: `--requirepass`, `x`."""
    if not isinstance(before, str) or not isinstance(word, str) or word.startswith("-"):
        return ""
    return before if before.startswith("--") and "=" not in before else ""


def _name_beside(holder: dict[str, Any], key: str) -> str:
    """The name under which a value, or a list of them, is judged: the one that stands beside it, else its own key."""
    if key.lower().endswith(("value", "values")):
        return next((holder[name] for name in _NAMES if isinstance(holder.get(name), str)), key)
    return key


def _replaced(value: Any, rest: list[str], name: str) -> Any:
    if not rest:
        return judged(value, name)
    _redact(value, rest, name)
    return value


def judged(value: Any, name: str) -> Any:
    """`value` with every text and number in it judged under `name`, or under its own key inside."""
    if isinstance(value, dict):
        return type(value)((key, judged(each, key)) for key, each in value.items())
    if isinstance(value, list):
        return [judged(each, name) for each in value]
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, bool) or value is None or isinstance(value, Judged):
        return value
    return Judged(_kind(name, str(value)))


def _kind(name: str, text: str) -> str:
    found = secret_kind(name, text)
    if found:
        return found
    inside = _unpacked(text)
    for each in (inside, *_packed_inside(inside or text)):
        if secrets := find_secrets(each):
            return secrets[0].kind
    return ""


def _packed_inside(text: str) -> Iterator[str]:
    """The texts that stand in base64 in a text of several words or lines: files of cloud-init, parts of a message,
    what a script unpacks. A run of lines that are all base64 is one text."""
    run: list[str] = []
    for line in (*text.splitlines(), ""):
        words = line.split()
        if len(words) == 1 and _is_base64(words[0]):
            run += words
            continue
        yield from (found for found in (_readable("".join(run)), *map(_readable, map(_bare, words))) if found)
        run = []


def _bare(word: str) -> str:
    return word.strip("\"'`|;,<>()[]{}")


def _is_base64(word: str) -> bool:
    return not word.strip(_BASE64)


def _readable(packed: str) -> str:
    """What is packed in a word, if it is text; a word of a language is none."""
    if len(packed) < _SHORTEST_INSIDE or not _is_base64(packed):
        return ""
    text = _unpacked(packed)
    legible = "\N{REPLACEMENT CHARACTER}" not in text and "".join(text.split()).isprintable()
    return text if legible else ""


def _unpacked(text: str) -> str:
    """What a text in base64 says, also where it was compressed before; '' where it is none."""
    if len(text) < _SHORTEST:
        return ""
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    if data[:2] == b"\x1f\x8b":
        try:
            data = zlib.decompressobj(31).decompress(data, _MOST_UNPACKED)
        except zlib.error:
            return ""
    return data.decode("utf-8", "replace")


def masked(text: str, name: str = "") -> tuple[str, str]:
    """A text that is kept, with the secrets in it masked, and the kind of the first of them ('' for none)."""
    if len(text) < _SHORTEST and not name:
        return text, ""
    spans = secret_spans(name, text) if name else find_secrets(text)
    for secret in reversed(spans):
        text = f"{text[: secret.start]}{MASK}{text[secret.end :]}"
    return text, spans[0].kind if spans else ""


def masked_name(text: str) -> str:
    """What names something, without the tokens in it. The id of an access key, which is its name, is none."""
    if len(text) < _SHORTEST:
        return text
    for start, end, kind in reversed(list(known_formats(text))):
        if kind != ACCESS_KEY:
            text = f"{text[:start]}{MASK}{text[end:]}"
    return text
