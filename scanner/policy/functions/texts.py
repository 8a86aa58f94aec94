"""Texts, lists of texts and paths: what rules ask of names, commands and mounts, and how messages list things."""

from __future__ import annotations

from collections import Counter

from scanner.policy.function import Function


def lower(text: str) -> str:
    """`text` in lower case."""
    return text.lower()


def split_text(text: str, separator: str) -> list[str]:
    """The pieces of `text` between separators; [] where it is empty."""
    if not separator:
        raise ValueError("a separator has at least one character")
    return text.split(separator) if text else []


def joined(items: list[str], separator: str) -> str:
    """The items with `separator` between them."""
    return separator.join(items)


def listed(items: list[str]) -> str:
    """The items for a sentence: `a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def any_prefix(text: str, prefixes: list[str]) -> bool:
    """Whether `text` begins with one of `prefixes`."""
    return text.startswith(tuple(prefixes))


def any_suffix(text: str, suffixes: list[str]) -> bool:
    """Whether `text` ends with one of `suffixes`."""
    return text.endswith(tuple(suffixes))


def any_substring(text: str, pieces: list[str]) -> bool:
    """Whether `text` contains one of `pieces`."""
    return any(piece in text for piece in pieces)


def in_common(first: list[str], second: list[str]) -> list[str]:
    """The items of `first` that `second` holds too, in order, each once."""
    others = frozenset(second)
    return [item for item in dict.fromkeys(first) if item in others]


def without(items: list[str], left_out: list[str]) -> list[str]:
    """The items that `left_out` does not hold, in order, each once."""
    others = frozenset(left_out)
    return [item for item in dict.fromkeys(items) if item not in others]


def duplicates(items: list[str]) -> list[str]:
    """The items that occur more than once, each once."""
    return [item for item, count in Counter(items).items() if count > 1]


def total(numbers: list[int]) -> int:
    """The sum of the numbers."""
    return sum(numbers)


def normal_path(path: str) -> str:
    """A POSIX path without doubled slashes, `.` steps, and `..` steps that can be taken; without a slash at its end."""
    rooted = path.startswith("/")
    steps: list[str] = []
    for step in path.split("/"):
        if step in ("", "."):
            continue
        if step == ".." and steps and steps[-1] != "..":
            steps.pop()
        elif step != ".." or not rooted:
            steps.append(step)
    body = "/".join(steps)
    return f"/{body}" if rooted else body or ("." if path else "")


def path_within(path: str, folders: list[str]) -> bool:
    """Whether `path` is one of `folders` or lies below one of them: `/etc/ssl` within `/etc`, and `/etcd` not."""
    normal = normal_path(path)
    for folder in folders:
        outer = normal_path(folder)
        if normal == outer or (outer and normal.startswith(outer if outer == "/" else f"{outer}/")):
            return True
    return False


def path_covers(path: str, paths: list[str]) -> bool:
    """Whether `path` is one of `paths` or a folder above one of them: `/var/run` covers `/var/run/docker.sock`."""
    return any(path_within(inner, [path]) for inner in paths)


def is_root_user(user: str) -> bool:
    """Whether a container's user is root: `root`, `0`, or either with a group. '' is the image's own user: false."""
    name = user.strip().split(":", 1)[0].strip()
    return name == "root" or (name.isascii() and name.isdigit() and int(name[:20]) == 0)


FUNCTIONS = (
    Function("lower", ("string",), "string", lower),
    Function("split_text", ("string", "string"), "list(string)", split_text),
    Function("joined", ("list(string)", "string"), "string", joined),
    Function("listed", ("list(string)",), "string", listed),
    Function("any_prefix", ("string", "list(string)"), "bool", any_prefix),
    Function("any_suffix", ("string", "list(string)"), "bool", any_suffix),
    Function("any_substring", ("string", "list(string)"), "bool", any_substring),
    Function("in_common", ("list(string)", "list(string)"), "list(string)", in_common),
    Function("without", ("list(string)", "list(string)"), "list(string)", without),
    Function("duplicates", ("list(string)",), "list(string)", duplicates),
    Function("total", ("list(int)",), "int", total),
    Function("normal_path", ("string",), "string", normal_path),
    Function("path_within", ("string", "list(string)"), "bool", path_within),
    Function("path_covers", ("string", "list(string)"), "bool", path_covers),
    Function("is_root_user", ("string",), "bool", is_root_user),
)
