"""What expressions may name: views, shapes and functions, and for each rule its subject, parameters and variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from scanner.core.views import VIEWS, View
from scanner.policy.cel import kinds
from scanner.policy.cel.tree import FORMAT
from scanner.policy.function import Function

if TYPE_CHECKING:
    from scanner.policy.cel.runtime import Environment


class Scope(NamedTuple):
    """What an expression may name beside the functions.

    `view` is the subject's view, and the name of its variable; '' means that the subject is a resource, named
    `resource`, of the message `kind` (`Language.declare`) or, where that is '', of any type. `parameters` and
    `variables` give the type of each name.
    """

    view: str
    parameters: Mapping[str, str] = {}
    variables: Mapping[str, str] = {}
    kind: str = ""

    @property
    def subject(self) -> str:
        """The name of the subject's variable."""
        return self.view or "resource"

    def names(self) -> dict[str, str]:
        """Every name with its canonical type, the subject and the parameters first."""
        named = {self.subject: self.view or self.kind or "dyn", "parameters": "parameters"}
        return named | {name: kinds.canonical(kind) for name, kind in self.variables.items()}


class Language:
    """The functions and shapes that rules may use, and the views. Cheap to make; the CEL runtime is imported and set
    up at the first check. Raises ValueError where a declaration names a type that does not exist.

    `results` keeps what pure functions of texts returned, for all rules: the same image is parsed once.
    """

    def __init__(
        self,
        functions: tuple[Function, ...] = (),
        shapes: tuple[View, ...] = (),
        views: Mapping[str, View] = VIEWS,
    ) -> None:
        self.functions = {function.name: function for function in functions}
        self.messages: dict[str, View] = dict(views) | {shape.name: shape for shape in shapes}
        self.labels: dict[str, str] = {}
        self.results: dict[str, dict[tuple[Any, ...], Any]] = {}
        self._environment: Environment | None = None
        if len(self.functions) != len(functions):
            raise ValueError("a function is declared twice")
        for name, kind in self._types():
            message = kinds.message_of(kinds.canonical(kind))
            if message and message not in self.messages:
                raise ValueError(f"{name} has the type {kind}, which is not declared")

    def declare(self, views: Sequence[View]) -> str:
        """Makes the messages for resources known, those that others hold first; the result is the last one's name.

        Their meaning is what people are told of them, since their names are made up.
        """
        self.labels.update((view.name, view.meaning) for view in views)
        self.messages.update((view.name, view) for view in views)
        return views[-1].name

    def _types(self) -> Iterator[tuple[str, str]]:
        for message in self.messages.values():
            for attribute in message.attributes.values():
                yield f"{message.name}.{attribute.name}", attribute.type
        for function in self.functions.values():
            for kind in (*function.parameters, function.result):
                yield f"the function {function.name}", kind

    @property
    def environment(self) -> Environment:
        """The runtime's side, made at first use."""
        if self._environment is None:
            from scanner.policy.cel.runtime import Environment

            self._environment = Environment(self)
        return self._environment

    def fingerprint(self) -> str:
        """A digest of everything that a stored tree depends on beside the rule's own text. Imports nothing."""
        from hashlib import sha256

        digest = sha256(f"{FORMAT}".encode())
        for message in self.messages.values():
            digest.update(f"\n{message.name}".encode())
            for attribute in message.attributes.values():
                digest.update(f" {attribute.name}:{attribute.type}".encode())
        for function in self.functions.values():
            digest.update(f"\n{function.name}({','.join(function.parameters)}):{function.result}".encode())
        return digest.hexdigest()
