"""SARIF as Microsoft's own validator sees it, with the rules that it has for GitHub."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any
from zlib import compress

import pytest

from scanner.report import RenderOptions, render
from tests.conftest import Command, lacking
from tests.report.sample import account, clean, sample

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# Read now: each test runs without the variables of groundrule.
MODULES = Path(os.environ.get("GROUNDRULE_NODE_MODULES") or ROOT / "node_modules")
SYSTEMS = {"Linux": "linux", "Darwin": "darwin", "Windows": "win32"}

pytestmark = pytest.mark.node


def binary() -> Path:
    """The program itself: the script that npm puts beside it cuts `Sarif;Ghas` at the semicolon."""
    folder = MODULES / "@microsoft" / f"sarif-multitool-{SYSTEMS.get(platform.system(), 'unknown')}"
    for name in ("Sarif.Multitool", "Sarif.Multitool.exe"):
        if (folder / name).is_file():
            return folder / name
    return lacking(f"@microsoft/sarif-multitool is not in {MODULES}")


def faults(log: Path) -> list[tuple[str, str, str]]:
    """(level, rule, message) of what the validator has to say; its exit status is 0 whatever it found."""
    out = log.with_suffix(".report.sarif")
    command = [binary(), "validate", log, "-o", out, "--log", "ForceOverwrite", "--rule-kind", "Sarif;Ghas"]
    command += [
        "--max-file-size-in-kb",
        "100000",
        "--level",
        "Error;Warning",
        "--config",
        HERE / "multitool.config.xml",
    ]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    (run,) = json.loads(out.read_text(encoding="utf-8-sig"))["runs"]
    found = [message(run, result) for result in run.get("results", [])]
    found += [
        ("error", notification["descriptor"]["id"], notification["message"]["text"])
        for invocation in run.get("invocations", [])
        for kind in ("toolExecutionNotifications", "toolConfigurationNotifications")
        for notification in invocation.get(kind, [])
        if notification.get("level") == "error"
    ]
    return found


def message(run: dict[str, Any], result: dict[str, Any]) -> tuple[str, str, str]:
    return result.get("level", "warning"), result["ruleId"], str(result["message"])


CASES = {
    "default": (sample, RenderOptions(sarif_category="iac")),
    "everything": (sample, RenderOptions(show_suppressed=True)),
    "account": (account, RenderOptions()),
    "clean": (clean, RenderOptions()),
}


@pytest.mark.parametrize("case", CASES)
def test_no_fault(case: str, tmp_path: Path) -> None:
    report, options = CASES[case]
    log = tmp_path / "groundrule.sarif"
    log.write_text(render("sarif", report(), options), encoding="utf-8")
    # There is no page on the web about the tool, so it names none.
    assert [fault for fault in faults(log) if fault[1] != "SARIF2005"] == []


def test_the_rules_for_github_are_on(tmp_path: Path) -> None:
    log = tmp_path / "wrong.sarif"
    wrong = json.loads(render("sarif", sample(), RenderOptions()))
    result = wrong["runs"][0]["results"][0]
    del result["locations"][0]["physicalLocation"]["region"]
    result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = "file:///somewhere/compose.yaml"
    log.write_text(json.dumps(wrong), encoding="utf-8")
    assert {"GH1003", "GH1006"} <= {rule for level, rule, _ in faults(log) if level == "error"}


@pytest.mark.long
def test_all_charts_of_the_corpus(groundrule: Command, helm_corpus: Path, tmp_path: Path) -> None:
    """What GitHub takes of one file, in the real thing; then the validator, and the schema that it has built in."""
    log = tmp_path / "groundrule.sarif"
    ran = groundrule("scan", helm_corpus / "charts", "-f", "csv", "-o", f"sarif={log}")
    assert ran.status == 1, ran.err
    text = log.read_bytes()
    (run,) = json.loads(text)["runs"]
    assert 10_000 < len(run["results"]) <= 25_000
    assert len(run["tool"]["driver"]["rules"]) <= 25_000
    assert max(len(result["locations"]) + len(result.get("relatedLocations", [])) for result in run["results"]) <= 1_000
    assert len(compress(text)) <= 10_000_000
    told = [each["message"]["text"] for each in run["invocations"][0]["toolExecutionNotifications"]]
    assert f"Code scanning shows the 5,000 worst of these {len(run['results']):,} results." in told
    assert [fault for fault in faults(log) if fault[1] != "SARIF2005"] == []
