"""From a document to a tree: variables substituted, strings cast, `!reset` and `!override` noted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scanner.core.document import Document, Mark
from scanner.core.errors import SourceError
from scanner.core.patterns import late
from scanner.core.route import Route
from scanner.core.unknown import Unknown
from scanner.sources.compose.context import MAX_VALUES, Context
from scanner.sources.compose.interpolation import (
    Known,
    RequiredVariableError,
    TemplateError,
    cast,
    failure,
    substitute,
    substitute_known,
)
from scanner.sources.compose.tree import Node, is_open

_PROPERTIES = late(r"(?:[!&]\S*\s*)+")
Lookup = Callable[[str], Known | None]


def read_tree(document: Document, lookup: Lookup, context: Context) -> tuple[Node, list[Route]]:
    """The values of `document`, and the routes that it resets in the files before it.

    Mistakes in variables and casts go to `context`. Compose takes texts for keys only; others go to it too.
    """
    reader = _Reader(document.path, document.source.text, lookup, context)
    for key, span in document.non_string_keys:
        context.note(f"the key {key} is no text", Node(None, document.path, span), "put the key in quotes")
    root = reader.walk(document.value, document.root, None, ())
    return root or Node(None, document.path, document.root), reader.resets


class _Reader:
    def __init__(self, file: str, source: str, lookup: Lookup, context: Context) -> None:
        self.file = file
        self.source = source
        self.lookup = lookup
        self.context = context
        self.resets: list[Route] = []
        self.overriding = False
        self.substitute: Callable[[str, Any], Known] = substitute if context.strict else substitute_known

    def walk(self, value: Any, mark: Mark, key: Mark | None, path: Route) -> Node | None:
        """The node for `value`; None where it is reset."""
        if not self.context.spend(1):
            raise SourceError(
                f"the project stands for more than {MAX_VALUES:,} values",
                Node(None, self.file, mark, key).location(),
                "write it without so many aliases, or split it",
            )
        if mark.tag:
            if mark.tag == "!reset" and not self.overriding:
                self.resets.append(path)
                return None
            if mark.tag == "!override" and not self.overriding:
                self.resets.append(path)
                # Inside it Compose takes tags for unknown ones.
                self.overriding = True
                node = self.walk(value, mark, key, path)
                self.overriding = False
                return node
            if not isinstance(value, str | dict | list):
                # Behind a tag of its own Compose takes every scalar for a text.
                value = _PROPERTIES.sub("", self.source[mark.start.index : mark.end.index])
        kind = value.__class__
        if kind is dict:
            items, keys = mark.items or {}, mark.keys or {}
            children: dict[str, Node] = {}
            for name, child in value.items():
                node = self.walk(child, items[name], keys[name], (*path, name))
                if node is not None:
                    children[name] = node
            return Node(children, self.file, mark, key)
        if kind is list:
            items = mark.items or {}
            walked = (self.walk(child, items[index], None, (*path, index)) for index, child in enumerate(value))
            return Node([node for node in walked if node is not None], self.file, mark, key)
        if kind is str:
            value = self.text(value, mark, key, path)
        return Node(value, self.file, mark, key)

    def text(self, text: str, mark: Mark, key: Mark | None, path: Route) -> Any:
        try:
            value = self.substitute(text, self.lookup) if "$" in text else text
            return value if is_open(value) or not path else cast(path, value)  # type: ignore[arg-type]
        except TemplateError as error:
            hint = "write $$ for a single $"
            if isinstance(error, RequiredVariableError):
                hint = f"set {error.variable} in .env or in the environment"
            return self._reject(failure(path, error), mark, key, hint)
        except ValueError as error:
            return self._reject(failure(path, error), mark, key, "")

    def _reject(self, message: str, mark: Mark, key: Mark | None, hint: str) -> Unknown:
        return self.context.reject(message.replace("\n", " "), Node(None, self.file, mark, key), hint)
