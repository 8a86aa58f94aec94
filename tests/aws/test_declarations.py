"""Every declaration of a resource type against botocore's service models. Nothing is connected to."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore.validate import ParamValidator

from scanner.aws.calls import PAGE_MARKS
from scanner.aws.declaration import NAME_TAG, Detail, ResourceType
from scanner.aws.models import action_of, data_loader, operation_name, service_model
from scanner.aws.types import MODULES, resource_types
from tests.aws.model_paths import (
    ANY,
    Map,
    PathError,
    Seq,
    Struct,
    find,
    listed_row,
    of,
    output_of,
    taken_by,
    with_details,
)

KINDS = list(resource_types().values())
BY_TYPE = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type)

PLACES = {"$account": "111111111111", "$region": "eu-west-1", "$partition": "aws"}
SAMPLES: dict[str, Any] = {"string": "a" * 40, "integer": 1, "number": 1.0, "boolean": True, "timestamp": "2025-01-02"}
MODELLED_BY_NAME = {
    "s3": "most of its errors are not in the model",
    "s3control": "the same",
    "iam": "the model has NoSuchEntityException, the service answers NoSuchEntity",
    "efs": "the model adds Exception to some codes",
}


def calls(kind: ResourceType) -> Iterator[tuple[str, str, Mapping[str, Any], Detail | None]]:
    """Every call of a type: service, method, parameters, and the detail whose call it is."""
    if kind.call:
        for variant in kind.variants:
            yield kind.service, kind.operation, {**kind.params, **variant.params}, None
    if kind.region_from is not None and kind.region_from.call:
        yield *kind.call_of(kind.region_from), kind.region_from.params, Detail(kind.region_from.call, {}, "")
    for detail in kind.details:
        yield *kind.call_of(detail), detail.params, detail


def test_there_are_many_types_and_each_is_declared_once() -> None:
    from importlib import import_module

    declared = [each.type for name in MODULES for each in import_module(f"scanner.aws.types.{name}").TYPES]
    assert [name for name, count in Counter(declared).items() if count > 1] == []
    assert len(declared) >= 100
    assert list(resource_types()) == sorted(declared)


def test_one_service_is_imported_without_the_others() -> None:
    code = "import sys, scanner.aws.types.mq; print([m for m in sys.modules if m.startswith('scanner.aws.types.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['scanner.aws.types.mq']"


def test_declarations_need_neither_boto3_nor_jmespath() -> None:
    code = (
        "import sys; from scanner.aws.types import resource_types; resource_types(); "
        "print([m for m in sys.modules if m.partition('.')[0] in ('boto3', 'botocore', 'jmespath')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@BY_TYPE
def test_each_call_is_an_operation_with_these_parameters(kind: ResourceType) -> None:
    parent = listed_row(resource_types()[kind.each]) if kind.each else Struct({})
    for service, method, params, detail in calls(kind):
        row = Struct({}) if detail is None else with_details(kind, after=False) if detail.after else listed_row(kind)
        if detail is not None and detail.call == (kind.region_from.call if kind.region_from else None):
            row = listed_row(kind)
        shape = service_model(service).operation_model(operation_name(service, method)).input_shape
        listed = sum(_is_row_path(value) for value in params.values())
        if detail is not None and detail.batch:
            assert listed == 1, f"{method}: a batch has exactly one path over the row"
        given = {}
        for name, value in params.items():
            assert name in getattr(shape, "members", ()), f"{method} takes no {name}"
            given[name] = _sample(value, row, parent, shape.members[name], batch=bool(detail and detail.batch))
        if shape is not None:
            report = ParamValidator().validate(given, shape)
            assert not report.has_errors(), f"{method}: {report.generate_report()}"


def _is_row_path(value: Any) -> bool:
    return isinstance(value, str) and value[:1] not in ("=", "$", "^")


def _sample(value: Any, row: Struct, parent: Struct, shape: Any, *, batch: bool) -> Any:
    """A value such as the parameter would have; its kind is held against the model's."""
    if not isinstance(value, str):
        return _filled(value)
    if value.startswith("="):
        assert not shape.metadata.get("enum") or value[1:] in shape.metadata["enum"], f"{value} is none of the values"
        return value[1:]
    if value.startswith("$"):
        return _filled(value)
    found = find(value[1:], parent) if value.startswith("^") else find(value, row)
    if batch and _is_row_path(value):
        assert shape.type_name == "list", f"{value} goes to no list"
        shape = shape.member
        assert of(shape) == found, f"{value} is {found}, not {of(shape)}"
        return [SAMPLES[found]]
    if isinstance(found, Struct) and not found.model:
        wanted = of(shape)
        assert {name: wanted.get(name) for name in found.members} == found.members, f"{value} is not {wanted}"
        return {name: SAMPLES[kind] for name, kind in found.members.items()}
    assert of(shape) == found, f"{value} is {found}, not {of(shape)}"
    return SAMPLES[found] if isinstance(found, str) else []


def _filled(value: Any) -> Any:
    if isinstance(value, str):
        return "2025-01-02" if value.startswith("$today-") else PLACES.get(value, value)
    if isinstance(value, Mapping):
        return {key: _filled(each) for key, each in value.items()}
    return [_filled(each) for each in value] if isinstance(value, list | tuple) else value


