"""Functions on slash-separated paths, by Go's path package; on Unix those of path/filepath are the same."""

from __future__ import annotations

from scanner.template.function import Function
from scanner.template.text import Text, cut, derived


def base(path: str) -> str:
    """The last element; `.` for an empty path, `/` for one of slashes only."""
    if not path:
        return "."
    stripped = len(path.rstrip("/"))
    if not stripped:
        return "/"
    return cut(path, path.rfind("/", 0, stripped) + 1, stripped)


def directory(path: str) -> str:
    """All but the last element, cleaned; `.` where nothing is left."""
    return clean(cut(path, 0, path.rfind("/") + 1))


def extension(path: str) -> str:
    """The last element's suffix from its last dot on; empty without a dot."""
    dot = path.rfind(".", path.rfind("/") + 1)
    return cut(path, dot, len(path)) if dot >= 0 else ""


def is_absolute(path: str) -> bool:
    """Whether the path begins with a slash."""
    return path.startswith("/")


def clean(path: str) -> str:
    """The shortest path of the same meaning, without looking at files; `.` for an empty one."""
    rooted = path.startswith("/")
    kept: list[str] = []
    for element in str(path).split("/"):
        if element in ("", "."):
            continue
        if element != "..":
            kept.append(element)
        elif kept and kept[-1] != "..":
            kept.pop()
        elif not rooted:
            kept.append(element)
    result = ("/" if rooted else "") + "/".join(kept) or "."
    if type(path) is not Text or result == path:
        return path if result == path else result
    start = path.find(result)
    return cut(path, start, start + len(result)) if start >= 0 else derived(result, path)


FUNCTIONS = (
    Function("base", "string", base),
    Function("clean", "string", clean),
    Function("dir", "string", directory),
    Function("ext", "string", extension),
    Function("isAbs", "string", is_absolute),
    Function("osBase", "string", base),
    Function("osClean", "string", clean),
    Function("osDir", "string", directory),
    Function("osExt", "string", extension),
    Function("osIsAbs", "string", is_absolute),
)
