"""Calico's selector expressions (`app == 'web' && has(tier)`), compiled to selectors.

Precedence from weak to strong: `||`, `&&`, `!`. An empty expression and `all()` take everything.
"""

from __future__ import annotations

import re
from functools import lru_cache

from scanner.normalize.kubernetes.selectors import (
    EVERYTHING,
    NOTHING,
    Selector,
    SelectorError,
    all_of,
    any_of,
    has_key,
    has_label,
    has_one_of,
    negated,
)

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"[^"]*"|'[^']*')
    | (?P<call>has\s*\(\s*(?P<key>[\w./-]+)\s*\)|(?P<whole>all|global)\s*\(\s*\))
    | (?P<operator>==|!=|&&|\|\||[!{}(),])
    | (?P<phrase>(?:not\s+in|in|contains|starts\s+with|ends\s+with)(?![\w./-]))
    | (?P<label>[\w./-]+)
    )""",
    re.VERBOSE | re.ASCII,
)
_MAX_LENGTH = 20_000
_MAX_DEPTH = 100


@lru_cache(maxsize=1024)
def calico_selector(text: str) -> Selector:
    """Compiles an expression. Raises SelectorError where Calico would refuse it."""
    tokens = _tokens(text)
    if not tokens:
        return EVERYTHING
    parser = _Parser(tokens)
    selector = parser.either(0)
    if parser.position < len(tokens):
        raise SelectorError("the selector has something behind its end")
    return selector


def _tokens(text: str) -> list[tuple[str, str]]:
    if len(text) > _MAX_LENGTH:
        raise SelectorError(f"the selector is longer than {_MAX_LENGTH:,} characters")
    text = text.rstrip()
    found, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise SelectorError(f"the selector cannot be read at its character {position + 1}")
        kind = match.lastgroup or ""
        if match["key"] is not None:
            found.append(("has", match["key"]))
        elif match["whole"] is not None:
            found.append((match["whole"], ""))
        elif match["text"] is not None:
            found.append(("text", match["text"][1:-1]))
        elif match["operator"] is not None:
            found.append((match["operator"], ""))
        elif match["phrase"] is not None:
            found.append((" ".join(match["phrase"].split()), ""))
        else:
            found.append((kind, match["label"]))
        position = match.end()
    return found


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.position = 0

    def peek(self) -> str:
        return self.tokens[self.position][0] if self.position < len(self.tokens) else ""

    def take(self, *kinds: str) -> str:
        if self.peek() not in kinds:
            raise SelectorError(f"the selector lacks {' or '.join(kinds)} after its part {self.position}")
        self.position += 1
        return self.tokens[self.position - 1][1]

    def either(self, depth: int) -> Selector:
        parts = [self.both(depth)]
        while self.peek() == "||":
            self.take("||")
            parts.append(self.both(depth))
        return any_of(parts) if len(parts) > 1 else parts[0]

    def both(self, depth: int) -> Selector:
        parts = [self.one(depth)]
        while self.peek() == "&&":
            self.take("&&")
            parts.append(self.one(depth))
        return all_of(parts)

    def one(self, depth: int) -> Selector:
        if depth > _MAX_DEPTH:
            raise SelectorError(f"the selector is nested more than {_MAX_DEPTH} levels deep")
        kind = self.peek()
        if kind == "!":
            self.take("!")
            return negated(self.one(depth + 1))
        if kind == "(":
            self.take("(")
            inner = self.either(depth + 1)
            self.take(")")
            return inner
        if kind in ("all", "global"):  # global() takes what stands in no namespace: no pod
            self.take(kind)
            return EVERYTHING if kind == "all" else NOTHING
        if kind == "has":
            return has_key(self.take("has"))
        return self.comparison(self.take("label"))

    def comparison(self, key: str) -> Selector:
        kind = self.peek()
        self.take("==", "!=", "in", "not in", "contains", "starts with", "ends with")
        if kind in ("in", "not in"):
            chosen = has_one_of(key, self.texts())
            return chosen if kind == "in" else negated(chosen)
        value = self.take("text")
        if kind == "==":
            return has_label(key, value)
        if kind == "!=":
            return negated(has_label(key, value))
        if kind == "contains":
            return Selector(lambda labels: key in labels and value in labels[key], (((key, None),),))
        if kind == "starts with":
            return Selector(lambda labels: key in labels and labels[key].startswith(value), (((key, None),),))
        return Selector(lambda labels: key in labels and labels[key].endswith(value), (((key, None),),))

    def texts(self) -> list[str]:
        self.take("{")
        found = [self.take("text")] if self.peek() != "}" else []
        while self.peek() == ",":
            self.take(",")
            found.append(self.take("text"))
        self.take("}")
        return found
