"""Functions on the case of letters and on words: upper, title, camelcase, snakecase, initials."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from scanner.template.byte_text import to_bytes
from scanner.template.function import Function
from scanner.template.functions.strings import SPACE
from scanner.template.go_unicode import (
    LOWER,
    REPLACEMENT,
    TITLE,
    UPPER,
    is_digit,
    is_letter,
    is_lower,
    is_number,
    is_punctuation,
    is_title,
    is_upper,
)
from scanner.template.sizes import check_items
from scanner.template.text import Text, derived, parts, same_length
from scanner.template.text import concat as concatenated
from scanner.template.utf8 import is_stray


def upper(text: str) -> str:
    """strings.ToUpper: by the simple mapping of each character."""
    if text.isascii():
        return same_length(text.upper(), text)
    return same_length(text.translate(UPPER), text)


def lower(text: str) -> str:
    """strings.ToLower: by the simple mapping of each character."""
    if text.isascii():
        return same_length(text.lower(), text)
    return same_length(text.translate(LOWER), text)


def title(text: str) -> str:
    """strings.Title: what follows a character that is no letter, digit or underscore, in title case.

    Beyond ASCII only white space separates words.
    """
    if text.isascii():
        return same_length(re.sub("(?<![A-Za-z0-9_])[a-z]", lambda match: match[0].upper(), text), text)
    result: list[str] = []
    separated = True
    for character in _valid(text):
        result.append(character.translate(TITLE) if separated else character)
        separated = _separates(character)
    return same_length("".join(result), text)


def _separates(character: str) -> bool:
    if character.isascii():
        return not (character.isalnum() or character == "_")
    return character in SPACE and not (is_letter(character) or is_digit(character))


def _valid(text: str) -> str:
    """The text as Go's runes: a stray byte is U+FFFD."""
    return text if text.isascii() else "".join(REPLACEMENT if is_stray(sign) else sign for sign in text)


def untitle(text: str) -> str:
    """The first letter of each word in lower case; white space separates words."""
    result: list[str] = []
    separated = True
    for character in _valid(text):
        space = character in SPACE
        result.append(character.translate(LOWER) if separated and not space else character)
        separated = space
    return same_length("".join(result), text)


def swapcase(text: str) -> str:
    """goutils' SwapCase: upper and title case to lower; lower to upper, and to title case where a word begins."""
    result: list[str] = []
    begins = True
    for character in _valid(text):
        if is_upper(character) or is_title(character):
            result.append(character.translate(LOWER))
            begins = False
        elif is_lower(character):
            result.append(character.translate(TITLE if begins else UPPER))
            begins = False
        else:
            result.append(character)
            begins = character in SPACE
    return same_length("".join(result), text)


def initials(text: str) -> str:
    """The first byte of each word, as a character of Latin-1; white space separates words, by bytes too."""
    view = to_bytes(text)
    spans = [(match.start(), match.start() + 1) for match in re.finditer("[^\t-\r \x85\xa0]+", view)]
    return concatenated(parts(view, spans)) if type(view) is Text else "".join(view[at] for at, _ in spans)


def _connects(character: str) -> bool:
    return character in "-_" or character in SPACE


def camelcase(text: str) -> str:
    """xstrings' ToPascalCase: words joined, each with a capital; connectors at the start stay."""
    check_items(len(text))
    runes = _valid(text)
    first = next((at for at, rune in enumerate(runes) if not _connects(rune)), len(runes))
    if first == len(runes):
        return derived(runes + runes[-1:], text)
    result = [runes[:first]]
    pending = runes[first].translate(UPPER)
    capital = is_upper(runes[first])
    for rune in runes[first + 1 :]:
        if not _connects(pending):
            if capital and is_upper(rune):
                rune = rune.translate(LOWER)
            else:
                capital = False
            result.append(pending)
        elif _connects(rune):
            result.append(pending)
        else:
            capital = is_upper(rune)
            rune = rune.translate(UPPER)
        pending = rune
    result.append(pending)
    return derived("".join(result), text)


def snakecase(text: str) -> str:
    """xstrings' ToSnakeCase."""
    return derived(_connected(text, "_"), text)


def kebabcase(text: str) -> str:
    """xstrings' ToKebabCase."""
    return derived(_connected(text, "-"), text)


