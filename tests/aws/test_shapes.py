"""The shapes that rules are checked against are what the declarations and botocore's models give."""

from __future__ import annotations

import json

import pytest

from scanner.aws.shapes import record_shape
from scanner.aws.types import resource_types
from scanner.core.resource_shapes import FOLDER, resource_shape, resource_views, service_of


def test_stored_shapes_are_those_of_the_declarations(pytestconfig: pytest.Config) -> None:
    """After a change of scanner/aws/types: `pytest tests/aws/test_shapes.py --update-goldens`."""
    services: dict[str, dict[str, object]] = {}
    for name, kind in resource_types().items():
        services.setdefault(service_of(name), {})[name] = record_shape(kind)
    written = {f"{service}.json": f"{json.dumps(types, indent=1)}\n" for service, types in sorted(services.items())}
    if pytestconfig.getoption("--update-goldens"):
        FOLDER.mkdir(exist_ok=True)
        for path in FOLDER.glob("*.json"):
            if path.name not in written:
                path.unlink()
        for name, text in written.items():
            if not (FOLDER / name).is_file() or (FOLDER / name).read_text("utf-8") != text:
                (FOLDER / name).write_text(text, "utf-8", newline="\n")
    stored = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")}
    assert sorted(stored) == sorted(written)
    for name, text in written.items():
        assert stored[name] == text, f"{name} is out of date: run this test with --update-goldens"


@pytest.mark.parametrize("name", sorted(resource_types()))
def test_a_type_becomes_messages(name: str) -> None:
    views = resource_views((name,))
    assert len({view.name for view in views}) == len(views)
    assert resource_shape(name) is not None
