"""The patterns of `.Files.Glob`: gobwas/glob with `/` as the separator."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

MAX_PATTERN = 10_000
"""Characters of a pattern; Go has no limit."""


class GlobError(ValueError):
    """A pattern that does not compile."""


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Callable[[str], bool]:
    """Whether a whole name fits the pattern. Raises GlobError.

    `*` and `?` do not match `/`, `**` does; `[a-z]`, `[abc]` and `[!abc]` are one character each, `{a,b}` alternatives,
    and a backslash takes the next character as it is.
    """
    if len(pattern) > MAX_PATTERN:
        raise GlobError("the pattern is too long")
    text = _Reader(pattern).whole()
    is_simple = pattern.count("*") + pattern.count("{") < 3
    match: Callable[[str], object] = re.compile(text, re.DOTALL).fullmatch if is_simple else _linear(text)
    return lambda name: match(name) is not None


def _linear(text: str) -> Callable[[str], object]:
    """The expression in RE2, whose time is linear."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.dot_nl = True
    try:
        match = re2.compile(text, options).fullmatch
    except (re2.error, UnicodeEncodeError) as error:
        raise GlobError(str(error)) from error

    def fits(name: str) -> object:
        try:
            return match(name)
        except UnicodeEncodeError:  # a name that is no UTF-8
            return match(name.encode("utf-8", "replace").decode())

    return fits


class _Reader:
    """Translates a pattern into a regular expression, from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.depth = 0

    def whole(self) -> str:
        text = self.sequence()
        if self.depth:
            # The alternatives so far count, even where their brace is not closed.
            text += ")" * self.depth
        return text

    def sequence(self) -> str:
        parts: list[str] = []
        while self.at < len(self.pattern):
            parts.append(self.term())
        return "".join(parts)

    def term(self) -> str:
        character = self.pattern[self.at]
        self.at += 1
        if character == "*":
            if self.pattern.startswith("*", self.at):
                self.at += 1
                return ".*"
            return "[^/]*"
        if character == "?":
            return "[^/]"
        if character == "[":
            return self.character_class()
        if character == "{":
            self.depth += 1
            return "(?:"
        if self.depth and character == ",":
            return "|"
        if self.depth and character == "}":
            self.depth -= 1
            return ")"
        if character == "\\":
            if self.at == len(self.pattern):
                return ""
            character = self.pattern[self.at]
            self.at += 1
        return re.escape(character)

    def character_class(self) -> str:
        """From behind the bracket: `!` for all others, then either one range or characters."""
        negated = self.pattern.startswith("!", self.at)
        self.at += negated
        range_ = self.pattern[self.at : self.at + 4]
        if len(range_) >= 2 and range_[1] == "-":
            if len(range_) < 4 or range_[3] != "]" or range_[2] < range_[0]:
                raise GlobError("not a range of characters")
            self.at += 4
            return f"[{'^' if negated else ''}{re.escape(range_[0])}-{re.escape(range_[2])}]"
        characters = []
        while True:
            if self.at >= len(self.pattern):
                raise GlobError("unexpected end of input")
            character = self.pattern[self.at]
            self.at += 1
            if character == "]":
                break
            if character == "\\":
                character = self.pattern[self.at : self.at + 1]
                self.at += 1
            characters.append(re.escape(character))
        if not characters:
            raise GlobError("could not parse range")
        return f"[{'^' if negated else ''}{''.join(characters)}]"
