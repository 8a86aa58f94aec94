"""The order in which go-yaml writes the keys of a mapping: by digits as numbers, letters behind everything else."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cmp_to_key

from scanner.core.patterns import late

_PLAIN_ORDER = late(r"[A-Za-z./-]*\Z")
_MEMO_LIMIT = 5_000
_INSERTED = 12
"""Go sorts up to so many by insertion."""
_memo: dict[tuple[str, ...], list[str]] = {}


def natural_order(keys: Iterable[str]) -> list[str]:
    """The keys as go-yaml v2 sorts them; the result is shared and not to be changed."""
    names = tuple(keys)
    if len(names) < 2:
        return list(names)
    known = _memo.get(names)
    if known is None:
        names = tuple(map(str, names))  # not a Text, which would keep its origin alive
        known = sorted(names) if all(map(_PLAIN_ORDER.match, names)) else _sorted_as_go(sorted(names))
        if len(_memo) >= _MEMO_LIMIT:
            _memo.clear()
        _memo[names] = known
    return known


def _sorted_as_go(names: list[str]) -> list[str]:
    """go-yaml's order is none: a2 goes before a10, a10 before a1b, and a1b before a2. What comes of that depends on
    where Go begins to sort, which changes from run to run; up to 12 keys this is what it does most often."""
    if len(names) > _INSERTED:
        return sorted(names, key=cmp_to_key(_compare))
    for index in range(1, len(names)):
        name, at = names[index], index
        while at and _compare(name, names[at - 1]) < 0:
            names[at] = names[at - 1]
            at -= 1
        names[at] = name
    return names


def newer_order(keys: Iterable[str]) -> list[str]:
    """The keys as go-yaml v3 sorts them: where a number is followed by a letter, the longer number goes first."""
    return sorted(sorted(map(str, keys)), key=cmp_to_key(_compare_newer))


def _compare_newer(one: str, other: str) -> int:
    digits = False
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left == right:
            digits = left.isdecimal()
        elif digits and left.isalpha() is not right.isalpha():
            return -1 if left.isalpha() else 1
        else:
            return -1 if _less(one, other, at, left, right) else 1
    return len(one) - len(other)


def _compare(one: str, other: str) -> int:
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return -1 if _less(one, other, at, left, right) else 1
    return len(one) - len(other)


def _less(one: str, other: str, at: int, left: str, right: str) -> bool:
    """Whether `one` goes first, where the two differ first at an offset."""
    left_letter, right_letter = left.isalpha(), right.isalpha()
    if left_letter or right_letter:
        return left < right if left_letter and right_letter else right_letter
    # Zeros behind another digit count as digits of one number.
    start = "1" if "0" in (left, right) and _continues_number(one, at) else ""
    left_digits, right_digits = _digits(one, at), _digits(other, at)
    left_number, right_number = (int(start + digits or "0") for digits in (left_digits, right_digits))
    if left_number != right_number:
        return left_number < right_number
    if len(left_digits) != len(right_digits):
        return len(left_digits) < len(right_digits)
    return left < right


def _continues_number(text: str, at: int) -> bool:
    while at and text[at - 1].isdecimal():
        at -= 1
        if text[at] != "0":
            return True
    return False


def _digits(text: str, at: int) -> str:
    end = at
    while end < len(text) and end - at < 18 and text[end].isdecimal():
        end += 1
    return text[at:end]
