"""Secrets are judged where they are collected: what is kept of them is the verdict."""

from __future__ import annotations

import base64
import gzip
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any

import pytest

from scanner.aws.declaration import ResourceType
from scanner.aws.models import as_data, mark_maps
from scanner.aws.records import make_record
from scanner.aws.redaction import Judged, masked, redact

TOKEN = "ghp_" + "a1B2" * 9
PASSWORD_LINE = "[client]\npassword=Tr0ub4dor\n"


def b64(text: str, *, packed: bool = False) -> str:
    data = gzip.compress(text.encode()) if packed else text.encode()
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("row", "path", "expected"),
    [
        ({"E": {"V": {"DB_PASSWORD": "Tr0ub4dor"}}}, "E.V.*", {"E": {"V": {"DB_PASSWORD": Judged("password")}}}),
        ({"E": {"V": {"PORT": "8080"}}}, "E.V.*", {"E": {"V": {"PORT": Judged("")}}}),
        ({"E": None}, "E.V.*", {"E": None}),
        ({"E": "text"}, "E.V.*", {"E": "text"}),
        ({}, "E.V.*", {}),
        (
            {"c": [{"env": [{"name": "API_TOKEN", "value": "s3cr3t-value"}]}, {}]},
            "c[].env[].value",
            {"c": [{"env": [{"name": "API_TOKEN", "value": Judged("token")}]}, {}]},
        ),
        (
            {"c": [{"command": ["run", TOKEN]}]},
            "c[].command[]",
            {"c": [{"command": [Judged(""), Judged("GitHub token")]}]},
        ),
        (
            {
                "command": [
                    "redis-server",
                    "--requirepass",
                    "Tr0ub4dor",
                    "--port",
                    "6379",
                    "--appendonly",
                    "--save",
                    "Tr0ub4dor",
                ]
            },
            "command[]",
            {"command": [Judged(""), Judged(""), Judged("password"), *[Judged("")] * 5]},
        ),
        (
            {"O": [{"OutputKey": "AdminPassword", "OutputValue": "Tr0ub4dor"}]},
            "O[].OutputValue",
            {"O": [{"OutputKey": "AdminPassword", "OutputValue": Judged("password")}]},
        ),
        ({"U": b64("#!/bin/sh\nPASSWORD=Tr0ub4dor\n")}, "U", {"U": Judged("password")}),
        ({"U": b64("#!/bin/sh\nPASSWORD=Tr0ub4dor\n", packed=True)}, "U", {"U": Judged("password")}),
        ({"U": b64("#!/bin/sh\necho hello\n")}, "U", {"U": Judged("")}),
        # A file of cloud-init, a wrapped part of a message, what a script unpacks; random data is no text.
        ({"U": b64(f"#cloud-config\nencoding: b64\ncontent: {b64(PASSWORD_LINE)}\n")}, "U", {"U": Judged("password")}),
        (
            {"U": b64(f"--B\n\n  {b64(PASSWORD_LINE)[:16]}\n  {b64(PASSWORD_LINE)[16:]}\n--B--\n")},
            "U",
            {"U": Judged("password")},
        ),
        (
            {"U": b64(f"echo '{b64(PASSWORD_LINE, packed=True)}' | base64 -d | gunzip\n")},
            "U",
            {"U": Judged("password")},
        ),
        ({"c": f"echo {b64(PASSWORD_LINE)} | base64 -d"}, "c", {"c": Judged("password")}),
        ({"U": b64(f"#cloud-config\ncontent: {b64('a plain file')}\n")}, "U", {"U": Judged("")}),
        ({"U": b64(f"sum {base64.b64encode(bytes(range(128, 200))).decode()}\n")}, "U", {"U": Judged("")}),
        (
            {"R": [{"S": {"Not": {"B": {"Find": b"password=Tr0ub4dor", "n": 1}}}}, {"Find": "x"}]},
            "R[].**.Find",
            {"R": [{"S": {"Not": {"B": {"Find": Judged("password"), "n": 1}}}}, {"Find": Judged("")}]},
        ),
        (
            {"C": [{"HttpHeaderName": "X-Api-Token", "Values": ["s3cr3t-value", "x"]}, {"Values": ["a"]}]},
            "C[].Values[]",
            {
                "C": [
                    {"HttpHeaderName": "X-Api-Token", "Values": [Judged("token"), Judged("")]},
                    {"Values": [Judged("")]},
                ]
            },
        ),
        ({"U": {"a": ["x", 3, True, None]}}, "U", {"U": {"a": [Judged(""), Judged(""), True, None]}}),
        ({"U": b"PASSWORD=Tr0ub4dor"}, "U", {"U": Judged("password")}),
    ],
)
def test_redaction(row: Any, path: str, expected: Any) -> None:
    redact(row, path)
    assert row == expected


