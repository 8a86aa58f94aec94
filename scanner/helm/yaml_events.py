"""The events of the first document of a YAML text, as go-yaml v2 sees it: libyaml's, corrected."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from scanner.core.libyaml import CParser, events, yaml
from scanner.core.patterns import late
from scanner.helm.yaml_errors import MAX_DEPTH, ParseError, YamlError, from_libyaml, unreadable_character
from scanner.template.utf8 import decoded

Result = TypeVar("Result")
NextEvent = Callable[[], Any]

_Scalar: Any = events.ScalarEvent
_COLON, _QUOTE, _BOM = "\ue0c0", "\ue0c1\ue0c2", "\ue0c3"
"""What stands for the hidden characters: as many, so that all marks are right."""
_MOST_RETRIES = 100
_MOST_RETRIED = 20_000_000
"""How often one text is read again, and the characters that are read so."""
_LARGE = 500_000
MAX_EVENTS = 500_000
"""Scalars, beginnings and ends of one document; those of a text that is not `_LARGE` are fewer anyway."""
_QUOTED = late(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPE = late(r"\\.", re.DOTALL)
_OTHER_VERSION = late(r"(?:[ \t]*(?:#.*)?\n)*%YAML[ \t]+(?!1\.1\b)[0-9]+\.[0-9]+")
_SLASH = late(r"(?<!\\)(?:\\\\)*\\/")
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def text_of(data: bytes) -> str:
    """The text of a file in UTF-8 or UTF-16, without its byte order mark."""
    encoding = _UTF_16.get(data[:2])
    text = data[2:].decode(encoding, "replace") if encoding else decoded(data)
    return text.removeprefix("\ufeff")


def first_document(text: str, build: Callable[[NextEvent, Any], Result]) -> Result | None:
    """What `build(next_event, event)` makes of the events of the first document, from its first event on; None where
    there is no document. What comes behind it is not looked at.

    Raises YamlError, and what `build` raises.
    """
    text = text.removeprefix("\ufeff")
    original = text
    text = text.replace("\ufeff", _BOM)  # only libyaml skips one that begins a later line
    for _ in range(min(_MOST_RETRIES, _MOST_RETRIED // (len(text) + 1) + 1)):
        try:
            return _parsed(text, build, hidden=text is not original)
        except _Refused as refused:
            text = refused.text
    raise YamlError("yaml: too many characters that only go-yaml accepts")


class _Refused(Exception):  # noqa: N818 - it never leaves this module
    """Something that libyaml does not accept, and go-yaml does; `text` has other characters there, for another try."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


def _hidden(error: yaml.MarkedYAMLError, text: str) -> str | None:
    """The text without what libyaml stumbles over, but go-yaml does not; None for a true error.

    That is a colon in front of an indicator in a flow collection, and an escaped single quote in double quotes.
    """
    mark, context = error.problem_mark, error.context_mark
    if mark is None or context is None:
        return None
    at = mark.index
    if error.problem == "found unexpected ':'":
        return f"{text[:at]}{_COLON}{text[at + 1 :]}"
    if error.problem == "found unknown escape character" and text[at : at + 2] == "\\'":
        scalar = _QUOTED.match(text, context.index)
        end = scalar.end() if scalar else len(text)
        return text[: context.index] + _ESCAPE.sub(_hidden_quote, text[context.index : end]) + text[end:]
    return None


def _hidden_quote(match: re.Match[str]) -> str:
    return _QUOTE if match[0] == "\\'" else match[0]


def _parsed(text: str, build: Callable[[NextEvent, Any], Result], *, hidden: bool = False) -> Result | None:
    parser = None
    try:
        parser = CParser(text)
        next_event: NextEvent = parser.get_event
        if hidden:
            next_event = _shown(next_event)
        if "\\/" in text:
            next_event = _without_slashes(next_event, text)
        if len(text) > _LARGE:
            next_event = _counted(next_event)
        next_event()
        event = next_event()
        if event.__class__ is events.StreamEndEvent:
            return None
        _check_version(event)
        result = build(next_event, next_event())
        next_event()
        return result
    except yaml.MarkedYAMLError as error:
        again = _hidden(error, text)
        if again is not None:
            raise _Refused(again) from None
        if _OTHER_VERSION.match(text):
            raise YamlError("yaml: found incompatible YAML document", 1, 1) from None
        raise from_libyaml(error, text) from None
    except RecursionError:
        raise YamlError(f"yaml: exceeded max depth of {MAX_DEPTH}") from None
    except (yaml.reader.ReaderError, UnicodeEncodeError, ValueError) as error:
        raise unreadable_character(text) or YamlError(f"yaml: {error}") from None
    finally:
        if parser is not None:
            parser.dispose()


def _check_version(event: Any) -> None:
    if event.version is not None and event.version != (1, 1):
        line = event.start_mark.line
        where = f"line {line}: " if line else ""
        raise YamlError(f"yaml: {where}found incompatible YAML document", line + 1, 1)


def _counted(next_event: NextEvent) -> NextEvent:
    left = MAX_EVENTS

    def step() -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise YamlError(f"yaml: the document has more than {MAX_EVENTS:,} values and marks")
        return next_event()

    return step


def _shown(next_event: NextEvent) -> NextEvent:
    def step() -> Any:
        event = next_event()
        if event.__class__ is _Scalar:
            event.value = event.value.replace(_COLON, ":").replace(_QUOTE, "'").replace(_BOM, "\ufeff")
        return event

    return step


def _without_slashes(next_event: NextEvent, text: str) -> NextEvent:
    """libyaml takes an escaped slash in double quotes, go-yaml does not."""

    def step() -> Any:
        event = next_event()
        if event.__class__ is _Scalar and event.style == '"':
            start = event.start_mark.index
            match = _SLASH.search(text, start, event.end_mark.index)
            if match:
                line = event.start_mark.line + text.count("\n", start, match.end())
                where = f"line {line + 1}: " if line else ""
                column = match.end() - 2 - text.rfind("\n", 0, match.end())
                raise ParseError(f"yaml: {where}found unknown escape character", line + 1, column)
        return event

    return step
