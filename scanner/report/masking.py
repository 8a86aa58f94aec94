"""Masking: strings judged secret never reach an output, in any spelling that a file or a message gives them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Set
from functools import lru_cache
from typing import Any

from scanner.core.patterns import late
from scanner.core.secret_formats import known_formats
from scanner.core.secrets import find_secrets, is_credential_name

MASK = "***"
_SHORT = 4
"""Characters; shorter secrets are guessable."""
_LONG_WORD = 8
"""Words of a secret of several words that are masked on their own, since YAML folds lines between words."""


_NAME = re.compile(r"([A-Za-z_][\w.-]{1,80})[\"']?[:=]")
_DEFAULT = re.compile(r"\$\{\w{1,80}:?[-+]([^}].{3,500})\}")
"""A default and what is nested in it, to the last brace of the line."""
_ACCOUNT = late(r"(?<![0-9])[0-9]{12}(?![0-9])")
_BETWEEN_WORDS = late(r"[\W_]+")
_MARKS = frozenset("\"'\\")
"""What quoted texts escape."""
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
"""What `html.escape` does; its module brings a table of all entities."""


class Masker:
    """Finds and replaces every secret of a scan.

    A secret that everybody guesses (`postgres`, `admin`, `x`) is also an ordinary word. It is masked where it stands
    alone, as a value does, and never in names: masking every `postgres` would leave a report that nobody can read, and
    paths that lead nowhere. A password that is a word of a path or of a resource's name (`names`: the project's name,
    mostly) is guessed as easily.

    With `accounts`, what reads like the number of an AWS account keeps its last four digits only; those in it do so
    inside of longer words too. What is in `public` reads like a secret, and is none.
    """

    def __init__(
        self,
        secrets: Iterable[str],
        names: Iterable[str] = (),
        *,
        accounts: Set[str] | None = None,
        public: Set[str] = frozenset(),
    ) -> None:
        self._public = public
        secrets = [secret.strip() for secret in secrets if secret.strip()]
        words = {word for name in names for word in _BETWEEN_WORDS.split(name) if word.isalpha()} if secrets else set()
        guessable = {secret for secret in secrets if _is_guessable(secret) or _is_made_of(secret, words)}
        spellings = {spelling for secret in secrets for spelling in _spellings(secret) if len(spelling) >= _SHORT}
        # The base64 of a word hides no more than the word.
        guessable |= {spelling for spelling in spellings if _is_made_of(spelling, words) or _is_guessable(spelling)}
        spellings -= guessable
        self._joined = "\0".join(["", *(secret for secret in secrets if secret not in guessable), ""])
        self.longest = max(map(len, spellings | guessable), default=0)
        """Characters of the longest spelling."""
        # A pattern finds where a secret may begin, and a table says which do: compiling whole secrets would take long.
        self._long: dict[str, dict[int, set[str]]] = {}
        for spelling in sorted(spellings, key=len, reverse=True):
            self._long.setdefault(spelling[:_SHORT], {}).setdefault(len(spelling), set()).add(spelling)
        self._begins = re.compile(f"(?={_alternation(self._long)})") if self._long else None
        # Not the key in `postgres: `, the repository in `postgres:16`, nor a part of a path or a longer word.
        alone = _alternation(guessable, not_after=r"[\w./-]") + r"(?![\w:/-]|\.\w)"
        self._alone = re.compile(alone) if guessable else None
        masks = self._mask, self._mask_name
        whole, name = masks if accounts is None else (_without_accounts(mask, accounts) for mask in masks)
        self.mask = lru_cache(4096)(whole)
        self.mask_name = lru_cache(4096)(name)

    def __bool__(self) -> bool:
        return self.longest > 0

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where `text` holds secrets: disjoint (start, end) pairs in order; overlapping secrets are one pair."""
        found = [span for span in _by_form(text) if text[slice(*span)] not in self._public]
        if self:
            found += (match.span() for match in self._alone.finditer(text)) if self._alone else ()
            found += (*self._anywhere(text), *self._torn(text))
        return _merged(found) if found else found

    def _anywhere(self, text: str) -> Iterator[tuple[int, int]]:
        """Secrets that no word of a report is, in the middle of words too."""
        if self._begins is None:
            return
        for match in self._begins.finditer(text):
            start = match.start()
            for length, words in self._long[text[start : start + _SHORT]].items():
                if text[start : start + length] in words:
                    yield start, start + length
                    break

    def _torn(self, text: str) -> Iterator[tuple[int, int]]:
        """The beginning of a secret behind a quote that `text` does not close, and the end of one before a quote that
        it does not open: quoted scalars go on over lines."""
        opened = max(text.rfind('"'), text.rfind("'")) + 1
        if not opened:
            return
        piece = text[opened:].rstrip(" \t\\")
        if opened and len(piece) >= _SHORT and f"\0{piece}" in self._joined:
            yield opened, opened + len(piece)
        closed = min((index for index in (text.find('"'), text.find("'")) if index >= 0), default=0)
        piece = text[:closed].lstrip(" \t")
        if len(piece) >= _SHORT and f"{piece}\0" in self._joined:
            yield closed - len(piece), closed

    def _mask(self, text: str) -> str:
        """`text` with every secret replaced by `***`."""
        return _replaced(text, self.spans(text))

    def _mask_name(self, text: str) -> str:
        """`text`, which names something (a path, a resource), without the secrets that cannot be guessed."""
        tokens = [(start, end) for start, end, _ in known_formats(text) if text[start:end] not in self._public]
        return _replaced(text, _merged([*tokens, *self._anywhere(text)]))

    def mask_value(self, value: Any) -> Any:
        """`value` with the strings in it masked, at any depth; keys are names. No entry is lost where keys become
        equal."""
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, dict):
            masked: dict[Any, Any] = {}
            for key, item in value.items():
                name = self.mask_name(key) if isinstance(key, str) else key
                while name in masked:
                    name += MASK
                masked[name] = self.mask_value(item)
            return masked
        if isinstance(value, list | tuple):
            return [self.mask_value(item) for item in value]
        return value


