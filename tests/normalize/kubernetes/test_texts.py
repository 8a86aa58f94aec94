"""Names of texts: the option that a word is the value of, and never a part of what may be a secret."""

from __future__ import annotations

import base64
import json

import pytest

from tests.normalize.kubernetes.support import of_view


def _settings(words: list[str]) -> list[tuple[str, str]]:
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{{name: c, args: {json.dumps(words)}}}]}}\n"
    return [(subject.values["name"], subject.key) for subject in of_view(text, "text_setting")]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--password=sesame"], ["--password"]),
        (["--password", "sesame", "more"], ["", "--password", ""]),
        (["-p", "sesame"], ["", "-p"]),
        (["-token=sesame"], ["-token"]),
        (["-psesame", "database"], ["", ""]),
        (["-pc2VzYW1l==", "database"], ["", ""]),
        (["--a=b", "c"], ["--a", ""]),
        (["--a", "--b", "c"], ["", "", "--b"]),
        (["-", "--", "a"], ["", "", ""]),
        (["sesame=open"], [""]),
    ],
)
def test_names(words: list[str], names: list[str]) -> None:
    found = _settings(words)
    assert [name for name, _ in found] == names
    assert [key for _, key in found] == [f"c/argument {name}" if name else "c/argument" for name in names]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (base64.b64encode(b"sesame").decode(), "sesame"),
        ("c2Vz\n  YW1l", "sesame"),
        ("", ""),
        ("not base64!", "not base64!"),
        ("${PASSWORD}", "${PASSWORD}"),
        (base64.b64encode(b"\xfe\xed\xfe\xed").decode(), "/u3+7Q=="),
        ("QQ" * 900_000, "QQ" * 900_000),
    ],
)
def test_data_of_a_secret(value: str, text: str) -> None:
    manifest = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata: {{key: {json.dumps(value)}}}\n"
    (subject,) = of_view(manifest, "text_setting")
    assert subject.values == {"place": "secret", "name": "key", "value": text, "owner": "s"}
