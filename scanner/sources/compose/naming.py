"""The name of a project: from its files, else from COMPOSE_PROJECT_NAME, else from its folder."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from scanner.core.document import Document
from scanner.sources.compose.context import Context
from scanner.sources.compose.environment import Environment
from scanner.sources.compose.interpolation import TemplateError, substitute, substitute_known
from scanner.sources.compose.tree import Node, is_open

VARIABLE = "COMPOSE_PROJECT_NAME"


def normalized(name: str) -> str:
    """Lower case, without what Compose does not allow."""
    return "".join(re.findall("[a-z0-9_-]", name.lower())).lstrip("_-")


def project_name(documents: Sequence[Document], folder: str, environment: Environment, context: Context) -> str:
    """The name; '' where it is not known. Raises SourceError for one that Compose refuses."""
    explicit = environment.get(VARIABLE)
    if isinstance(explicit, str) and explicit:
        if normalized(explicit) != explicit:
            context.note(
                f"{VARIABLE} is {explicit!r}: a project name has lower-case letters, digits, hyphens and underscores"
            )
        return normalized(explicit)
    fallback = normalized(os.path.basename(folder))  # noqa: PTH119
    declared = [document for document in documents if _declared(document)]
    if not declared:
        return fallback
    last = declared[-1]
    text = _declared(last)
    node = Node(text, last.path, last.mark(("name",)))
    try:
        found = (substitute if context.strict else substitute_known)(text, environment.get)  # type: ignore[arg-type]
    except TemplateError as error:
        context.note(str(error), node)
        return fallback
    if is_open(found):
        return fallback
    name = normalized(str(found))
    if not name:
        context.note("the project's name is empty", node)
    return name or fallback


def _declared(document: Document) -> str:
    """The name that a document gives."""
    name = document.value.get("name") if isinstance(document.value, dict) else None
    return name if isinstance(name, str) else ""
