"""The declared views, shapes, parameters and functions inside the CEL runtime: only this imports it, and late."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from scanner.policy.cel import kinds
from scanner.policy.function import Function

if TYPE_CHECKING:
    from scanner.policy.cel.environment import Language, Scope

PACKAGE = "groundrule"
_PARAMETERS = re.compile(rf"{PACKAGE}\.parameters_[0-9a-f]+\b")
_WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_QUALIFIED = re.compile(rf"\b{PACKAGE}\.(?=[a-zA-Z])")


@lru_cache(maxsize=1024)
def unqualified(text: str) -> str:
    """A type or message of the runtime with our own names of types."""
    return _QUALIFIED.sub("", _PARAMETERS.sub("parameters", text))


class Environment:
    """The types and functions of a language inside the CEL runtime."""

    def __init__(self, language: Language) -> None:
        from cel_expr_python import cel
        from cel_expr_python.ext import ext_bindings, ext_strings
        from google.protobuf import descriptor_pool, struct_pb2

        self._cel = cel
        self._language = language
        self._extensions = [ext_strings.ExtStrings(), ext_bindings.ExtBindings()]
        self.pool = descriptor_pool.DescriptorPool()
        self.pool.AddSerializedFile(struct_pb2.DESCRIPTOR.serialized_pb)
        self._loaded: set[str] = set()
        self._parameters: dict[tuple[tuple[str, str], ...], str] = {}
        self._functions = [self._declare(function) for function in language.functions.values()]
        self._functions.append(self._overload("present", ("dyn",), "bool"))
        for name in language.messages:
            self._load(name, ())
        subjects = {name: self.runtime_type(name) for name, view in language.messages.items() if view.subject}
        self.shared = self._new(subjects | {"resource": self._cel.Type.DYN})
        self._binds: dict[tuple[str, str], str] = {}

    def _new(self, variables: dict[str, Any]) -> Any:
        return self._cel.NewEnv(self.pool, variables=variables, functions=self._functions, extensions=self._extensions)

    def declared(self, scope: Scope) -> Any:
        """An environment in which the names of the scope are declared: slower to make, exact in its messages."""
        named = scope.names() | {"parameters": self.parameters_message(scope)}
        return self._new({name: self.runtime_type(kind) for name, kind in named.items()})

    def prefix(self, scope: Scope, source: str) -> tuple[str, list[str]]:
        """What stands before an expression so that `shared` knows its names, and which names that binds; as many
        closing brackets stand after it.

        `shared` declares every view's subject. A resource of known types, the rule's parameters and its variables are
        bound by `cel.bind` to a constant of their type where the text mentions them: one environment then serves every
        rule, where one of its own would cost each rule more than all its expressions.
        """
        words = set(_WORD.findall(source))
        bound = [name for name in scope.variables if name in words]
        binds = [self._bind(name, kinds.canonical(scope.variables[name])) for name in bound]
        if "parameters" in words:
            bound.append("parameters")
            binds.append(self._bind("parameters", self.parameters_message(scope)))
        if scope.kind:
            self._load(scope.kind, ())
            if scope.subject in words:
                bound.append(scope.subject)
                binds.append(self._bind(scope.subject, scope.kind))
        return "".join(binds), bound

    def _bind(self, name: str, kind: str) -> str:
        key = (name, kind)
        if key not in self._binds:
            self._binds[key] = f"cel.bind({name}, {_constant_of(kind)},\n"
        return self._binds[key]

    def parameters_message(self, scope: Scope) -> str:
        """The message type of the rule's parameters."""
        from hashlib import sha256

        key = tuple(sorted((name, kinds.canonical(kind)) for name, kind in scope.parameters.items()))
        if key not in self._parameters:
            name = f"parameters_{sha256(repr(key).encode()).hexdigest()[:12]}"
            try:
                self._add(name, dict(key))
            except TypeError as error:
                # A type that does not exist, or the maps `fooBar` and `foo_bar` at once, which protobuf cannot hold.
                raise ValueError("the parameters cannot be declared so: their names or types clash") from error
            self._parameters[key] = name
        return self._parameters[key]

    def runtime_type(self, kind: str) -> Any:
        """The runtime's type object for a canonical type."""
        types = self._cel.Type
        if kind.startswith("list("):
            return types.List(self.runtime_type(kinds.element(kind)))
        if kind.startswith("map("):
            key, value = kinds.sides(kind)
            return types.Map(self.runtime_type(key), self.runtime_type(value))
        if kind in kinds.SCALARS:
            return getattr(types, kind.upper())
        return types(f"{PACKAGE}.{kind}")

    def _declare(self, function: Function) -> Any:
        return self._overload(function.name, function.parameters, function.result)

    def _overload(self, name: str, parameters: tuple[str, ...], result: str) -> Any:
        overload = self._cel.Overload(
            f"{PACKAGE}_{name}",
            return_type=self.runtime_type(kinds.canonical(result)),
            parameters=[self.runtime_type(kinds.canonical(kind)) for kind in parameters],
        )
        return self._cel.FunctionDecl(name, [overload])

    def _load(self, name: str, above: tuple[str, ...]) -> None:
        if name in self._loaded:
            return
        if name in above:
            raise ValueError(f"the views {', '.join(above)} hold each other in a circle")
        types = {a.name: kinds.canonical(a.type) for a in self._language.messages[name].attributes.values()}
        for kind in types.values():
            if message := kinds.message_of(kind):
                self._load(message, (*above, name))
        self._add(name, types)
        self._loaded.add(name)

    def _add(self, name: str, attributes: dict[str, str]) -> None:
        from scanner.policy.cel.descriptors import file_descriptor

        self.pool.AddSerializedFile(file_descriptor(PACKAGE, name, attributes))


def _constant_of(kind: str) -> str:
    """An expression of exactly this type."""
    if kind.startswith("list("):
        return f"[{_constant_of(kinds.element(kind))}]"
    if kind.startswith("map("):
        key, value = kinds.sides(kind)
        return f"{{{_constant_of(key)}: {_constant_of(value)}}}"
    constants = {"string": "''", "int": "0", "bool": "false", "double": "0.0", "dyn": "dyn(0)", "null": "null"}
    return constants.get(kind) or f"{PACKAGE}.{kind}{{}}"
