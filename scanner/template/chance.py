"""Random bytes for one run of templates: real ones, or in a deterministic run the same ones every time."""

from __future__ import annotations

from typing import Protocol


class Chance(Protocol):
    """What functions of chance and time need of a run.

    `deterministic`: same templates and values give the same output. `draws` counts what was drawn in it, so that two
    passwords of one chart differ.
    """

    deterministic: bool
    draws: int


def random_bytes(run: Chance, count: int) -> bytes:
    """So many bytes: from the operating system, or from the number of the draw."""
    if not run.deterministic:
        from os import urandom

        return urandom(count)
    from hashlib import shake_256

    run.draws += 1
    return shake_256(b"groundrule %d" % run.draws).digest(count)


def random_below(run: Chance, bound: int) -> int:
    """An integer from 0 to `bound` - 1, for a bound of up to 2^64."""
    return int.from_bytes(random_bytes(run, 24), "big") % bound


def random_text(run: Chance, alphabet: str, count: int) -> str:
    """So many characters of an alphabet of ASCII, each as likely as any other."""
    size = len(alphabet)
    table = bytes(ord(alphabet[byte % size]) for byte in range(256))
    surplus = bytes(range(256 - 256 % size, 256))
    text = b""
    while len(text) < count:
        text += random_bytes(run, 2 * count + 16).translate(table, surplus)
    return text[:count].decode("ascii")
