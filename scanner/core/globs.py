"""Path globs as `.gitignore` and the configuration write them, matched in time linear in the path."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from scanner.core.patterns import late

_WILD = late(r"[*?\[\\]")


@lru_cache(maxsize=2_000)
def glob_pattern(glob: str) -> re.Pattern[str]:
    """A whole-path matcher for `glob`: `*` and `?` stay inside one step of the path, `**` spans any number of them.

    Every `*` but the last of a step takes the first fit and never gives it back, which loses no match, and keeps a
    hostile pattern from backtracking.
    """
    steps = glob.split("/")
    parts: list[str] = []
    fixed: list[str] = []
    spanning = False
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        if step == "**":
            parts.append(_run(fixed, spanning=spanning))
            fixed, spanning = [], True
            if last:
                return re.compile("".join(parts) + r".+\Z", re.DOTALL)
            continue
        fixed.append(_step(step) + ("" if last else "/"))
    parts.append(_tail(fixed, spanning=spanning))
    return re.compile("".join(parts) + r"\Z", re.DOTALL)


def matches_any(path: str, globs: Iterable[str]) -> bool:
    """Whether one of `globs` matches `path`, or a folder that it lies in."""
    for glob in globs:
        pattern = glob_pattern(glob.rstrip("/"))
        end = len(path)
        while end > 0:
            if pattern.match(path[:end]):
                return True
            end = path.rfind("/", 0, end)
    return False


def name_matches(name: str, glob: str) -> bool:
    """Whether `glob` matches the whole of `name`, in which a slash is a character like any other."""
    return glob_pattern(glob.replace("**", "*").replace("/", "\1")).match(name.replace("/", "\1")) is not None


def _run(fixed: list[str], *, spanning: bool) -> str:
    """Steps between two `**`: after a `**` they are found at their first fit."""
    text = "".join(fixed)
    return f"(?>(?:[^/]+/)*?{text})" if spanning and text else text


def _tail(fixed: list[str], *, spanning: bool) -> str:
    return ("(?:[^/]+/)*?" if spanning else "") + "".join(fixed)


def _step(step: str) -> str:
    """The regular expression of one step."""
    pieces: list[str] = [""]
    position = 0
    while position < len(step):
        wild = _WILD.search(step, position)
        if wild is None:
            pieces[-1] += re.escape(step[position:])
            break
        pieces[-1] += re.escape(step[position : wild.start()])
        position = wild.end()
        if wild.group() == "*":
            if pieces[-1] or len(pieces) == 1:
                pieces.append("")
        elif wild.group() == "?":
            pieces[-1] += "[^/]"
        elif wild.group() == "\\":
            pieces[-1] += re.escape(step[position : position + 1])
            position += 1
        else:
            text, position = _class(step, position)
            pieces[-1] += text
    if len(pieces) == 1:
        return pieces[0]
    middle = "".join(f"(?>[^/]*?{piece})" for piece in pieces[1:-1])
    return f"{pieces[0]}{middle}[^/]*{pieces[-1]}"


def _class(step: str, position: int) -> tuple[str, int]:
    """A character class that opens before `position`, or a literal bracket where it never closes."""
    start = position + (step[position : position + 1] in ("!", "^"))
    end = step.find("]", start + 1)
    if end < 0:
        return r"\[", position
    body = step[start:end].replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^").replace("&&", "&\\&")
    negated = "^/" if start > position else ""
    text = f"[{negated}{body}]" if negated else f"(?!/)[{body}]"
    try:
        re.compile(text)
    except re.error:  # a reversed range: git matches nothing with it
        return "(?!)", end + 1
    return text, end + 1