def _connected(text: str, connector: str) -> str:
    """Words in lower case with `connector` between, numbers with the word that they belong to."""
    check_items(len(text))
    words = list(_words(text))
    result: list[str] = []
    at = 0
    while at + 1 < len(words):
        kind, word = words[at]
        at += 1
        result.append(_lowered(kind, word, connector))
        apart = ["connector", "punctuation"]
        if kind in apart:
            continue
        if kind == "number":
            at = _put_small(words, at, result)
            apart.append("invalid")
        elif words[at][0] == "number":
            if at + 1 == len(words):
                continue
            number = words[at][1]
            at += 1
            if words[at][0] == "alphabet":
                result += (connector, number)
                at = _put_small(words, at, result)
                apart.append("invalid")
            else:
                result.append(number)
        if (words[at][0] if at < len(words) else "invalid") not in apart:
            result.append(connector)
    if at < len(words):
        result.append(_lowered(*words[at], connector))
    return "".join(result)


def _put_small(words: list[tuple[str, str]], at: int, result: list[str]) -> int:
    """Adds the words from `at` on that are numbers or small letters; returns where they end."""
    while at < len(words) and words[at][0] in ("alphabet", "number"):
        result.append(words[at][1])
        at += 1
    return at


def _lowered(kind: str, text: str, connector: str) -> str:
    if kind not in ("upper", "connector"):
        return text
    return "".join(
        connector if _connects(rune) else rune.translate(LOWER) if is_upper(rune) else rune for rune in _valid(text)
    )


def _is_alphabet(rune: str) -> bool:
    """A letter that is not Chinese, by the ranges of xstrings."""
    if not is_letter(rune):
        return False
    return not ("\u4e00" <= rune <= "\u9fcc" or "\u3400" <= rune <= "\u4d85" or "\U00020000" <= rune <= "\U0002b81d")


def _is_other(rune: str) -> bool:
    return not (_connects(rune) or _is_alphabet(rune) or is_number(rune) or is_punctuation(rune))


def _is_small(rune: str) -> bool:
    return _is_alphabet(rune) and not is_upper(rune)


def _words(text: str) -> Iterator[tuple[str, str]]:
    """The words of a text with their kinds; characters that are no valid UTF-8 belong to the one that follows them."""
    runes = _valid(text)
    at = 0
    while at < len(runes):
        start = at
        rune, at = _next_valid(runes, at, REPLACEMENT)
        if rune == REPLACEMENT:
            kind = "invalid"
        elif _connects(rune):
            kind, at = "connector", _run(runes, at, rune, _connects)
        elif is_punctuation(rune):
            kind, at = "punctuation", _run(runes, at, rune, is_punctuation)
        elif is_upper(rune):
            kind, at = "upper", _upper_word(runes, at, rune)
        elif _is_alphabet(rune):
            kind, at = "alphabet", _run(runes, at, rune, _is_small)
        elif is_number(rune):
            kind, at = "number", _run(runes, at, rune, is_number)
        else:
            kind, at = "other", _run(runes, at, rune, _is_other)
        yield kind, text[start:at]


def _next_valid(runes: str, at: int, before: str) -> tuple[str, int]:
    """The next rune that is not U+FFFD and where the one after it is; `before` where there is none."""
    while at < len(runes):
        rune = runes[at]
        at += 1
        if rune != REPLACEMENT:
            return rune, at
    return before, at


def _run(runes: str, at: int, rune: str, belongs: Callable[[str], bool]) -> int:
    while at < len(runes):
        rune, after = _next_valid(runes, at, rune)
        if not belongs(rune):
            break
        at = after
    return at


def _upper_word(runes: str, at: int, rune: str) -> int:
    """The end of a word that begins with a capital: `HTTP` of `HTTPStatus`, `Status` of `StatusCode`."""
    if at == len(runes):
        return at
    rune, after = _next_valid(runes, at, rune)
    if not is_upper(rune):
        return _run(runes, after, rune, _is_small) if _is_alphabet(rune) else at
    last = at
    at = after
    while at < len(runes):
        rune, after = _next_valid(runes, at, rune)
        if not is_upper(rune):
            return last if _is_alphabet(rune) else at
        last = at
        at = after
    return at


FUNCTIONS = (
    Function("camelcase", "string", camelcase),
    Function("initials", "string", initials),
    Function("kebabcase", "string", kebabcase),
    Function("lower", "string", lower),
    Function("snakecase", "string", snakecase),
    Function("swapcase", "string", swapcase),
    Function("title", "string", title),
    Function("untitle", "string", untitle),
    Function("upper", "string", upper),
)