def _without_accounts(mask: Callable[[str], str], accounts: Set[str]) -> Callable[[str], str]:
    def shortened(found: re.Match[str]) -> str:
        number, (start, end) = found[0], found.span()
        before, after = found.string[max(start - 1, 0) : start], found.string[end : end + 1]
        is_word = not before.isalnum() and not after.isalnum()
        return f"xxxxxxxx{number[8:]}" if is_word or number in accounts else number

    return lambda text: _ACCOUNT.sub(shortened, mask(text))


def _by_form(text: str) -> Iterator[tuple[int, int]]:
    """What reads like a secret where it stands: in a comment, in a text that could not be resolved, in the wording of
    an error. Nobody has judged these."""
    for secret in find_secrets(text):
        yield secret.start, secret.end
    if "${" in text and any(is_credential_name(match[1]) for match in _NAME.finditer(text)):
        for match in _DEFAULT.finditer(text):
            yield match.span(1)


def _is_guessable(secret: str) -> bool:
    from scanner.core.secret_values import is_weak

    return len(secret) < _SHORT or is_weak(secret)


def _is_made_of(secret: str, words: Set[str]) -> bool:
    """Whether nothing but `words` is in it, as in `release-name`."""
    return secret.isprintable() and all(word in words for word in _BETWEEN_WORDS.split(secret))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """`spans` in order, those that overlap or touch as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _replaced(text: str, spans: list[tuple[int, int]]) -> str:
    pieces: list[str] = []
    position = 0
    for start, end in spans:
        pieces += (text[position:start], MASK)
        position = end
    return "".join([*pieces, text[position:]]) if pieces else text


def _spellings(secret: str) -> Iterator[str]:
    """The ways in which a file or a message may write `secret`, which has no spaces around it."""
    import base64
    from urllib.parse import quote, quote_plus

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
    if not (secret.isascii() and secret.isprintable()) or not _MARKS.isdisjoint(secret):
        import json

        yield json.dumps(secret)[1:-1]
        yield json.dumps(secret, ensure_ascii=False)[1:-1]
        yield repr(secret)[1:-1]
        yield secret.replace("'", "''")
    yield secret.replace("$", "$$")
    yield secret.translate(_HTML)
    encoded = secret.encode("utf-8", "surrogatepass")
    yield quote(encoded)
    yield quote(encoded, safe="")
    yield quote_plus(encoded)


def _alternation(words: Iterable[str], not_after: str = "") -> str:
    """A pattern for any of `words` (none empty), the longest first, that branches on the first
    character, so that text without secrets is passed over quickly however many there are.

    `not_after` is the pattern of a character that does not stand before one. It is looked at behind the first
    character, since a pattern that begins with a look back is tried at every place of a text.
    """
    branches: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        branches.setdefault(word[0], []).append(re.escape(word[1:]))
    choices = []
    for first, rests in branches.items():
        begin = re.escape(first)
        look_back = f"(?<!{not_after}{begin})" if not_after else ""
        choices.append(f"{begin}{look_back}(?:{'|'.join(rests)})")
    return f"(?:{'|'.join(choices)})"
