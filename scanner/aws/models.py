"""What botocore's service models say: names of operations and IAM actions, which answers hold maps, what a path takes.

Nothing is connected to.
"""

from __future__ import annotations

import gzip
import json
import os
from collections import OrderedDict
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_PREFIXES = {"cloudwatch": "cloudwatch", "docdb": "rds", "neptune": "rds", "sesv2": "ses"}
"""Where the name under which requests are signed is not the prefix of IAM's actions."""

_PAGE_SIZES = {
    "apigateway": 500, "cloudwatch": 100, "ecs": 100, "iam": 1000, "kms": 100, "secretsmanager": 100,
    "service-quotas": 100, "ssm": 50,
}  # fmt: skip
"""The largest pages, by AWS's reference, of the services that give few rows a page unasked."""

EVERY_KEY = ("*",)


class _Files:
    """Reads botocore's data files as its own reader does, but without the documentation in them: half the memory."""

    def exists(self, path: str) -> bool:
        """Whether there is such a file; `path` is without its ending."""
        return any(Path(path + ending).is_file() for ending in (".json", ".json.gz"))

    def load_file(self, path: str) -> dict[str, Any] | None:
        """The content of a file, None where there is none."""
        for ending in (".json", ".json.gz"):
            file = Path(path + ending)
            if file.is_file():
                data = file.read_bytes()
                found: dict[str, Any] = json.loads(gzip.decompress(data) if ending.endswith("gz") else data)
                if path.endswith("service-2"):
                    _strip(found)
                return found
        return None


def _strip(model: dict[str, Any]) -> None:
    model.pop("documentation", None)
    for part in ("operations", "shapes"):
        for each in model.get(part, {}).values():
            each.pop("documentation", None)
            for member in each.get("members", {}).values() if part == "shapes" else ():
                member.pop("documentation", None)


@cache
def data_loader() -> Any:
    """One loader of service models for all sessions: a model is read and parsed once."""
    from botocore.loaders import Loader

    more = [path for path in os.environ.get("AWS_DATA_PATH", "").split(os.pathsep) if path]
    return Loader(extra_search_paths=[str(Path(path).expanduser()) for path in more], file_loader=_Files())


@lru_cache(maxsize=512)
def service_model(service: str) -> Any:
    """botocore's model of a service. Raises botocore's UnknownServiceError."""
    from botocore.model import ServiceModel

    return ServiceModel(data_loader().load_service_model(service, "service-2"), service)


@cache
def _methods(service: str) -> dict[str, str]:
    from botocore import xform_name

    return {xform_name(name): name for name in service_model(service).operation_names}


def operation_name(service: str, method: str) -> str:
    """`DescribeDBInstances` of rds and describe_db_instances. Raises LookupError for a method that there is not."""
    name = _methods(service).get(method)
    if name is None:
        raise LookupError(f"{service} has no operation {method}")
    return name


@lru_cache(maxsize=4096)
def action_of(service: str, method: str) -> str:
    """`rds:DescribeDBInstances` of rds and describe_db_instances: the IAM action for all but a few operations."""
    prefix = _PREFIXES.get(service) or service_model(service).signing_name
    return f"{prefix}:{operation_name(service, method)}"


@lru_cache(maxsize=2048)
def page_size(service: str, method: str) -> tuple[str, int]:
    """The parameter that says how many rows a page may have, and what to ask for; ('', 0) to leave it to the service.

    Raises botocore's errors where the operation has no pages.
    """
    if service not in _PAGE_SIZES:
        return "", 0
    name = operation_name(service, method)
    key = str(data_loader().load_service_model(service, "paginators-1")["pagination"][name].get("limit_key", ""))
    shape = service_model(service).operation_model(name).input_shape
    if shape is None or key not in shape.members:
        return "", 0
    return key, min(_PAGE_SIZES[service], shape.members[key].metadata.get("max", _PAGE_SIZES[service]))


def mark_maps(service: str, method: str, answer: dict[str, Any]) -> dict[str, Any]:
    """`answer` with an OrderedDict wherever the keys are data by the model (labels, variables) and not names of the
    API. It is changed in place."""
    plan = _plan_of(service, method)
    if plan is not None:
        _mark(plan, answer)
    return answer


@lru_cache(maxsize=2048)
def _plan_of(service: str, method: str) -> Any:
    shape = service_model(service).operation_model(operation_name(service, method)).output_shape
    return _plan(shape, ()) if shape is not None else None


def _plan(shape: Any, inside: tuple[str, ...]) -> Any:
    """None where there is no map; a dict for the members of a structure that hold some; ('list' or 'map', plan)."""
    if shape.name in inside:
        return None
    inside = (*inside, shape.name)
    if shape.type_name == "map":
        return "map", _plan(shape.value, inside)
    if shape.type_name == "list":
        element = _plan(shape.member, inside)
        return ("list", element) if element is not None else None
    if shape.type_name == "structure":
        if getattr(shape, "is_document_type", False):
            return "document", None
        members = {name: _plan(member, inside) for name, member in shape.members.items()}
        return {name: plan for name, plan in members.items() if plan is not None} or None
    return None


def _mark(plan: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(plan, dict):
        for name, inner in plan.items():
            if name in value:
                value[name] = _mark(inner, value[name])
        return value
    kind, inner = plan
    if kind == "document":
        return as_data(value)
    if kind == "list":
        for index, each in enumerate(value):
            value[index] = _mark(inner, each)
        return value
    return OrderedDict((key, each if inner is None else _mark(inner, each)) for key, each in value.items())


def as_data(value: Any) -> Any:
    """`value` with every object in it marked as one whose keys are data: a parsed policy, for instance."""
    if isinstance(value, dict):
        return OrderedDict((key, as_data(each)) for key, each in value.items())
    if isinstance(value, list):
        return [as_data(each) for each in value]
    return value


@lru_cache(maxsize=2048)
def keys_taken(service: str, method: str, take: str) -> tuple[str, ...]:
    """The keys of the object that the path `take` finds in the answer, or of each in the list that it finds.

    EVERY_KEY where the model does not tell.
    """
    import jmespath

    shape = service_model(service).operation_model(operation_name(service, method)).output_shape
    found = _taken(jmespath.compile(take).parsed, shape)
    if isinstance(found, tuple):
        return found
    if getattr(found, "type_name", "") == "list":
        found = found.member
    members = getattr(found, "members", None)
    return tuple(sorted(members)) if members and found.type_name == "structure" else EVERY_KEY


def _taken(node: dict[str, Any], shape: Any) -> Any:
    """The shape at a node of a path, or the keys of an object that the path makes; None where it cannot be told."""
    kind, children = node["type"], node["children"]
    if kind == "multi_select_dict":
        return tuple(sorted(child["value"] for child in children))
    if kind in ("current", "identity"):
        return shape
    if kind == "field":
        return getattr(shape, "members", {}).get(node["value"])
    if kind in ("subexpression", "index_expression", "pipe"):
        for child in children:
            if shape is None or isinstance(shape, tuple):
                return None
            shape = _taken(child, shape)
        return shape
    if kind == "index":
        return getattr(shape, "member", None)
    return None
