"""Functions with regular expressions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from scanner.template.errors import FunctionError
from scanner.template.function import Function
from scanner.template.go_regexp import Regexp, compiled, matches, replaced
from scanner.template.go_regexp_syntax import PatternError
from scanner.template.kinds import StringList
from scanner.template.quoting import can_be_raw, quote
from scanner.template.sizes import check_items
from scanner.template.text import cut, parts, spliced

_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$]")


def _match(regexp: Regexp, text: str) -> bool:
    return any(True for _ in matches(regexp, text, 1))


def _find(regexp: Regexp, text: str) -> str:
    for spans in matches(regexp, text, 1):
        return cut(text, *spans[0])
    return ""


def _find_all(regexp: Regexp, text: str, limit: int) -> StringList:
    return StringList(parts(text, _spans(regexp, text, limit)))


def _spans(regexp: Regexp, text: str, limit: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for spans in matches(regexp, text, max(limit, -1)):
        found.append(spans[0])
        check_items(len(found))
    return found


def _split(regexp: Regexp, text: str, limit: int) -> StringList:
    """Regexp.Split: what is between the matches, at most `limit` texts; nothing is before one at the very start
    that is empty."""
    if limit == 0:
        return StringList()
    if regexp.source and not text:
        return StringList((text,))
    begin = end = 0
    kept: list[tuple[int, int]] = []
    for start, stop in _spans(regexp, text, limit):
        if 0 < limit <= len(kept) + 1:
            break
        end = start
        if stop:
            kept.append((begin, end))
        begin = stop
    if end != len(text):
        kept.append((begin, len(text)))
    return StringList(parts(text, kept))


def _replace(regexp: Regexp, text: str, replacement: str) -> str:
    return replaced(regexp, text, replacement)


def _replace_literal(regexp: Regexp, text: str, replacement: str) -> str:
    return replaced(regexp, text, replacement, literal=True)


def _must(action: Callable[..., Any]) -> Callable[..., Any]:
    """A wrong expression is an error of the function."""

    def call(pattern: str, *arguments: Any) -> Any:
        try:
            regexp = compiled(str(pattern))
        except PatternError as error:
            raise FunctionError(str(error)) from None
        return action(regexp, *arguments)

    return call


def _panics(action: Callable[..., Any]) -> Callable[..., Any]:
    """A wrong expression stops with the message of regexp.MustCompile."""

    def call(pattern: str, *arguments: Any) -> Any:
        try:
            regexp = compiled(str(pattern))
        except PatternError as error:
            shown = f"`{pattern}`" if can_be_raw(pattern) else quote(str(pattern))
            raise FunctionError(f"regexp: Compile({shown}): {error}") from None
        return action(regexp, *arguments)

    return call


def regex_match(pattern: str, text: str) -> bool:
    """Whether an expression matches anywhere in the text; a wrong one does not."""
    try:
        return _match(compiled(str(pattern)), text)
    except PatternError:
        return False


def regex_quote_meta(text: str) -> str:
    """The expression that matches just this text."""
    if not _SPECIAL.search(text):
        return text
    return spliced(text, [(match.start(), match.start(), "\\") for match in _SPECIAL.finditer(text)])


FUNCTIONS = (
    Function("mustRegexFind", "string string", _must(_find)),
    Function("mustRegexFindAll", "string string int", _must(_find_all)),
    Function("mustRegexMatch", "string string", _must(_match)),
    Function("mustRegexReplaceAll", "string string string", _must(_replace)),
    Function("mustRegexReplaceAllLiteral", "string string string", _must(_replace_literal)),
    Function("mustRegexSplit", "string string int", _must(_split)),
    Function("regexFind", "string string", _panics(_find)),
    Function("regexFindAll", "string string int", _panics(_find_all)),
    Function("regexMatch", "string string", regex_match),
    Function("regexQuoteMeta", "string", regex_quote_meta),
    Function("regexReplaceAll", "string string string", _panics(_replace)),
    Function("regexReplaceAllLiteral", "string string string", _panics(_replace_literal)),
    Function("regexSplit", "string string int", _panics(_split)),
)
