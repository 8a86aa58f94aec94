"""The events of the first document of a YAML text, as go-yaml v2 sees it: libyaml's, corrected."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import yaml
from yaml import events
from yaml._yaml import CParser

from scanner.helm.yaml_errors import YamlError, from_libyaml, unreadable_character
from scanner.template.utf8 import decoded

Result = TypeVar("Result")
NextEvent = Callable[[], Any]

_Scalar: Any = events.ScalarEvent
_COLON = "\ue0c0"
_MOST_COLONS = 50
_SLASH = re.compile(r"(?<!\\)(?:\\\\)*\\/")
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def text_of(data: bytes) -> str:
    """The text of a file in UTF-8 or UTF-16, without its byte order mark."""
    encoding = _UTF_16.get(data[:2])
    text = data[2:].decode(encoding, "replace") if encoding else decoded(data)
    return text.removeprefix("\ufeff")


def first_document(text: str, build: Callable[[NextEvent, Any], Result]) -> Result | None:
    """What `build(next_event, event)` makes of the events of the first document, from its first event on; None where
    there is no document. What comes behind it is not looked at.

    An error that `build` raises yields to an error of syntax later in the document, as go-yaml parses a document before
    it decodes it. Raises YamlError, and what `build` raises.
    """
    try:
        return _parsed(text, build)
    except _UnexpectedColon:
        return _parsed_with_colons(text, build)


class _UnexpectedColon(Exception):  # noqa: N818 - it never leaves this module
    """A colon in front of an indicator in a flow collection, where libyaml stops and go-yaml goes on."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index


def _parsed_with_colons(text: str, build: Callable[[NextEvent, Any], Result]) -> Result | None:
    """Hides the colons that libyaml does not accept behind another character while it reads."""
    original = text
    for _ in range(_MOST_COLONS):
        try:
            return _parsed(text, build, hidden=text is not original)
        except _UnexpectedColon as error:
            text = f"{text[: error.index]}{_COLON}{text[error.index + 1 :]}"
    raise YamlError("yaml: too many colons in flow collections")


def _parsed(text: str, build: Callable[[NextEvent, Any], Result], *, hidden: bool = False) -> Result | None:
    text = text.removeprefix("\ufeff")
    parser = None
    try:
        parser = CParser(text)
        next_event: NextEvent = parser.get_event
        if hidden:
            next_event = _with_colons(next_event)
        if "\\/" in text:
            next_event = _without_slashes(next_event, text)
        next_event()
        event = next_event()
        if event.__class__ is events.StreamEndEvent:
            return None
        _check_version(event)
        try:
            result = build(next_event, next_event())
        except (yaml.YAMLError, UnicodeError):
            raise
        except Exception:
            _drain(next_event)
            raise
        next_event()
        return result
    except yaml.MarkedYAMLError as error:
        if error.problem == "found unexpected ':'" and error.problem_mark:
            raise _UnexpectedColon(error.problem_mark.index) from None
        raise from_libyaml(error) from None
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


def _drain(next_event: NextEvent) -> None:
    """Goes on to the end of the document, for errors of syntax."""
    while next_event().__class__ not in (events.DocumentEndEvent, events.StreamEndEvent):
        pass


def _with_colons(next_event: NextEvent) -> NextEvent:
    def step() -> Any:
        event = next_event()
        if event.__class__ is _Scalar:
            event.value = event.value.replace(_COLON, ":")
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
                raise YamlError(f"yaml: {where}found unknown escape character", line + 1, column)
        return event

    return step
