"""Random templates and values: whatever Helm makes of them, text or error, comes out of the engine too."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from typing import NamedTuple

import pytest

from scanner.helm.functions import function_table
from tests.conftest import is_long, tool
from tests.template.expressions import Generator
from tests.template.literals import LITERALS
from tests.template.probing import render_probe
from tests.template.signatures import LEFT_OUT, signatures

SEEDS = range(4)
SHORT, LONG = 375, 5_000
"""How many templates of each seed: 1,500 in all, 20,000 with --long."""

_ADDRESS = re.compile(r"0x[0-9a-f]{7,12}\b")
_STRAY = re.compile("[\udc80-\udcff]")


class Result(NamedTuple):
    """What a template writes, or the error."""

    output: str
    error: str

    @property
    def text(self) -> str:
        """Either of them."""
        return self.output + self.error


class Difference(NamedTuple):
    """A template that comes out otherwise."""

    template: str
    values: str
    helm: Result
    ours: Result


class Cause(NamedTuple):
    """Why some templates come out otherwise (docs/helm.md says more), and which those are."""

    why: str
    fits: Callable[[Difference], bool]


CAUSES = (
    Cause(
        "a tag right before a comma or a bracket: go-yaml reads the mark into the tag, libyaml does not",
        lambda it: bool(re.search(r"![!\w]*[,\]}]", it.values)),
    ),
    Cause(
        "fromToml: the words of its errors are those of Python's reader",
        lambda it: "fromToml" in it.template and ("toml: " in it.helm.text or "| len" in it.template),
    ),
    Cause(
        "fromToml: an array of tables is a []interface {}",
        lambda it: "fromToml" in it.template and "[]map[string]interface {}" in it.helm.text,
    ),
    Cause(
        "what a time holds inside, printed by a verb that is not for texts",
        lambda it: "printf" in it.template and ("*time.Location" in it.helm.text or "| len" in it.template),
    ),
    Cause(
        "helm-probe says that it is v3.22, released Helm that it is v3.22.0",
        lambda it: bool(re.search(r"v3\.22(?!\.)", it.helm.text)),
    ),
)
"""The differences that stay."""


def from_helm(probes: list[dict[str, str]], program: str) -> list[Result | None]:
    """Helm's results; None where it dies of the template (a map that contains itself)."""
    results: list[Result | None] = []
    while len(results) < len(probes):
        lines = "".join(json.dumps(probe) + "\n" for probe in probes[len(results) :])
        ran = subprocess.run([program], input=lines.encode(), capture_output=True, env={**os.environ, "TZ": "UTC"})
        answers = [json.loads(line) for line in ran.stdout.decode().split("\n") if line]
        results += [Result(comparable(each["o"]), comparable(each.get("e", ""))) for each in answers]
        if len(results) < len(probes):
            results.append(None)
    return results


def comparable(text: str) -> str:
    """Without addresses, and with the replacement character for each byte that is no text, as JSON has it."""
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    return _ADDRESS.sub("0x...", _STRAY.sub("\ufffd", text))


def rendered(probe: dict[str, str], *, traced: bool) -> Result:
    return Result(*map(comparable, render_probe(probe["t"], probe["v"], traced=traced)))


@pytest.mark.go
@pytest.mark.parametrize("seed", SEEDS)
def test_random_templates(seed: int, pytestconfig: pytest.Config) -> None:
    program = tool("helm-probe")
    generator = Generator(seed)
    probes = [generator.probe() for _ in range(LONG if is_long(pytestconfig) else SHORT)]
    unlike = []
    for probe, helm in zip(probes, from_helm(probes, program), strict=True):
        for traced in (True, False):
            ours = rendered(probe, traced=traced)
            if helm is not None and ours != helm:
                unlike.append(Difference(probe["t"], probe["v"], helm, ours))
                break
    unexplained = [each for each in unlike if not any(cause.fits(each) for cause in CAUSES)]
    assert "\n\n".join(map(shown, unexplained)) == ""


def shown(it: Difference) -> str:
    """A difference to read."""
    return f"{it.template!r}\nvalues: {it.values!r}\n  Helm: {it.helm}\n  ours: {it.ours}"


def test_every_function_is_called_or_left_out_for_a_reason() -> None:
    left_out = {name for names in LEFT_OUT.values() for name in names.split()}
    known = signatures().keys()
    assert not left_out & known
    assert (left_out | known) - {"and", "or"} == function_table().keys()


def test_every_kind_can_be_generated() -> None:
    generator = Generator(0)
    kinds = {kind.rstrip("*+?") for takes, _ in signatures().values() for kind in takes} - {"pair", "same"}
    for kind in sorted(kinds - {"indexed", "sliced", "format"} | LITERALS.keys()):
        assert generator.operand(kind, 2)