def test_a_bomb_in_user_data_is_not_unpacked_whole() -> None:
    row = {"U": base64.b64encode(gzip.compress(b"\0" * 50_000_000)).decode()}
    redact(row, "U")
    assert row == {"U": Judged("")}


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("https://me:hunter2222@example.com/", "", ("https://me:***@example.com/", "password in a URL")),
        (f"use {TOKEN} here", "", ("use *** here", "GitHub token")),
        ("plain text of some length", "", ("plain text of some length", "")),
        ("Tr0ub4dor", "password", ("***", "password")),
        ("prod", "stage", ("prod", "")),
        ("short", "", ("short", "")),
    ],
)
def test_masking(text: str, name: str, expected: tuple[str, str]) -> None:
    assert masked(text, name) == expected


KIND = ResourceType(
    type="AWS::Test::Thing",
    call="ecs:describe_task_definition",
    items="[@]",
    id="id",
    arn="arn:{partition}:test:{region}:{account}:thing/{id}",
    rename={"vpcConfig": "VpcConfig", "vpcConfig.vpcId": "VPCId", "list[].aBc": "ABC"},
    json=("policy", "rules[].document"),
)


def record(row: dict[str, Any], **unknown: Any) -> Any:
    return make_record(KIND, {"id": "x", **row}, ("aws-cn", "123456789012", "cn-north-1"), ("", ""), unknown)


def test_tokens_in_names_and_in_what_keys_give_away() -> None:
    made = record(
        {
            "id": f"build/{TOKEN}",
            "labels": OrderedDict({"password": "Tr0ub4dor", TOKEN: "x", "stage": "prod"}),
            "tags": {TOKEN: "y"},
        }
    )
    assert made["id"] == made["name"] == "build/***"
    assert made["arn"] == "arn:aws-cn:test:cn-north-1:123456789012:thing/build/***"
    assert made["tags"] == {"***": "y"}
    assert made["properties"]["Labels"] == {"password": "***", "***": "x", "stage": "prod"}
    assert made["secrets"] == [{"path": "Id", "kind": "GitHub token"}, {"path": "Labels.password", "kind": "password"}]


def test_the_id_of_an_access_key_is_its_name() -> None:
    made = record({"id": "AKIAQ2W3E4R5T6Y7U7A2", "text": "uses AKIAQ2W3E4R5T6Y7U7A2"})
    assert made["id"] == made["name"] == "AKIAQ2W3E4R5T6Y7U7A2"
    assert made["properties"]["Text"] == "uses ***"


def test_names_and_values() -> None:
    made = record(
        {
            "vpcConfig": {"vpcId": "v", "subnetIds": ["s"]},
            "list": [{"aBc": 1, "dEf": None}],
            "policy": '{"Statement": [{"condition": {"aws:x": 1}}]}',
            "rules": [{"document": '{"a": 1}'}, {"document": "no json"}],
            "labels": OrderedDict({"app.kubernetes.io/name": "web"}),
            "at": datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
            "blob": b"\xff\x00",
            "text": b"abc",
            "headers": [{"Name": "x-api-token", "Value": "s3cr3t-value"}],
            "tags": [{"key": "password", "value": "Tr0ub4dor"}, {"key": "stage", "value": "prod"}],
        }
    )
    assert made["properties"] == {
        "Id": "x",
        "VpcConfig": {"VPCId": "v", "SubnetIds": ["s"]},
        "List": [{"ABC": 1, "DEf": None}],
        "Policy": {"Statement": [{"condition": {"aws:x": 1}}]},
        "Rules": [{"Document": {"a": 1}}, {"Document": "no json"}],
        "Labels": {"app.kubernetes.io/name": "web"},
        "At": "2025-01-02T03:04:05Z",
        "Blob": "/wA=",
        "Text": "abc",
        "Headers": [{"Name": "x-api-token", "Value": "***"}],
        "Tags": [{"Key": "password", "Value": "***"}, {"Key": "stage", "Value": "prod"}],
    }
    assert made["tags"] == {"password": "***", "stage": "prod"}
    assert made["secrets"] == [
        {"path": "Headers[0].Value", "kind": "token"},
        {"path": "Tags[0].Value", "kind": "password"},
    ]
    assert made["arn"] == "arn:aws-cn:test:cn-north-1:123456789012:thing/x"


def test_maps_are_marked_by_the_model() -> None:
    answer = {
        "taskDefinition": {
            "containerDefinitions": [
                {"name": "c", "dockerLabels": {"a": "b"}, "logConfiguration": {"logDriver": "x", "options": {"o": "p"}}}
            ]
        }
    }
    mark_maps("ecs", "describe_task_definition", answer)
    container = answer["taskDefinition"]["containerDefinitions"][0]
    assert type(container["dockerLabels"]) is OrderedDict
    assert type(container["logConfiguration"]) is dict
    assert type(container["logConfiguration"]["options"]) is OrderedDict  # type: ignore[index]
    assert as_data({"a": [{"b": 1}]}) == OrderedDict({"a": [OrderedDict({"b": 1})]})
