"""Masking: strings judged secret never reach an output, in any spelling that a file or a message gives them."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "***"
_SHORT = 4
"""Shorter secrets are masked as whole words only: masking every `a` would leave nothing to read."""
_LONG_WORD = 8
"""Words of a secret of several words that are masked on their own, since YAML folds lines between words."""


class Masker:
    """Finds and replaces every secret of a scan."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spellings = {spelling for secret in secrets for spelling in _spellings(secret)}
        long = [spelling for spelling in spellings if len(spelling) >= _SHORT]
        short = [spelling for spelling in spellings if len(spelling) < _SHORT]
        patterns = [_alternation(long)] if long else []
        if short:
            patterns.append(rf"(?<!\w)(?:{_alternation(short)})(?!\w)")
        # The plain pattern is quick to say no; the second one also finds secrets that overlap.
        self._any = re.compile("|".join(patterns)) if patterns else None
        self._each = [re.compile(f"(?=({pattern}))") for pattern in patterns]

    def __bool__(self) -> bool:
        return self._any is not None

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where `text` holds secrets: disjoint (start, end) pairs in order; overlapping secrets are one pair."""
        if self._any is None or self._any.search(text) is None:
            return []
        found = sorted(match.span(1) for pattern in self._each for match in pattern.finditer(text))
        merged: list[tuple[int, int]] = []
        for start, end in found:
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged

    def mask(self, text: str) -> str:
        """`text` with every secret replaced by `***`."""
        pieces: list[str] = []
        position = 0
        for start, end in self.spans(text):
            pieces += (text[position:start], MASK)
            position = end
        return "".join([*pieces, text[position:]]) if pieces else text

    def mask_value(self, value: Any) -> Any:
        """`value` with the strings in it masked, at any depth, keys included."""
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, dict):
            return {self.mask_value(key): self.mask_value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.mask_value(item) for item in value]
        return value


def _spellings(secret: str) -> Iterator[str]:
    """The ways in which a file or a message may write `secret`."""
    secret = secret.strip()
    if not secret:
        return
    yield secret
    for part in secret.splitlines():
        if len(part.strip()) >= _SHORT:
            yield part.strip()
    for word in secret.split():
        if len(word) >= _LONG_WORD:
            yield word
    if len(secret) >= _SHORT:
        # Manifests carry base64, with the line break of a careless `echo` too.
        yield base64.b64encode(secret.encode("utf-8", "surrogatepass")).decode()
        yield base64.b64encode((secret + "\n").encode("utf-8", "surrogatepass")).decode()
    if secret.isascii() and secret.isalnum():
        return
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
    yield secret.replace("'", "''")
    yield secret.replace("$", "$$")
    yield html.escape(secret)
    encoded = secret.encode("utf-8", "surrogatepass")
    yield quote(encoded)
    yield quote(encoded, safe="")
    yield quote_plus(encoded)


def _alternation(words: list[str]) -> str:
    """A pattern for any of `words`, the longest first, branching on the first two characters so that text without
    secrets is passed over quickly however many there are. Two levels only: the depth must not follow the secrets."""
    branches: dict[str, dict[str, list[str]]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        branches.setdefault(word[0], {}).setdefault(word[1:2], []).append(word[2:])
    firsts: list[str] = []
    for first, seconds in branches.items():
        inner = [f"{re.escape(second)}{_choice(rests)}" for second, rests in seconds.items() if second]
        inner += [""] if "" in seconds else []
        firsts.append(f"{re.escape(first)}(?:{'|'.join(inner)})")
    return f"(?:{'|'.join(firsts)})"


def _choice(rests: list[str]) -> str:
    return f"(?:{'|'.join(re.escape(rest) for rest in rests)})"
