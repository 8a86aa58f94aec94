"""Go's filepath.Match: the patterns of .helmignore."""

from __future__ import annotations

import re

BAD_PATTERN = "syntax error in pattern"
SPACES = " \t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What Go's unicode.IsSpace calls white space."""

_Chunk = tuple[bool, str | None]
"""Whether a star stands before it, and the regular expression of its characters; None where it is not well formed."""


def expression(pattern: str) -> str | None:
    """The pattern as a regular expression of the whole name (with DOTALL), which matches in linear time; None where it
    is not well formed, and so matches nothing."""
    parts = []
    chunks = _chunks(pattern)
    for index, (star, chunk) in enumerate(chunks):
        if chunk is None:
            return None
        if not star:
            parts.append(chunk)
        elif index == len(chunks) - 1:
            parts.append("[^/]*" + chunk)
        else:  # the first place where it fits is as good as any other
            parts.append(f"(?>[^/]*?{chunk})")
    return "".join(parts) + r"\Z"


def is_rejected(pattern: str, name: str) -> bool:
    """Whether Match returns ErrBadPattern: it does only where it gets as far as the part that is not well formed."""
    position = 0
    chunks = _chunks(pattern)
    for index, (star, chunk) in enumerate(chunks):
        if chunk is None:
            return True
        is_last = index == len(chunks) - 1
        if star and not chunk:
            return False
        place = re.compile(("[^/]*?" if star else "") + f"(?:{chunk})" + (r"\Z" if is_last else ""), re.DOTALL)
        found = place.match(name, position)
        if found is None:
            return False
        position = found.end()
    return False


def _chunks(pattern: str) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    at = 0
    while at < len(pattern):
        start = at
        while at < len(pattern) and pattern[at] == "*":
            at += 1
        star = at > start
        end = _chunk_end(pattern, at)
        chunks.append((star, _expression(pattern[at:end])))
        at = end
    return chunks


def _chunk_end(pattern: str, at: int) -> int:
    """The next star outside of brackets."""
    in_class = False
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 1
        elif character in "[]":
            in_class = character == "["
        elif character == "*" and not in_class:
            return at
        at += 1
    return len(pattern)


def _expression(chunk: str) -> str | None:
    parts = []
    at = 0
    while at < len(chunk):
        character = chunk[at]
        at += 1
        if character == "?":
            parts.append("[^/]")
        elif character == "[":
            found = _character_class(chunk, at)
            if found is None:
                return None
            expression, at = found
            parts.append(expression)
        elif character == "\\":
            if at == len(chunk):
                return None
            parts.append(re.escape(chunk[at]))
            at += 1
        else:
            parts.append(re.escape(character))
    return "".join(parts)


def _character_class(chunk: str, at: int) -> tuple[str, int] | None:
    """A class from behind its bracket on: as an expression, and where it ends."""
    negated = chunk[at : at + 1] == "^"
    at += negated
    ranges: list[str] = []
    while not (ranges and chunk[at : at + 1] == "]"):
        first = _class_character(chunk, at)
        if first is None:
            return None
        low, at = first
        high = low
        if chunk[at] == "-":
            second = _class_character(chunk, at + 1)
            if second is None:
                return None
            high, at = second
        if low <= high:
            ranges.append(f"{re.escape(low)}-{re.escape(high)}")
        else:
            ranges.append("")
    inside = "".join(ranges)
    if not inside:
        return ("." if negated else "(?!)", at + 1)
    return f"[{'^' if negated else ''}{inside}]", at + 1


def _class_character(chunk: str, at: int) -> tuple[str, int] | None:
    """A character of a class that is not its end; something has to follow."""
    if chunk[at : at + 1] in ("", "-", "]"):
        return None
    if chunk[at] == "\\":
        at += 1
    if at + 1 >= len(chunk) or "\udc80" <= chunk[at] <= "\udcff":
        return None
    return chunk[at], at + 1
