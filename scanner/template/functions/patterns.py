"""Functions with regular expressions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scanner.template.errors import FunctionError
from scanner.template.function import Function
from scanner.template.kinds import NilStrings, StringList
from scanner.template.quoting import can_be_raw, quote
from scanner.template.sizes import check_items
from scanner.template.text import cut, parts, spliced

if TYPE_CHECKING:
    from scanner.template.go_regexp import Regexp

_SPECIAL = r"[\\.+*?()|\[\]{}^$]"


def _match(regexp: Regexp, text: str) -> bool:
    return next(regexp.matches(text, 1), None) is not None


def _find(regexp: Regexp, text: str) -> str:
    spans = next(regexp.matches(text, 1), None)
    return cut(text, *spans[0]) if spans else ""


def _find_all(regexp: Regexp, text: str, limit: int) -> StringList:
    spans = _spans(regexp, text, limit)
    return StringList(parts(text, spans)) if spans else NilStrings()


def _spans(regexp: Regexp, text: str, limit: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for spans in regexp.matches(text, max(limit, -1)):
        found.append(spans[0])
        check_items(len(found))
    return found


def _split(regexp: Regexp, text: str, limit: int) -> StringList:
    """Regexp.Split: what is between the matches, at most `limit` texts; nothing is before one at the very start
    that is empty."""
    if limit == 0:
        return NilStrings()
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
    return regexp.replaced(text, replacement)


def _replace_literal(regexp: Regexp, text: str, replacement: str) -> str:
    return regexp.replaced(text, replacement, literal=True)


def _compiled(pattern: str) -> Regexp | str:
    """The expression, or Go's message about a wrong one."""
    from scanner.template.go_regexp import compiled
    from scanner.template.go_regexp_syntax import PatternError

    try:
        return compiled(str(pattern))
    except PatternError as error:
        return str(error)


def _must(action: Callable[..., Any]) -> Callable[..., Any]:
    """A wrong expression is an error of the function."""

    def call(pattern: str, *arguments: Any) -> Any:
        regexp = _compiled(pattern)
        if isinstance(regexp, str):
            raise FunctionError(regexp)
        return action(regexp, *arguments)

    return call


def _panics(action: Callable[..., Any]) -> Callable[..., Any]:
    """A wrong expression stops with the message of regexp.MustCompile."""

    def call(pattern: str, *arguments: Any) -> Any:
        regexp = _compiled(pattern)
        if isinstance(regexp, str):
            shown = f"`{pattern}`" if can_be_raw(pattern) else quote(str(pattern))
            raise FunctionError(f"regexp: Compile({shown}): {regexp}")
        return action(regexp, *arguments)

    return call


def regex_match(pattern: str, text: str) -> bool:
    """Whether an expression matches anywhere in the text; a wrong one does not."""
    regexp = _compiled(pattern)
    return not isinstance(regexp, str) and _match(regexp, text)


def regex_quote_meta(text: str) -> str:
    """The expression that matches just this text."""
    return spliced(text, [(match.start(), match.start(), "\\") for match in re.finditer(_SPECIAL, text)])


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
