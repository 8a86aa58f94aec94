"""`${NAME}` in manifests that another step fills in before kubectl reads them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.normalize.kubernetes.support import of_view, plain

UNKNOWN = "<variable: the variable NAME has no value>"


@pytest.mark.parametrize(
    ("image", "value"),
    [
        ("nginx:1", "nginx:1"),
        ("${NAME}", UNKNOWN),
        ("${NAME}/api:1.4", [UNKNOWN, "/api:1.4"]),
        ("a/${NAME}:${TAG:-1.4}", ["a/", UNKNOWN, ":1.4"]),
        ("a:${NAME:-}", "a:"),
        ("a:${NAME-b}", "a:b"),
        ("a:${NAME:=b}", "a:b"),
        ("a:${NAME}${NAME}", ["a:", UNKNOWN, UNKNOWN]),
        ("${}", "${}"),
        ("${1}", "${1}"),
        ("a:$NAME", "a:$NAME"),
        ("${NAME", "${NAME"),
        ("${NAME:-${OTHER}}", ["${NAME:-", "<variable: the variable OTHER has no value>", "}"]),
    ],
)
def test_images(image: str, value: Any) -> None:
    text = f"apiVersion: v1\nkind: Pod\nspec: {{containers: [{{image: '{image}', ports: [{{containerPort: 1}}]}}]}}\n"
    (container,) = of_view(text, "container")
    assert plain(container.values["image"]) == value
    (port,) = of_view(text, "port")
    assert plain(port.values["image"]) == value


@pytest.mark.parametrize(
    ("field", "attribute"),
    [
        ("securityContext: {privileged: 'VALUE'}", "privileged"),
        ("securityContext: {runAsUser: 'VALUE'}", "user"),
        ("resources: {limits: {memory: 'VALUE'}}", "memory_limit"),
        ("resources: {limits: {cpu: 'VALUE'}}", "cpu_limit"),
    ],
)
@pytest.mark.parametrize("value", ["${NAME}", "${NAME}Mi", "${NAME:-5}"])
def test_fields_that_take_no_text(field: str, attribute: str, value: str) -> None:
    text = f"apiVersion: v1\nkind: Pod\nspec: {{containers: [{{{field.replace('VALUE', value)}}}]}}\n"
    (container,) = of_view(text, "container")
    assert plain(container.values[attribute]) == UNKNOWN


def test_texts_stay_as_they_are() -> None:
    text = "apiVersion: v1\nkind: Pod\nspec: {containers: [{env: [{name: A, value: '${NAME}'}]}]}\n"
    (variable,) = of_view(text, "environment_variable")
    assert variable.values["value"] == "${NAME}"
