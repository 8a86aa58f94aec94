"""The head of a large document without building the rest, which libyaml checks alone: four of five megabytes of public
charts are definitions of custom resources."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml
from yaml._yaml import CParser

from scanner.core.patterns import late

_HEAD = frozenset(("apiversion", "kind", "metadata"))
_TOP = late(r"\n([^ \t\n#-].*)")
_COMMENTS = late(r"(?:[ ]*(?:#.*)?\n)*")
_KEY = late(r"([A-Za-z]+):(?:\s|\Z)")
_UNSURE = (
    r"(?m)^(?:---|\.\.\.|%)"  # a second document
    r"|^ *(?:- +)*(?:[?\[{]|(?:~|null|Null|NULL)? *:(?:\s|$)|[\"']?[0-9]{19})"  # keys that are no plain text
    r"|[{,] *:"
    r"|(?:^|[:,\[{-]) +[&*!]\S|^[&*!]"  # anchors, aliases, tags
    r"|<<|\\[/']|\.(?:inf|Inf|INF|nan|NaN|NAN)\b"
    "|[\t\r\ufeff\x85\u2028\u2029]"
)
"""RE2's: this is looked for in megabytes, and its automaton is several times quicker than `re`."""


@cache
def _unsure() -> Any:
    import re2

    return re2.compile(_UNSURE)


def head_of(text: str) -> str | None:
    """The lines of apiVersion, kind and metadata of a document that libyaml accepts, and that holds nothing of which
    go-yaml or JSON could think otherwise; None for any other, which has to be read whole."""
    text = str(text)
    try:
        if _unsure().search(text) is not None:
            return None
    except UnicodeEncodeError:  # bytes that are no text
        return None
    starts = [(match.start(), _KEY.match(match[1])) for match in _TOP.finditer("\n" + text)]
    names = [key[1].lower() for _, key in starts if key is not None]
    if (
        not starts
        or len(names) < len(starts)
        or len(set(names)) < len(names)
        or not _COMMENTS.fullmatch(text, 0, starts[0][0])
    ):
        return None
    parser = None
    try:
        parser = CParser(text)
        parser.raw_parse()
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    finally:
        if parser is not None:
            parser.dispose()
    ends = [start for start, _ in starts[1:]] + [len(text)]
    parts = zip(starts, ends, names, strict=True)
    return "".join(text[start:end] for (start, _), end, name in parts if name in _HEAD)
