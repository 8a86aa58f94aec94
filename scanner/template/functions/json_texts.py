"""sprig's functions that write and read JSON. Helm has toJson and fromJson of its own."""

from __future__ import annotations

from typing import Any

from scanner.template.errors import FunctionError
from scanner.template.function import Function
from scanner.template.go_json import MarshalError, to_json
from scanner.template.json_reading import JsonError, read_json


def _must_to_json(value: Any) -> str:
    try:
        return to_json(value)
    except MarshalError as error:
        raise FunctionError(str(error)) from None


def _must_to_pretty_json(value: Any) -> str:
    try:
        return to_json(value, indent="  ")
    except MarshalError as error:
        raise FunctionError(str(error)) from None


def _must_to_raw_json(value: Any) -> str:
    try:
        return to_json(value, escape_html=False)
    except MarshalError as error:
        raise FunctionError(str(error)) from None


def _to_json(value: Any) -> str:
    try:
        return to_json(value)
    except MarshalError:
        return ""


def _to_pretty_json(value: Any) -> str:
    try:
        return to_json(value, indent="  ")
    except MarshalError:
        return ""


def _must_from_json(text: str) -> Any:
    try:
        return read_json(text)
    except JsonError as error:
        raise FunctionError(str(error)) from None


def _from_json(text: str) -> Any:
    try:
        return read_json(text)
    except JsonError:
        return None


FUNCTIONS: tuple[Function, ...] = (
    Function("toJson", "any", _to_json),
    Function("mustToJson", "any", _must_to_json),
    Function("toPrettyJson", "any", _to_pretty_json),
    Function("mustToPrettyJson", "any", _must_to_pretty_json),
    Function("toRawJson", "any", _must_to_raw_json),
    Function("mustToRawJson", "any", _must_to_raw_json),
    Function("fromJson", "string", _from_json),
    Function("mustFromJson", "string", _must_from_json),
)
