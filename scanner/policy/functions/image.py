"""Image references: the pieces of `registry/repository:tag@digest`, also where some of them are not known."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from scanner.core.unknown import PartialText, Unknown
from scanner.core.views import Attribute, View
from scanner.policy.function import Function

_HOLE = "\ue000"
"""Stands for an unknown piece while the text is taken apart; each is counted off in order."""

_FIELDS = (
    ("registry", "string", "the registry's host and port; docker.io where none is written"),
    ("repository", "string", "the path in the registry: library/nginx, acme/team/api"),
    ("name", "string", "the last step of the path: nginx, api"),
    ("tag", "string", "the tag, '' where none is written"),
    ("digest", "string", "the digest with its algorithm, '' where none is written"),
    ("algorithm", "string", "the digest's algorithm: sha256"),
    ("has_tag", "bool", "a tag is written, known or not"),
    ("has_digest", "bool", "a digest is written, known or not"),
)
IMAGE_REFERENCE = View(
    "image_reference",
    "The pieces of an image reference.",
    {name: Attribute(name, kind, meaning) for name, kind, meaning in _FIELDS},
    subject=False,
)

_STEP = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_DIGEST_SIZES = {"sha256": 64, "sha384": 96, "sha512": 128}
_NAME_LIMIT = 255

Piece = str | Unknown | PartialText


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(
        {
            "step": rf"{_STEP}\Z",
            "domain": rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?\Z",
            "tag": r"\w[\w.-]{0,127}\Z",
            "digest": r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}\Z",
            "identifier": r"[0-9a-f]{64}\Z",
        }[name],
        re.ASCII,
    )


def parse_image(reference: str | PartialText) -> dict[str, Any]:
    """The pieces of an image reference, after the grammar of the distribution project.

    A piece that depends on an unknown part is an `Unknown`, or a `PartialText` where a part of it is known; the rest
    is known: `${REGISTRY}/api:1.4` has the name api and the tag 1.4. Raises ValueError where it is no reference.
    """
    if isinstance(reference, PartialText):
        holes = [part for part in reference.parts if isinstance(part, Unknown)]
        text = "".join(_HOLE if isinstance(part, Unknown) else part.replace(_HOLE, "") for part in reference.parts)
    else:
        holes = []
        text = reference
    if not text:
        raise ValueError("the image reference is empty")
    rest, at_sign, digest = text.partition("@")
    path, colon, tag = _split_tag(rest)
    _check_digest(digest, written=bool(at_sign))
    _check_tag(tag, written=bool(colon))
    domain, repository = _split_domain(path)
    _check_repository(repository, path)
    fill = _Filler(text, holes)
    # An unknown part of the last step may hold a tag or a digest, unless one stands behind it.
    open_end = not at_sign and (text.endswith(_HOLE) or (not colon and _HOLE in path.rsplit("/", 1)[-1]))
    unknown = holes[-1] if holes else None
    pieces: dict[str, Any] = {
        "registry": fill(domain, 0) if domain else "docker.io",
        "repository": fill(repository, len(path) - len(repository)),
        "name": fill(repository.rsplit("/", 1)[-1], path.rfind("/") + 1),
        "tag": fill(tag, len(path) + 1),
        "has_tag": bool(colon),
        "digest": fill(digest, len(rest) + 1),
        "algorithm": digest.partition(":")[0] if _HOLE not in digest.partition(":")[0] else fill.first(digest, rest),
        "has_digest": bool(at_sign),
    }
    if not domain or (domain == "docker.io" and _HOLE not in repository):
        _default_registry(pieces, repository, fill)
    if open_end and unknown is not None:
        pieces.update(digest=unknown, algorithm=unknown, has_digest=unknown)
        if not colon:
            pieces.update(tag=unknown, has_tag=unknown)
    return pieces


def _default_registry(pieces: dict[str, Any], repository: str, fill: _Filler) -> None:
    """No domain is written, as far as is known: docker.io, and `library/` for a single name."""
    first = repository.split("/", 1)[0]
    if _HOLE in first:
        pieces["registry"] = fill.holes[0]
    elif "/" not in repository:
        pieces["repository"] = f"library/{repository}"


class _Filler:
    """Turns a piece of the text back into what is known of it."""

    def __init__(self, text: str, holes: list[Unknown]) -> None:
        self.text = text
        self.holes = holes

    def __call__(self, piece: str, start: int) -> Piece:
        if _HOLE not in piece:
            return piece
        index = self.text.count(_HOLE, 0, start)
        parts: list[str | Unknown] = []
        for position, known in enumerate(piece.split(_HOLE)):
            if position:
                parts.append(self.holes[index])
                index += 1
            if known:
                parts.append(known)
        only = parts[0]
        return only if len(parts) == 1 and isinstance(only, Unknown) else PartialText(tuple(parts))

    def first(self, digest: str, rest: str) -> Piece:
        """The first unknown part of the digest."""
        return self.holes[self.text.count(_HOLE, 0, len(rest) + 1 + digest.index(_HOLE))]


def _split_tag(text: str) -> tuple[str, str, str]:
    colon = text.rfind(":")
    if colon <= text.rfind("/") or colon < 0:
        return text, "", ""
    return text[:colon], ":", text[colon + 1 :]


def _split_domain(path: str) -> tuple[str, str]:
    first, slash, rest = path.partition("/")
    if not slash:
        return "", path
    if first == _HOLE:
        return "", path
    if "." in first or ":" in first or first == "localhost" or first.lower() != first:
        return ("docker.io", rest) if first == "index.docker.io" else (first, rest)
    return "", path


def _check_digest(digest: str, *, written: bool) -> None:
    if not written or _HOLE in digest:
        return
    if not _pattern("digest").match(digest):
        raise ValueError("the image's digest is not of the form algorithm:hexadecimal")
    algorithm, _, value = digest.partition(":")
    size = _DIGEST_SIZES.get(algorithm)
    if size is not None and (len(value) != size or value.lower() != value):
        raise ValueError(f"a {algorithm} digest has {size} lower-case hexadecimal digits")


def _check_tag(tag: str, *, written: bool) -> None:
    if written and not _pattern("tag").match(tag.replace(_HOLE, "x")):
        raise ValueError("the image's tag has characters that no tag may have, or is empty")


def _check_repository(repository: str, path: str) -> None:
    known = path.replace(_HOLE, "x")
    if len(known) > _NAME_LIMIT:
        raise ValueError(f"the image's name is longer than {_NAME_LIMIT} characters")
    if _pattern("identifier").match(path):
        raise ValueError("64 hexadecimal digits are an image's identifier, not a name")
    domain = path[: len(path) - len(repository)].rstrip("/")
    if domain and not _pattern("domain").match(domain.replace(_HOLE, "1")):
        raise ValueError("the image's registry is no host name")
    for step in repository.split("/"):
        # An unknown part may hold a separator, so that what stands beside it may begin or end with one.
        if _HOLE in step and re.fullmatch(r"[a-z0-9._-]*", step.replace(_HOLE, "")):
            continue
        if not _pattern("step").match(step):
            if step.lower() != step:
                raise ValueError("the image's name must be lower case")
            raise ValueError("the image's name has characters that no name may have, or an empty step")


def image_is(reference: str | PartialText, names: list[str]) -> bool | Unknown:
    """Whether the image is one of `names`: `postgres` fits any repository that ends so, `acme/api` the last two steps.

    `*` in a name stands for any characters of a step. A reference that is none fits nothing.
    """
    from scanner.policy.functions.globs import glob

    try:
        repository = parse_image(reference)["repository"]
    except ValueError:
        return False
    if isinstance(repository, Unknown):
        return repository
    if isinstance(repository, PartialText):
        text = "".join(_HOLE if isinstance(part, Unknown) else part for part in repository.parts)
    else:
        text = repository
    steps = text.split("/")
    undecided = False
    for name in names:
        wanted = name.split("/")
        tail = "/".join(steps[-len(wanted) :])
        if _HOLE in tail:
            undecided = True
        elif len(wanted) <= len(steps) and glob(name, tail):
            return True
        elif _HOLE in text and len(wanted) > len(steps):
            undecided = True
    if undecided and isinstance(repository, PartialText):
        return repository.unknown
    return False


FUNCTIONS = (
    Function("parse_image", ("string",), "image_reference", parse_image, partial=True),
    Function("image_is", ("string", "list(string)"), "bool", image_is, partial=True),
)
