"""The account of the Auterity stack: every planted defect is found on its own resource, nothing on what is right.

The committed snapshot is judged; the account is built anew in moto, collected through HTTP, and gives the same results.
`pytest tests/aws/test_auterity_account.py --update-goldens` writes the snapshot anew.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from fixtures.auterity.account.account import AWAY, HOME, SECRETS
from fixtures.auterity.account.build_account import build
from scanner.report import FORMATS, RenderOptions, render
from scanner.scan import Options, Scan, scan
from tests.conftest import ROOT, Command, write_files

FOLDER = ROOT / "fixtures" / "auterity" / "account"
SNAPSHOT = FOLDER / "account.json.gz"
PLANTED: list[dict[str, Any]] = yaml.safe_load((FOLDER / "planted.yaml").read_text("utf-8"))
SERIOUS = ("critical", "high", "medium")
TODAY = "2026-12-01"
VARYING = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{15}$")
"""Ids that moto does not take from its seed, in names."""

Key = tuple[str, str, str]


def judge(folder: Path, snapshot: Path, **options: Any) -> Scan:
    """The scan of a snapshot in a folder of its own, so that paths and configuration do not matter."""
    write_files(folder, {"account.json.gz": snapshot.read_bytes()})
    return scan([folder], Options(today=TODAY, cached=False, **options))


@pytest.fixture(scope="module")
def committed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scan:
    if request.config.getoption("--update-goldens"):
        request.getfixturevalue("live")
    return judge(tmp_path_factory.mktemp("committed"), SNAPSHOT, show_passed=True)


@pytest.fixture(scope="module")
def live(moto_server: str, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> tuple[Path, Scan]:
    """The account built and collected anew, and its scan."""
    from scanner.aws.accounts import Access
    from scanner.aws.budget import Budget
    from scanner.aws.clients import Network
    from scanner.aws.collect import Request, collect
    from scanner.aws.types import resource_types
    from scanner.needed_types import needed_types
    from scanner.scan import Options

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        build(moto_server)
        folder = tmp_path_factory.mktemp("live")
        patch.chdir(folder)
        file = folder / "live.json.gz"
        access = Access(regions=(HOME, AWAY), network=Network(moto_server, 5, 60))
        collect(Request(access, resource_types(), needed_types(Options())), file, Budget())
    if pytestconfig.getoption("--update-goldens"):
        SNAPSHOT.write_bytes(file.read_bytes())
    return file, judge(tmp_path_factory.mktemp("judged"), file)


def key(each: Any) -> Key:
    return each.resource.type, each.resource.name, each.resource.region


def place(planted: dict[str, Any]) -> Key:
    return planted["type"], planted["name"], planted.get("region", HOME)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda each: f"{each['check']}-{each['name']}")
def test_what_is_planted_is_found(committed: Scan, planted: dict[str, Any]) -> None:
    found = {
        each.rule.id for each in committed.report.findings if each.outcome == "fail" and key(each) == place(planted)
    }
    assert planted["rule"] in found


def test_the_snapshot_has_what_the_rules_need(committed: Scan) -> None:
    reasons = [each.reason for each in committed.report.not_scanned]
    assert [each for each in reasons if "failed: HTTP" not in each] == [], "collect it anew: see --update-goldens"


def test_nothing_serious_is_found_on_what_is_right(committed: Scan) -> None:
    wrong = {place(each) for each in PLANTED}
    found = [
        (each.rule.id, *key(each))
        for each in committed.report.findings
        if each.outcome == "fail" and each.severity in SERIOUS and key(each) not in wrong
    ]
    assert found == []


def test_each_planted_resource_has_a_right_one_beside_it(committed: Scan) -> None:
    """Otherwise a rule that fails everywhere would do as well."""
    passed = {each.rule.id for each in committed.report.findings if each.outcome == "pass"}
    never = {each["rule"] for each in PLANTED} - passed
    assert never <= ONLY_WRONG


ONLY_WRONG = {
    "appsync-api-without-waf",
    "dynamodb-table-not-global",
    "ecr-not-replicated",
    "ecs-service-without-spot",
    "lambda-runtime-unsupported",
    "load-balancer-single-az",
    "log-group-not-forwarded",
    "prometheus-workspace-without-alerts",
    "root-without-mfa",
    "s3-account-public-access-not-blocked",
    "zone-without-nat-gateway",
}
"""Rules over what an account has but once, over what moto does not keep, and that apply only to what is wrong."""


def test_what_moto_lacks_is_unknown_and_nothing_else(committed: Scan) -> None:
    reasons = {each.message for each in committed.report.findings if each.outcome != "fail" and each.outcome != "pass"}
    assert all("failed: HTTP" in reason for reason in reasons)
    assert {each.outcome for each in committed.report.findings} == {"pass", "fail", "unknown"}


def results(report: Any) -> Counter[tuple[str, ...]]:
    """Who is found by what; ids that moto makes anew in each process are not compared."""
    return Counter(
        (each.rule.id, each.outcome, each.severity, *map(normal, key(each)), each.key)
        for each in report.findings
        if each.outcome != "pass"
    )


def normal(text: str) -> str:
    return VARYING.sub("*", text)


def leaks(texts: list[str]) -> list[str]:
    return [place for place, secret in SECRETS.items() if any(secret in text for text in texts)]


def test_the_live_account_gives_the_results_of_the_snapshot(committed: Scan, live: tuple[Path, Scan]) -> None:
    file, scanned = live
    ours, theirs = results(committed.report), results(scanned.report)
    assert (ours - theirs, theirs - ours) == (Counter(), Counter())
    assert leaks([gzip.decompress(file.read_bytes()).decode()]) == []


def test_no_secret_is_in_any_byte(committed: Scan) -> None:
    texts = [render(name, committed.report, RenderOptions(show_passed=True)) for name in FORMATS]
    assert leaks([gzip.decompress(SNAPSHOT.read_bytes()).decode(), *texts]) == []
    assert leaks(["Vq7mTz2pLx9RkW4s"]) == ["environment"]


def test_the_account_is_one_more_input_of_the_stack(groundrule: Command) -> None:
    ran = groundrule("scan", ROOT / "fixtures" / "auterity", "-f", "json")
    kinds = Counter(each["kind"] for each in json.loads(ran.out)["scanned"])
    assert kinds["aws"] == 1
    assert kinds["helm"] >= 1
    assert kinds["compose"] >= 1
