"""Reads YAML as go-yaml v2 decodes it, before JSON: integers stay integers. Says why JSON cannot hold it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from scanner.core.libyaml import events
from scanner.helm.origin import ValuesSource
from scanner.helm.yaml_builder import Builder, TracedBuilder
from scanner.helm.yaml_errors import YamlError, at
from scanner.helm.yaml_events import NextEvent, first_document
from scanner.helm.yaml_json_scalars import NotJson, key_text
from scanner.helm.yaml_scalars import Memo, resolve


class _Keys(Builder):
    """Builds mappings whose keys are what YAML says they are, and numbers as they are written.

    A key is held with its kind, so that 1, 1.0 and true stay apart: {(kind, key): (key, value, mark of the key)}.
    """

    plain_values: Mapping[str, Any] = Memo(resolve)

    def number(self, value: Any) -> Any:
        return value

    def mapping(self, depth: int) -> dict[Any, Any]:
        values: dict[Any, Any] = {}
        event = self.next_event()
        while event.__class__ is not events.MappingEndEvent:
            mark = event.start_mark
            plain_merge = event.__class__ is events.ScalarEvent and event.value == "<<"
            if plain_merge and (event.implicit[0] or event.tag == "tag:yaml.org,2002:merge"):
                self.merge(self.next_event(), depth, values)
            else:
                key = self.node(event, depth + 1)
                if isinstance(key, (dict, list)):
                    raise at(f"invalid map key: {go_syntax(key)}", mark)
                values[type(key), key] = (key, self.node(self.next_event(), depth + 1), mark)
            event = self.next_event()
        self.end = event.end_mark
        return values


def read_document(text: str, builder: Callable[[NextEvent], Builder]) -> Any:
    """What a builder makes of the first document; None for an empty one.

    Raises YamlError, with the text that sigs.k8s.io/yaml puts behind `error converting YAML to JSON: `.
    """
    try:
        return first_document(text, lambda next_event, event: builder(next_event).document(event))
    except NotJson:
        error = _json_error(text)
    if error is not None:
        raise error
    return first_document(text, lambda next_event, event: builder(next_event).lenient().document(event))


def _json_error(text: str) -> YamlError | None:
    """Why a document that YAML allows cannot be JSON: the text of go-yaml, sigs.k8s.io/yaml or encoding/json. None
    where later entries replace what JSON cannot hold."""
    try:
        value = first_document(text, lambda next_event, event: _Keys(next_event).document(event))
    except YamlError as error:
        return error
    return _key_error(value) or _number_error(value)


def _checked(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise NotJson
    return value


def _json_scalar(text: str) -> Any:
    return _checked(resolve(text))


class RawScalars(Builder):
    """Leaves integers integers: where text is wanted, they become text."""

    plain_values: Mapping[str, Any] = Memo(_json_scalar)

    def number(self, value: Any) -> Any:
        """The value of a tagged scalar, of which JSON refuses some."""
        return self.finite(value)


class TracedRawScalars(RawScalars, TracedBuilder):
    """The same, with origins."""


def raw_document(text: str, source: ValuesSource | None = None) -> Any:
    """The first document of a YAML text as go-yaml decodes it, before JSON; keys are text. None for an empty one.

    With `source`, it is made of Map, Items and Text. Raises YamlError, with the text that sigs.k8s.io/yaml puts behind
    `error converting YAML to JSON: `.
    """

    if source is None:
        return read_document(text, RawScalars)
    return read_document(text, lambda next_event: TracedRawScalars(next_event, source))


def _key_error(value: Any) -> YamlError | None:
    if isinstance(value, list):
        return next(filter(None, map(_key_error, value)), None)
    if not isinstance(value, dict):
        return None
    for key, item, mark in value.values():
        if key is None or (type(key) is int and key >> 63 > 0):
            kind = "uint64" if key else "%!s(<nil>)"
            shown = hex(key) if key else "<nil>"
            message = f"unsupported map key of type: {kind}, key: {shown}, value: {go_syntax(item, top=True)}"
            return YamlError(message, mark.line + 1, mark.column + 1)
        error = _key_error(item)
        if error is not None:
            return error
    return None


def _number_error(value: Any) -> YamlError | None:
    """The first number that is none, in the order in which encoding/json writes: keys are sorted."""
    if isinstance(value, list):
        return next(filter(None, map(_number_error, value)), None)
    if isinstance(value, dict):
        entries = sorted(value.values(), key=lambda entry: key_text(entry[0]).encode())
        for _, item, mark in entries:
            error = _number_error(item)
            if error is not None:
                return error if error.line else YamlError(error.message, mark.line + 1, mark.column + 1)
        return None
    if isinstance(value, float) and not math.isfinite(value):
        name = "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
        return YamlError(f"json: unsupported value: {name}")
    return None


def go_syntax(value: Any, *, top: bool = False) -> str:
    """A decoded value as Go's %#v prints it."""
    from scanner.template.float_text import shortest
    from scanner.template.printing import quote

    if isinstance(value, str):
        return str(quote(value))
    if value is None:
        return "<nil>" if top else "interface {}(nil)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return hex(value) if value >> 63 > 0 else str(value)
    if isinstance(value, float):
        return shortest(value)
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(map(go_syntax, value))}}}"
    entries = sorted(value.values(), key=lambda entry: _print_order(entry[0]))
    pairs = ", ".join(f"{go_syntax(key)}:{go_syntax(item)}" for key, item, _ in entries)
    return f"map[interface {{}}]interface {{}}{{{pairs}}}"


def _print_order(key: Any) -> tuple[int, Any]:
    """fmt sorts the keys of one type by value; those of several types in an order that changes from run to run."""
    if key is None:
        return 0, 0
    rank = (bool, int, float, str).index(type(key)) + 1
    return rank, key
