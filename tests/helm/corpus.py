"""The corpus of charts: its cases, our rendering of one, and how it differs from Helm's."""

from __future__ import annotations

import csv
import difflib
from dataclasses import dataclass
from pathlib import Path

from scanner.helm.chart_files import LoadOptions, load_chart
from scanner.helm.errors import HelmError
from scanner.helm.render import RenderOptions, print_manifests, render
from scanner.helm.values_files import RenderValues, user_values


@dataclass(frozen=True, slots=True)
class Case:
    """A row of cases.tsv."""

    chart: str
    name: str
    values: tuple[str, ...]
    exit: int
    cause: str
    golden: str
    mask: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was printed, or the error (and then `output` is empty)."""

    output: str
    error: str = ""


def read_cases(corpus: Path) -> list[Case]:
    """The cases of an unpacked corpus; one that fails for a remote schema alone becomes its twin without schemas."""
    with (corpus / "cases.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    by_name = {(row["chart"], row["case"]): row for row in rows}
    cases = []
    for row in rows:
        twin = by_name.get((row["chart"], row["case"] + "+noschema"), row) if row["cause"] == "remote-schema" else row
        values = tuple(name for name in row["values"].split(",") if name)
        cases.append(
            Case(row["chart"], row["case"], values, int(twin["exit"]), twin["cause"], twin["golden"], twin["mask"])
        )
    return cases


def rendered(corpus: Path, case: Case, *, traced: bool = True, deterministic: bool = False) -> Outcome:
    """Our rendering, as `helm template release CHART --namespace default [-f VALUES]`."""
    folder = corpus / "charts" / case.chart
    try:
        chart = load_chart(folder, LoadOptions(traced=traced))
        files = tuple(str(folder / name) for name in case.values)
        values = user_values(RenderValues(files), traced=traced)
        options = RenderOptions(
            "release",
            "default",
            skip_schema=case.name.endswith("+noschema"),
            traced=traced,
            deterministic=deterministic,
        )
        return Outcome(str(print_manifests(render(chart, values, options))))
    except HelmError as error:
        return Outcome("", error.message)


def compared(corpus: Path, case: Case, outcome: Outcome) -> str:
    """'' where the outcome is Helm's; else the difference."""
    golden = (corpus / "golden" / case.golden).read_bytes().decode("utf-8", "surrogateescape")
    if case.exit:
        wanted = error_of(golden)
        if not outcome.error:
            return f"renders, but Helm says: {wanted}"
        if sorted(outcome.error.rstrip("\n").split("\n")) == sorted(wanted.rstrip("\n").split("\n")):
            return ""
        return f"Helm says: {wanted}\nwe say:    {outcome.error}"
    if outcome.error:
        return f"fails, but Helm renders it: {outcome.error}"
    return difference(golden, outcome.output, masked_lines(corpus, case))


def error_of(text: str) -> str:
    """Helm's message: what stands behind `Error: ` in its standard error, without the advice about --debug."""
    message = text[text.index("Error: ") + len("Error: ") :]
    return message.removesuffix("\n").removesuffix("\n\nUse --debug flag to render out invalid YAML")


def masked_lines(corpus: Path, case: Case) -> set[int]:
    """The numbers of the lines that vary from run to run, from 1."""
    if not case.mask:
        return set()
    return {int(word) for word in (corpus / "golden" / case.mask).read_text().split()}


def difference(golden: str, output: str, masked: set[int]) -> str:
    """'' for the same lines, those with a number in `masked` aside."""
    if golden == output:
        return ""
    expected, found = golden.split("\n"), output.split("\n")
    if len(expected) == len(found):
        for number in masked:
            expected[number - 1] = found[number - 1] = "(varies)"
        if expected == found:
            return ""
    return "\n".join(difflib.unified_diff(expected, found, "helm", "groundrule", lineterm="", n=2))
