"""Rendered files become manifests and hooks: splitting, heads, order, output."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.helm.errors import HelmError
from scanner.helm.heads import Head, read_head
from scanner.helm.manifests import INSTALL_ORDER, assembled, only_shown, sort_manifests
from scanner.helm.splitting import split_documents
from scanner.helm.yaml_errors import YamlError
from scanner.template.source import Source
from scanner.template.text import Text


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("", []),
        (" \n ", []),
        ("---", []),
        ("a: 1", ["a: 1"]),
        ("---\na: 1\n---\nb: 2\n", ["a: 1", "b: 2"]),
        ("a\n \n--- x", ["a", "x"]),
        ("---a\n---\n\nb", ["a", "b"]),
        ("----\nx", ["-\nx"]),
        ("a: |\n  x\n---\n  y", ["a: |\n  x", "y"]),
        ("---\n---\na: 1", ["---\na: 1"]),  # the first one takes the line feed of the second
        ("---\n---\n---\na: 1", ["---", "a: 1"]),
        ("--- \n#c\n---", ["#c"]),
        (" --- a", ["a"]),
        ("a --- b", ["a --- b"]),
        ("a\r\n---\r\nb", ["a", "b"]),
        ("\u00a0a\n---\n\u00a0b\u2003\n", ["a", "b"]),
        ("a\n---\n\u00a0\n---\nb", ["a", "", "b"]),
    ],
)
def test_documents(text: str, documents: list[str]) -> None:
    assert split_documents(text) == documents


def test_documents_keep_their_pieces() -> None:
    source = Source("c/templates/x.yaml", "")
    text = Text("a: 1\n---\nbcd: 2\n", [(4, (source, 0), None), (5, (source, 4), None), (7, (source, 9), "origin")])
    one, other = split_documents(text)
    assert (one.pieces, other.pieces) == (((4, (source, 0), None),), ((6, (source, 9), "origin"),))  # type: ignore[attr-defined]


def test_many_documents_are_split_in_one_pass() -> None:
    text = "\n---\n".join(f"a: {number}" for number in range(50_000))
    assert len(split_documents(text)) == 50_000
    assert len(split_documents("\n" * 200_000 + "---" + " \n" * 200_000)) == 0


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("# nothing", Head()),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: x}", Head("v1", "Pod", "x")),
        ("kind: 1\nmetadata: {name: 2.5, annotations: {a: 1, b: true, c: 1.5, d: null}}",
         Head("", "1", "2.5", {"a": "1", "b": "true", "c": "1.5", "d": ""})),
        ("Kind: Pod\nMetadata: {Name: x}", Head("", "Pod", "x")),
        ("metadata: null\nkind: ~", Head()),
    ],
)  # fmt: skip
def test_heads(text: str, head: Head) -> None:
    assert read_head(text) == head


UNFIT = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- a", UNFIT + "array into Go value of type releaseutil.SimpleHead"),
        ("a text", UNFIT + "string into Go value of type releaseutil.SimpleHead"),
        ("kind: [a]", UNFIT + "array into Go struct field SimpleHead.kind of type string"),
        ("kind: {}\napiVersion: []", UNFIT + "array into Go struct field SimpleHead.apiVersion of type string"),
        ("metadata: {annotations: [1]}",
         UNFIT + "array into Go struct field .metadata.annotations of type map[string]string"),
        ("metadata: {annotations: {a: {}}}",
         UNFIT + "object into Go struct field .metadata.annotations of type string"),
        ("metadata: x",
         UNFIT + 'string into Go struct field SimpleHead.metadata of type struct { Name string "json:\\"name\\""; '
         'Annotations map[string]string "json:\\"annotations\\"" }'),
        ("a: b: c",
         "error converting YAML to JSON: yaml: mapping values are not allowed in this context"),
        ("x: 1\na:\n\tb: 1",
         "error converting YAML to JSON: yaml: line 3: found character that cannot start any token"),
    ],
)  # fmt: skip
def test_heads_that_do_not_fit(text: str, problem: str) -> None:
    with pytest.raises(YamlError) as raised:
        read_head(text)
    assert raised.value.message == problem


def sorted_kinds(*kinds: str) -> list[str]:
    manifests, _ = sort_manifests(
        [("c/templates/x.yaml", "\n---\n".join(f"kind: {kind}" for kind in kinds))], [].append
    )
    return [manifest.head.kind for manifest in manifests]


def test_the_order_of_kinds() -> None:
    assert sorted_kinds("Zed", "Service", "Alpha", "Namespace", "Deployment") == [
        "Namespace", "Service", "Deployment", "Alpha", "Zed",
    ]  # fmt: skip
    assert sorted_kinds(*reversed(INSTALL_ORDER)) == list(INSTALL_ORDER)


def test_files_by_name_and_documents_in_their_order() -> None:
    files = [
        ("c/b.yaml", "kind: Pod\nn: 1\n---\nkind: Pod\nn: 2"),
        ("c/a.yaml", "kind: Pod\nn: 3"),
        ("c/_p.tpl", "kind: No"),
        ("c/e", " "),
    ]
    manifests, hooks = sort_manifests(files, [].append)
    assert [(manifest.source, manifest.text[-1]) for manifest in manifests] == [
        ("c/a.yaml", "3"),
        ("c/b.yaml", "1"),
        ("c/b.yaml", "2"),
    ]
    assert hooks == []


def hook(events: str) -> str:
    return f"kind: Job\nmetadata: {{annotations: {{helm.sh/hook: {json.dumps(events)}}}}}"


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ("pre-install", ("pre-install",)),
        (" Pre-Install ,post-delete", ("pre-install", "post-delete")),
        ("test", ("test",)),
        ("test-success", ("test",)),
        ("test-failure", None),
        ("crd-install", None),
        ("pre-install,nope", None),
        ("", None),
    ],
)
def test_hooks(events: str, found: tuple[str, ...] | None) -> None:
    warnings: list[str] = []
    manifests, hooks = sort_manifests([("c/x.yaml", hook(events))], warnings.append)
    assert (manifests, [each.events for each in hooks]) == ([], [] if found is None else [found])
    assert warnings == ([f'info: skipping unknown hook: "{events}"'] if found is None else [])


def test_a_document_that_is_no_yaml_ends_everything() -> None:
    source = Source("c/templates/x.yaml", "kind: Pod\n---\nkind: {{ .x }}\n  a: b\n", "chart/templates/x.yaml")
    rendered = "kind: Pod\n---\nkind: y\n  a: b\n"
    text: Any = Text(
        rendered, [(20, (source, 0), None), (1, (source, 20), None), (len(rendered) - 21, (source, 28), None)]
    )
    with pytest.raises(HelmError) as raised:
        sort_manifests([("c/templates/x.yaml", text)], [].append)
    problem = "error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context"
    assert raised.value.message == f"YAML parse error on c/templates/x.yaml: {problem}"
    assert raised.value.location is not None
    assert raised.value.location.path == "chart/templates/x.yaml"


def test_output() -> None:
    assert assembled([], []) == "\n"
    assert assembled([("c/a", "x"), ("c/b", "z\n\n")], [("c/h", "hook")]) == (
        "---\n# Source: c/a\nx\n---\n# Source: c/b\nz\n---\n# Source: c/h\nhook\n"
    )
    assert assembled([], [("c/h", "hook")]) == "\n---\n# Source: c/h\nhook\n"


def test_only_some_templates() -> None:
    output = assembled(
        [("c/templates/a.yaml", "x"), ("c/charts/d/templates/a.yaml", "z"), ("c/templates/b.yaml", "q")], []
    )
    assert only_shown(output, ["templates/a.yaml"]) == "---\n# Source: c/templates/a.yaml\nx\n"
    shown = only_shown(output, ["templates/?.yaml", "charts/d/templates/*"])
    assert [line for line in shown.split("\n") if line in "xzq"] == ["x", "q", "z", ""]
    for pattern in ("templates/nope.yaml", "templates/[", "a.yaml"):
        with pytest.raises(HelmError) as raised:
            only_shown(output, [pattern])
        assert raised.value.message == f"could not find template {pattern} in chart"
