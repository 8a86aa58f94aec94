"""Values that share their parts: small in memory, endless when they are written."""

from __future__ import annotations

import pytest

from tests.template.probing import render_probe

DOUBLING = '{{ $d := dict "x" 1 }}{{ range until 60 }}{{ $d = dict "a" $d "b" $d }}{{ end }}'
TOO_LONG = "the result is longer than 10,000,000 characters, which no setting changes"


@pytest.mark.parametrize("function", ["toYaml", "toJson", "toPrettyJson", "toRawJson", "toToml", "toYamlPretty"])
def test_writing_ends(function: str) -> None:
    output, error = render_probe(DOUBLING + "{{ " + function + " $d }}")
    assert output == ""
    problem = f"error calling {function}: "
    assert error.endswith(
        (problem + "the document would have more than 250,000 parts, which no setting changes", problem + TOO_LONG)
    )


@pytest.mark.parametrize("function", ["printf", "deepCopy"])
def test_printing_ends(function: str) -> None:
    format_ = ' "%v"' if function == "printf" else ""
    output, error = render_probe(DOUBLING + "{{ " + function + format_ + " $d }}")
    assert output == ""
    assert "limit" in error or "more than" in error or "too" in error, error


def test_an_action_shows_what_it_cannot_show_as_an_error() -> None:
    output, error = render_probe('{{ $d := dict }}{{ $_ := set $d "a" $d }}{{ $d }}')
    assert output == ""
    assert error.startswith("template: p/templates/t.yaml:1:")