@BY_TYPE
def test_no_page_of_an_answer_is_left_out(kind: ResourceType) -> None:
    """Each answer in pages has a paginator, or its mark of the next page is the name of a parameter too."""
    for service, method, params, _ in calls(kind):
        name = operation_name(service, method)
        try:
            known = data_loader().load_service_model(service, "paginators-1")["pagination"]
        except Exception:  # noqa: BLE001 - the service has no paginators
            known = {}
        model = service_model(service).operation_model(name)
        marks = [mark for mark in PAGE_MARKS if mark in (model.output_shape.members if model.output_shape else ())]
        if name in known:
            assert not set(params) & {known[name].get("limit_key")} or service.startswith("cognito"), method
        else:
            assert all(mark in model.input_shape.members for mark in marks), f"{method}: {marks}"


@BY_TYPE
def test_every_path_leads_somewhere(kind: ResourceType) -> None:
    row = with_details(kind)
    identity = find(kind.id, row)
    assert identity in ("string", ANY)
    if not kind.arn.startswith("arn:"):
        assert find(kind.arn, row) == "string"
    else:
        kind.arn.format(partition="", account="", region="", id="", bare_id="", parent_id="")
    if kind.name and kind.name != NAME_TAG:
        assert find(kind.name, row) == "string"
    if any(other.each == kind.type for other in KINDS):
        assert find(kind.id, listed_row(kind)) == "string", "children need the id of the list call"
    if kind.region_from is not None:
        assert find(kind.region_from.path, row) == "string"
        if kind.region_from.call:
            assert find(kind.region_from.take, output_of(*kind.call_of(kind.region_from))) == "string"
    for detail in kind.details:
        taken_by(kind, detail)
        if detail.when:
            find(detail.when, with_details(kind, after=False) if detail.after else listed_row(kind))


@BY_TYPE
def test_what_is_kept_is_collected_and_what_is_collected_is_kept(kind: ResourceType) -> None:
    row = with_details(kind)
    assert kind.keep, "says what it keeps"
    assert len(set(kind.keep)) == len(kind.keep)
    assert set(kind.keep) <= set(row.members)
    assert len(set(kind.properties)) == len(kind.keep), "two keys under one name"
    tags = {"Tags", "tags"}
    unused = {detail.into for detail in kind.details if detail.into and detail.into not in kind.keep} - tags
    used = " ".join([kind.id, kind.arn, kind.name, *(detail.when for detail in kind.details)])
    used += " ".join(str(value) for detail in kind.details for value in detail.params.values())
    assert {key for key in unused if key not in used} == set()


@BY_TYPE
def test_renames_redactions_and_documents_are_of_what_is_kept(kind: ResourceType) -> None:
    row = with_details(kind)
    for path in kind.rename:
        assert path.partition(".")[0].removesuffix("[]") in kind.keep, path
        _follow(path, row)
    for path in kind.redact:
        assert path.partition(".")[0].removesuffix("[]") in kind.keep, path
        assert _follow(path, row) is not None, path
    for path in kind.json:
        assert path.partition(".")[0].removesuffix("[]") in kind.keep, path
        assert _follow(path, row) in ("string", ANY), path


def _follow(path: str, shape: Any) -> Any:
    """The shape at a path as `rename`, `redact` and `json` write them."""
    for part in path.replace("[]", ".[]").split("."):
        if part == "[]":
            assert isinstance(shape, Seq), path
            shape = of(shape.item)
        elif part == "*":
            assert isinstance(shape, Map) or shape == ANY, path
            shape = of(shape.value) if isinstance(shape, Map) else ANY
        elif part == "**":
            return _somewhere(path.rpartition(".")[2], shape, ())
        else:
            shape = find(part, shape)
    return shape


def _somewhere(name: str, shape: Any, inside: tuple[str, ...]) -> Any:
    """The shape of the first member of this name at any depth; None where there is none."""
    if isinstance(shape, Seq | Map):
        return _somewhere(name, of(shape.item if isinstance(shape, Seq) else shape.value), inside)
    if not isinstance(shape, Struct) or shape.model in inside:
        return None
    if name in shape.members:
        return shape.get(name)
    found = (_somewhere(name, shape.get(key), (*inside, shape.model)) for key in shape.members)
    return next((each for each in found if each is not None), None)


@BY_TYPE
def test_codes_of_absence_are_codes_of_the_operation(kind: ResourceType) -> None:
    for service, method, _, detail in calls(kind):
        codes = kind.absent if detail is None else detail.absent
        errors = service_model(service).operation_model(operation_name(service, method)).error_shapes
        known = {each.name for each in errors} | {each.metadata.get("error", {}).get("code") for each in errors}
        if codes and known and service not in MODELLED_BY_NAME:
            assert {code.partition(": ")[0] for code in codes} <= known, f"{method}: {sorted(filter(None, known))}"


@BY_TYPE
def test_parents_are_types_and_settings_stand_alone(kind: ResourceType) -> None:
    if kind.each:
        parent = resource_types()[kind.each]
        assert parent.scope == kind.scope
        assert any(isinstance(value, str) and value.startswith("^") for value in kind.params.values())
    if not kind.call:
        assert all(":" in detail.call for detail in kind.details)
        assert not kind.items


@BY_TYPE
def test_actions_are_named(kind: ResourceType) -> None:
    for service, method, _, detail in calls(kind):
        iam = kind.iam if detail is None else detail.iam
        assert all(each.count(":") == 1 for each in iam) or action_of(service, method)


def test_the_checker_of_paths_sees_what_leads_nowhere() -> None:
    shape = output_of("ec2", "describe_vpcs")
    assert find("Vpcs[].{Id: VpcId}", shape) == Seq(Struct({"Id": "string"}))
    for wrong in ("Vpc[]", "Vpcs[].vpcId", "Vpcs.VpcId", "Vpcs[?Nothing].VpcId", "Vpcs[].merge(@, VpcId)"):
        with pytest.raises(PathError):
            find(wrong, shape)
