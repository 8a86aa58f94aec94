"""Helm's functions that write and read YAML, JSON and TOML. None of them fails: errors become results."""

from __future__ import annotations

from typing import Any

from scanner.helm.yaml_emitter import to_yaml
from scanner.helm.yaml_errors import YamlError
from scanner.helm.yaml_values import read_text
from scanner.helm.yaml_values import type_mismatch as yaml_mismatch
from scanner.template.function import Function
from scanner.template.go_json import MarshalError, to_json
from scanner.template.json_reading import JsonError, read_json
from scanner.template.json_reading import type_mismatch as json_mismatch
from scanner.template.kinds import NilList, NilMap, put

_MAP = "map[string]interface {}"
_LIST = "[]interface {}"


def _to_yaml(value: Any) -> str:
    try:
        return to_yaml(value)
    except MarshalError:
        return ""


def _to_yaml_pretty(value: Any) -> str:
    from scanner.helm.yaml_pretty import to_yaml_pretty

    try:
        return to_yaml_pretty(value)
    except MarshalError:
        return ""


def _from_yaml(text: str) -> dict[str, Any]:
    try:
        value = read_text(text)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise yaml_mismatch(value, _MAP)
    except YamlError as error:
        return {"Error": error.message}
    return value


def _from_yaml_array(text: str) -> list[Any]:
    try:
        value = read_text(text)
        if value is None:
            return []
        if not isinstance(value, list):
            raise yaml_mismatch(value, _LIST)
    except YamlError as error:
        return [error.message]
    return value


def _to_json(value: Any) -> str:
    try:
        return to_json(value)
    except MarshalError:
        return ""


def _from_json(text: str) -> dict[str, Any]:
    value, message = _read_json(text)
    if value is None and not message:
        return NilMap()
    if not isinstance(value, dict):
        return {"Error": str(json_mismatch(value, _MAP)) if value is not None else message}
    if message:
        put(value, "Error", message)
    return value


def _from_json_array(text: str) -> list[Any]:
    value, message = _read_json(text)
    if value is None and not message:
        return NilList()
    if value is not None and not isinstance(value, list):
        return [str(json_mismatch(value, _LIST))]
    return [message] if message or value is None else value


def _read_json(text: str) -> tuple[Any, str]:
    """What the text says, as far as it can be read, and the error, or ''."""
    try:
        return read_json(text), ""
    except JsonError as error:
        return error.value, str(error)


def _to_toml(value: Any) -> str:
    from scanner.helm.toml_text import TomlError, to_toml

    try:
        return to_toml(value)
    except TomlError as error:
        return str(error)


def _from_toml(text: str) -> dict[str, Any]:
    from scanner.helm.toml_text import TomlError, read_toml

    try:
        return read_toml(text)
    except TomlError as error:
        return {"Error": str(error)}


FUNCTIONS: tuple[Function, ...] = (
    Function("toYaml", "any", _to_yaml),
    Function("toYamlPretty", "any", _to_yaml_pretty),
    Function("fromYaml", "string", _from_yaml),
    Function("fromYamlArray", "string", _from_yaml_array),
    Function("toJson", "any", _to_json),
    Function("fromJson", "string", _from_json),
    Function("fromJsonArray", "string", _from_json_array),
    Function("toToml", "any", _to_toml),
    Function("fromToml", "string", _from_toml),
)
