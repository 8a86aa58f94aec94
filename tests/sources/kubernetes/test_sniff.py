"""The look before parsing misses no manifest."""

from __future__ import annotations

import codecs
import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.sources.kubernetes.manifests import load_manifests
from scanner.sources.kubernetes.sniff import looks_like_manifest

MANIFESTS = [
    "apiVersion: v1\nkind: Pod\n",
    "kind: Pod\napiVersion: v1\n",
    "\"apiVersion\": v1\n'kind': Pod\n",
    "  apiVersion: v1\n  kind: Pod\n",
    "{apiVersion: v1, kind: Pod}",
    '{"apiVersion":"v1","kind":"Pod"}',
    "? apiVersion\n: v1\n? kind\n: Pod\n",
    "!!map {apiVersion: v1, kind: Pod}",
    "--- # first\nx: 1\n---\n!!str apiVersion: v1\n&a kind: Pod\n",
    "base: &base {apiVersion: v1, kind: Pod}\n---\napiVersion: v1\nkind: Pod\n",
    '"api\\x56ersion": v1\n"kin\\u0064": Pod\n',
    '? "api\\\n  Version"\n: v1\n? "ki\\\n  nd"\n: Pod\n',
    "a: &a apiVersion\nb: &b kind\n*a : v1\n*b : Pod\n",
]


@pytest.mark.parametrize("text", MANIFESTS)
@pytest.mark.parametrize(
    ("encoding", "bom"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", codecs.BOM_UTF32_BE),
    ],
)
def test_no_manifest_is_missed(text: str, encoding: str, bom: bytes) -> None:
    data = bom + text.encode(encoding)
    assert load_manifests(data, "m.yaml").is_manifest
    assert looks_like_manifest(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "services: {web: {image: a}}\n",
        "apiVersion: v2\nname: chart\n",
        "kind: x\n",
        '{"name": "a\\n"}',
        "a: b\\c\n",
    ],
)
def test_other_files_are_not_parsed(text: str) -> None:
    assert not looks_like_manifest(text.encode())


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3),
    st.sampled_from(["json", "block", "flow", "quoted"]),
)
def test_whatever_else_it_holds(more: dict[str, str], style: str) -> None:
    value = {**more, "apiVersion": "v1", "kind": "Service"}
    if style == "json":
        text = json.dumps(value)
    else:
        text = yaml.safe_dump(
            value, default_flow_style=style == "flow", default_style='"' if style == "quoted" else None, width=20
        )
    assert looks_like_manifest(text.encode())
