"""What the Dockerfile of a service's build says about its health check."""

from __future__ import annotations

import re

from scanner.core.errors import SourceError
from scanner.core.patterns import late
from scanner.sources.compose.context import Context
from scanner.sources.compose.paths import joined
from scanner.sources.compose.tree import Node, implied

ATTRIBUTE = "x_image_health_check"
"""Added to services whose image is built from a Dockerfile here: whether the built stage has a HEALTHCHECK."""

_FROM = late(r"FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*\Z", re.IGNORECASE)
_HEALTH_CHECK = late(r"HEALTHCHECK\s+(?:--\S+\s+)*(\S+)", re.IGNORECASE)


def with_health_check(service: Node, context: Context) -> Node:
    """`service` with what its Dockerfile says. A Dockerfile that is not here, or not readable, says nothing."""
    build = service.get("build")
    text = _dockerfile(build, context) if build is not None else None
    if build is None or text is None:
        return service
    target = build.get("target")
    stage = target.value if target is not None and isinstance(target.value, str) else ""
    checked = has_health_check(text, stage)
    return service.replaced({**service.value, ATTRIBUTE: implied(checked)})


def _dockerfile(build: Node, context: Context) -> str | None:
    inline = build.get("dockerfile_inline")
    if inline is not None:
        return inline.value if isinstance(inline.value, str) else None
    folder, name = build.get("context"), build.get("dockerfile")
    if folder is None or not isinstance(folder.value, str):
        return None
    file = name.value if name is not None else "Dockerfile"
    if not isinstance(file, str):
        return None
    try:
        return context.files.text(joined(joined(context.cwd, folder.value), file))
    except SourceError:
        # The health check in it is a help, no part of the project: the build itself tells what is wrong with it.
        return None


def has_health_check(dockerfile: str, target: str = "") -> bool:
    """Whether the stage `target` (the last one where it is '') has a health check, by itself or by the stages that it
    is made from; `HEALTHCHECK NONE` takes it away."""
    checks: dict[str, bool] = {}
    name, checked = "", False
    stages = 0
    for instruction in _instructions(dockerfile):
        stage = _FROM.match(instruction)
        if stage:
            if stages and target and target.lower() in (name, str(stages - 1)):
                return checked
            checked = checks.get(stage[1].lower(), False)
            name = (stage[2] or "").lower()
            stages += 1
        check = _HEALTH_CHECK.match(instruction)
        if check:
            checked = check[1].upper() != "NONE"
        checks[name] = checks[str(stages - 1)] = checked
    return checked


def _instructions(dockerfile: str) -> list[str]:
    """The instructions, each on one line, without comments."""
    lines = [line.strip() for line in dockerfile.splitlines()]
    text = "\n".join(line for line in lines if line and not line.startswith("#"))
    return re.sub(r"\\[ \t]*\n", " ", text).splitlines()
