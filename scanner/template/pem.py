"""Blocks of PEM in a text, as Go's encoding/pem finds them."""

from __future__ import annotations

from typing import NamedTuple

_BEGIN, _END, _DASHES = "-----BEGIN ", "\n-----END ", "-----"
_MOST_ATTEMPTS = 1000


class Block(NamedTuple):
    """One block: what it says it is (`RSA PRIVATE KEY`), and its bytes."""

    kind: str
    data: bytes


def first_block(text: str) -> Block | None:
    """The first whole block of a text; None where there is none. What is broken is passed over."""
    at = 0
    for _ in range(_MOST_ATTEMPTS):
        at = text.find(_BEGIN, at)
        if at < 0:
            return None
        at += len(_BEGIN)
        if at > len(_BEGIN) and text[at - len(_BEGIN) - 1] != "\n":
            continue
        line_end = text.find("\n", at)
        end = text.find(_END, line_end if line_end >= 0 else len(text))
        if end < 0:
            return None
        block = _block(text[at:line_end].rstrip(" \t\r"), text[line_end:end], text[end + len(_END) :])
        if block is not None:
            return block
    return None


def _block(head: str, body: str, behind: str) -> Block | None:
    if not head.endswith(_DASHES):
        return None
    kind = head.removesuffix(_DASHES)
    trailer = kind + _DASHES
    if not behind.startswith(trailer) or behind[len(trailer) :].partition("\n")[0].strip(" \t\r"):
        return None
    # Lines `Name: value` in front describe the block; an empty line follows them.
    lines = body.split("\n")[1:]
    while lines and ":" in lines[0]:
        lines.pop(0)
    data = _base64("".join(lines))
    return None if data is None else Block(kind, data)


def _base64(text: str) -> bytes | None:
    from base64 import b64decode
    from binascii import Error

    try:
        return b64decode("".join(text.split()), validate=True)
    except (Error, ValueError):
        return None
