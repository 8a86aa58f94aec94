"""What happens to texts on toYaml's way through JSON that go-yaml v2 reads."""

from __future__ import annotations

import re

from scanner.core.patterns import late
from scanner.template.go_json import MarshalError, json_text, quoted

_LONGEST_KEY = 1024
_UNUSUAL = late("[\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_FORBIDDEN = late("[\x7f-\x84\x86-\x9f\ufffe\uffff]")
_FOLDS = late("[ ]*\x85[ \x85]*")
_DOCUMENT_INDICATOR = late("\x85(?:---|\\.\\.\\.)[ \x85]")


def through_json(text: str) -> str:
    """The text that arrives. A next line (U+0085) folds, as line breaks in quotes do; bytes that are no UTF-8 become
    U+FFFD. Raises MarshalError for characters that YAML does not allow."""
    if text.isascii() and "\x7f" not in text:
        return text
    if not _UNUSUAL.search(text):
        return text
    text = json_text(text)
    if _FORBIDDEN.search(text):
        raise MarshalError("yaml: control characters are not allowed")
    if "\x85" in text:
        if _DOCUMENT_INDICATOR.search(text):
            raise MarshalError("yaml: found unexpected document indicator")
        text = _FOLDS.sub(_folded, text)
    return text


def _folded(match: re.Match[str]) -> str:
    return "\n" * (match[0].count("\x85") - 1) or " "


def check_key(text: str) -> None:
    """Raises MarshalError for a key that go-yaml does not find in the JSON: too long, or over several lines."""
    if "\x85" in text or (len(text) > _LONGEST_KEY // 6 - 2 and len(quoted(text)) > _LONGEST_KEY):
        raise MarshalError("yaml: did not find expected ',' or '}'")
