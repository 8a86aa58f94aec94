"""The functions of the rule language, called through expressions: a table of calls, and what is known of half-known values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.authoring.function_pages import functions_page
from scanner.core.unknown import PartialText, Unknown
from scanner.core.views import Attribute, View
from scanner.policy.cel.check import compile_expression
from scanner.policy.cel.environment import Language, Scope
from scanner.policy.cel.errors import EvaluationError
from scanner.policy.cel.evaluate import Program
from scanner.policy.functions import FUNCTIONS, MODULES, SHAPES
from scanner.policy.language import rule_language

HERE = Path(__file__).parent
ROWS = [line for line in (HERE / "functions.txt").read_text("utf-8").splitlines() if line and not line.startswith("#")]
REGISTRY = Unknown("the variable REGISTRY has no value")
TAG = Unknown("the variable TAG has no value")


@pytest.mark.parametrize("row", ROWS)
def test_row(row: str) -> None:
    expression, _, wanted = row.partition(" => ")
    tree = compile_expression(expression, Scope("container"), rule_language())
    program = Program(rule_language(), {"it": tree})
    result = program.evaluate("it", program.frame({}, {}))
    if wanted.startswith("error: "):
        assert isinstance(result, EvaluationError)
        assert result.message == wanted.removeprefix("error: ")
    else:
        assert result == json.loads(wanted)
        assert type(result) is type(json.loads(wanted))


def test_the_table_is_whole() -> None:
    called = " ".join(ROWS)
    assert len(ROWS) >= 200
    assert [name for name in FUNCTIONS if f"{name}(" not in called] == []


def test_each_function_is_declared_once_and_documented() -> None:
    declared = [function.name for module in MODULES for function in module.FUNCTIONS]
    assert len(declared) == len(FUNCTIONS)
    assert [name for name in declared if not FUNCTIONS[name].call.__doc__] == []
    assert [name for name in declared if FUNCTIONS[name].call.__name__ != name] == []


def test_every_shape_is_used() -> None:
    results = {function.result.removeprefix("list(").removesuffix(")") for function in FUNCTIONS.values()}
    assert results & set(SHAPES) == set(SHAPES)


def image(*parts: str | Unknown) -> dict[str, Any]:
    return FUNCTIONS["parse_image"].call(PartialText(parts))


PARTIAL_IMAGES: list[tuple[tuple[str | Unknown, ...], dict[str, Any]]] = [
    (
        (REGISTRY, "/api:1.4"),
        {"registry": REGISTRY, "repository": PartialText((REGISTRY, "/api")), "name": "api", "tag": "1.4"}
        | {"has_tag": True, "digest": "", "has_digest": False, "algorithm": ""},
    ),
    (
        ("nginx:", TAG),
        {"registry": "docker.io", "repository": "library/nginx", "name": "nginx", "tag": TAG, "has_tag": True}
        | {"digest": TAG, "has_digest": TAG, "algorithm": TAG},
    ),
    (
        ("nginx:1.", TAG),
        {"name": "nginx", "tag": PartialText(("1.", TAG)), "has_tag": True, "digest": TAG},
    ),
    ((TAG,), {"registry": TAG, "repository": TAG, "name": TAG, "tag": TAG, "has_tag": TAG, "has_digest": TAG}),
    (
        ("ghcr.io/acme/", TAG),
        {"registry": "ghcr.io", "repository": PartialText(("acme/", TAG)), "name": TAG, "tag": TAG, "has_tag": TAG},
    ),
    (
        ("ghcr.io/acme/", TAG, ":latest"),
        {"registry": "ghcr.io", "name": TAG, "tag": "latest", "has_tag": True, "digest": "", "has_digest": False},
    ),
    (
        ("localhost:", REGISTRY, "/api:", TAG),
        {"registry": PartialText(("localhost:", REGISTRY)), "repository": "api", "name": "api", "tag": TAG},
    ),
    (
        (REGISTRY, "nginx:1.25"),
        {"registry": REGISTRY, "name": PartialText((REGISTRY, "nginx")), "tag": "1.25", "has_digest": False},
    ),
    (
        ("nginx:", TAG, "@sha256:" + "ab" * 32),
        {"tag": TAG, "digest": "sha256:" + "ab" * 32, "has_digest": True, "algorithm": "sha256"},
    ),
    (
        ("nginx@sha256:", TAG),
        {
            "tag": "",
            "has_tag": False,
            "digest": PartialText(("sha256:", TAG)),
            "algorithm": "sha256",
            "has_digest": True,
        },
    ),
    (("nginx@", TAG), {"digest": TAG, "algorithm": TAG, "has_digest": True, "has_tag": False}),
    (("nginx", TAG), {"name": PartialText(("nginx", TAG)), "tag": TAG, "has_tag": TAG, "registry": TAG}),
]


@pytest.mark.parametrize(("parts", "wanted"), PARTIAL_IMAGES)
def test_half_known_images(parts: tuple[str | Unknown, ...], wanted: dict[str, Any]) -> None:
    found = image(*parts)
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ((REGISTRY, "/postgres:16"), True),
        ((REGISTRY, "/nginx:16"), False),
        (("acme/", TAG), TAG),
        ((TAG,), TAG),
        ((REGISTRY, "postgres"), REGISTRY),
    ],
)
def test_half_known_image_among_names(parts: tuple[str | Unknown, ...], wanted: Any) -> None:
    assert FUNCTIONS["image_is"].call(PartialText(parts), ["postgres"]) == wanted


@pytest.mark.parametrize(
    ("name", "parts", "wanted"),
    [
        ("DATABASE_URL", ("postgres://app:", TAG, "@db/app"), TAG),
        ("DATABASE_URL", ("postgres://app:hunter2@", TAG, "/app"), "password in a URL"),
        ("GREETING", ("hello ", TAG), TAG),
        ("ARGS", ("--password=hunter2 --host ", TAG), "password"),
    ],
)
def test_half_known_secrets(name: str, parts: tuple[str | Unknown, ...], wanted: Any) -> None:
    assert FUNCTIONS["secret_kind"].call(name, PartialText(parts)) == wanted


def test_the_page_of_functions(request: pytest.FixtureRequest) -> None:
    path = HERE.parents[1] / "docs" / "functions.md"
    if request.config.getoption("--update-goldens"):
        path.write_text(functions_page(), "utf-8")
    assert path.read_text("utf-8") == functions_page()


def test_a_declaration_that_names_no_type_is_refused() -> None:
    shape = View("odd", "", {"a": Attribute("a", "nothing", "")}, subject=False)
    with pytest.raises(ValueError, match="nothing"):
        Language((), (shape,))
