"""`groundrule compare`: what becomes of each finding, from results as they are written and from real scans."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from scanner.aws.snapshot import Section
from scanner.core.fingerprint import fingerprint
from tests.conftest import Command, Ran, write_files
from tests.scan.snapshots import ACCOUNT, ONE_ZONE, record, rule, write

Result = dict[str, Any]
BUCKET = "AWS::S3::Bucket"


def result(name: str, outcome: str = "fail", *, status: str = "open", **more: Any) -> Result:
    """One entry of results: of a Compose service, or with `region` of a bucket."""
    rule = more.get("rule", "no-tls")
    region = more.get("region", "")
    account = ACCOUNT if region else ""
    kind = BUCKET if region else "compose/service"
    space = f"{account}/{region}" if region else ""
    path = f"aws/{account}/{region}/AWS-S3-Bucket/{name}" if region else more.get("path", "compose.yaml")
    return {
        "rule": rule,
        "family": "encryption",
        "severity": more.get("severity", "medium"),
        "controls": [],
        "outcome": outcome,
        "unknown_kind": more.get("kind", "denied") if outcome == "unknown" else "",
        "status": status,
        "message": more.get("message", f"{name} {outcome}s"),
        "waiver": None,
        "target": "aws" if region else "compose",
        "values_sets": [],
        "resource": {"type": kind, "namespace": "", "name": name, "id": "", "account": account, "region": region, "tags": {}},
        "location": {"path": path, "line": 0 if region else 3, "column": 0, "end_line": 0, "end_column": 0},
        "related": [],
        "fingerprint": fingerprint(rule, kind, space, name, ""),
        "fix": None,
    }  # fmt: skip


@dataclass
class Night:
    """One night's results."""

    results: list[Result] = field(default_factory=list)
    rules: tuple[str, ...] = ("no-tls", "public")
    places: tuple[str, ...] = (f"{ACCOUNT}/eu-west-1", f"{ACCOUNT}/global")
    files: tuple[str, ...] = ("compose.yaml", "shop/compose.yaml")
    not_scanned: tuple[tuple[str, str], ...] = ()
    version: str = "1.0"

    def write(self, path: Path) -> Path:
        scanned = [{"path": each, "kind": "compose", "resources": 1, "places": []} for each in self.files]
        if self.places:
            scanned.append({"path": "night.json.gz", "kind": "aws", "resources": 9, "places": list(self.places)})
        gaps = [
            {"path": each, "line": 0, "column": 0, "source": "", "values": "", "reason": reason, "hint": ""}
            for each, reason in self.not_scanned
        ]
        body = {"tool": "groundrule", "version": self.version, "summary": {}, "rules": list(self.rules)}
        body |= {"results": self.results, "scanned": scanned, "not_scanned": gaps, "notices": []}
        path.write_text(json.dumps(body))
        return path


Cases = dict[str, tuple[Night, Night, dict[str, list[str]], int]]
BAD, LOGS = result("bad"), result("logs", region="eu-west-1")
DENIED = result(f"{ACCOUNT}/eu-west-1", "unknown", region="eu-west-1", message="s3:ListAllMyBuckets is denied")
DENIED_ALL = result(f"{ACCOUNT}/global", "unknown", region="global", message="s3:ListAllMyBuckets is denied")
OTHER_RULE = result("x", "unknown", rule="public", region="eu-west-1")
CASES: Cases = {
    "nothing": (Night(), Night(), {}, 0),
    "new": (Night(), Night([BAD]), {"new": ["bad"]}, 1),
    "new below": (Night(), Night([result("bad", severity="info")]), {"new": ["bad"]}, 0),
    "unchanged": (Night([BAD, LOGS]), Night([BAD, LOGS]), {"unchanged": ["bad", "logs"]}, 0),
    "moved": (Night([BAD]), Night([result("bad", path="shop/compose.yaml")]), {"unchanged": ["bad"]}, 0),
    "fixed": (Night([BAD, LOGS]), Night(), {"fixed": ["bad", "logs"]}, 0),
    "fixed, as listed": (Night([BAD]), Night([result("bad", "pass")]), {"fixed": ["bad"]}, 0),
    "accepted": (Night([BAD]), Night([result("bad", status="suppressed")]), {"accepted": ["bad"]}, 0),
    "baselined": (Night([BAD]), Night([result("bad", status="baselined")]), {"accepted": ["bad"]}, 0),
    "the waiver ended": (Night([result("bad", status="suppressed")]), Night([BAD]), {"new": ["bad"]}, 1),
    "accepted in both": (Night([result("bad", status="suppressed")]), Night([result("bad", status="suppressed")]), {}, 0),
    "passed in both": (Night([result("bad", "pass")]), Night([result("bad", "pass")]), {}, 0),
    "broken": (Night([result("bad", "pass")]), Night([BAD]), {"new": ["bad"]}, 1),
    "unknown now": (Night([BAD]), Night([result("bad", "unknown")]), {"not_comparable": ["bad: not known now: bad unknowns"]}, 3),
    "an error now": (Night([BAD]), Night([result("bad", "error")]), {"not_comparable": ["bad: not known now: bad errors"]}, 3),
    "unknown before": (Night([result("bad", "unknown")]), Night([BAD]), {"not_comparable": ["bad: not known before: bad unknowns"]}, 3),
    "unknown in both": (Night([result("a", "unknown")]), Night([result("a", "unknown")]), {"not_comparable": ["a: not known now: a unknowns"]}, 3),
    "no value for a variable": (Night([BAD]), Night([result("bad", "unknown", kind="variable")]), {"not_comparable": ["bad: not known now: bad unknowns"]}, 0),
    "an accepted unknown": (Night(), Night([result("bad", "unknown", status="suppressed")]), {}, 0),
    "known now, and right": (Night([result("bad", "unknown")]), Night(), {}, 0),
    "new wins over not comparable": (Night([LOGS]), Night([BAD, result("logs", "unknown", region="eu-west-1")]), {"new": ["bad"], "not_comparable": ["logs: not known now: logs unknowns"]}, 1),
    "the list is denied": (
        Night([LOGS]),
        Night([DENIED]),
        {"not_comparable": [f"{ACCOUNT}/eu-west-1: not known now: s3:ListAllMyBuckets is denied", "logs: not judged now: s3:ListAllMyBuckets is denied"]},
        3,
    ),
    "the list of all regions is denied": (
        Night([LOGS]),
        Night([DENIED_ALL]),
        {"not_comparable": [f"{ACCOUNT}/global: not known now: s3:ListAllMyBuckets is denied", "logs: not judged now: s3:ListAllMyBuckets is denied"]},
        3,
    ),
    "the list was denied": (Night([DENIED]), Night([LOGS]), {"not_comparable": ["logs: not judged before: s3:ListAllMyBuckets is denied"]}, 3),
    "another rule is unknown": (Night([LOGS]), Night([OTHER_RULE]), {"fixed": ["logs"], "not_comparable": ["x: not known now: x unknowns"]}, 3),
    "the section is not there": (
        Night([LOGS]),
        Night(not_scanned=(("night.json.gz", f"{BUCKET} in {ACCOUNT} (eu-west-1, us-east-1): the run was interrupted"),)),
        {"not_comparable": [f"logs: not judged now: {BUCKET} in {ACCOUNT} (eu-west-1, us-east-1): the run was interrupted"]},
        3,
    ),
    "the section of another region is not there": (
        Night([LOGS]),
        Night(not_scanned=(("night.json.gz", f"{BUCKET} in {ACCOUNT} (us-east-1): the run was interrupted"),)),
        {"fixed": ["logs"]},
        0,
    ),
    "the type is not there": (
        Night([LOGS]),
        Night(not_scanned=(("night.json.gz", f"the rules need 1 type that was not collected: {BUCKET}"),)),
        {"not_comparable": [f"logs: not judged now: the rules need 1 type that was not collected: {BUCKET}"]},
        3,
    ),
    "another type is not there": (
        Night([LOGS]),
        Night(not_scanned=(("night.json.gz", "the rules need 1 type that was not collected: AWS::S3::BucketPolicy"),)),
        {"fixed": ["logs"]},
        0,
    ),
    "the account is not there": (
        Night([LOGS]),
        Night(not_scanned=(("night.json.gz", f"the account {ACCOUNT} could not be collected: no"),)),
        {"not_comparable": [f"logs: not judged now: the account {ACCOUNT} could not be collected: no"]},
        3,
    ),
    "the snapshot is cut off": (
        Night([LOGS, BAD]),
        Night(not_scanned=(("night.json.gz", "night.json.gz is cut off after 3 records"),)),
        {"fixed": ["bad"], "not_comparable": ["logs: not judged now: night.json.gz is cut off after 3 records"]},
        3,
    ),
    "the region was left out": (Night([LOGS]), Night(places=(f"{ACCOUNT}/us-east-1",)), {"not_comparable": [f"logs: not judged now: {ACCOUNT}/eu-west-1 was not scanned"]}, 3),
    "the region is scanned for the first time": (Night(places=(f"{ACCOUNT}/us-east-1",)), Night([LOGS]), {"not_comparable": [f"logs: not judged before: {ACCOUNT}/eu-west-1 was not scanned"]}, 3),
    "no snapshot": (Night([LOGS]), Night(places=()), {"not_comparable": ["logs: not judged now: nothing of aws was scanned"]}, 3),
    "the first snapshot": (Night(places=()), Night([LOGS]), {"not_comparable": ["logs: not judged before: nothing of aws was scanned"]}, 3),
    "the file is not scanned": (Night([BAD]), Night(files=("shop/compose.yaml",)), {"not_comparable": ["bad: not judged now: compose.yaml was not scanned"]}, 3),
    "a new file": (Night(files=("shop/compose.yaml",)), Night([BAD]), {"new": ["bad"]}, 1),
    "no file before": (Night(files=()), Night([BAD]), {"not_comparable": ["bad: not judged before: nothing of compose was scanned"]}, 3),
    "the file is broken": (
        Night([BAD]),
        Night(not_scanned=(("compose.yaml", "the YAML is not closed"),)),
        {"not_comparable": ["bad: not judged now: compose.yaml was not scanned: the YAML is not closed"]},
        3,
    ),
    "the file was broken": (
        Night(not_scanned=(("compose.yaml", "the YAML is not closed"),)),
        Night([BAD]),
        {"not_comparable": ["bad: not judged before: compose.yaml was not scanned: the YAML is not closed"]},
        3,
    ),
    "another file is broken": (Night([BAD]), Night(not_scanned=(("shop/compose.yaml", "no"),)), {"fixed": ["bad"]}, 0),
    "the rule is not judged": (Night([BAD]), Night(rules=("public",)), {"not_comparable": ["bad: not judged now: the rule no-tls was not among those judged"]}, 3),
    "the rule is new": (Night(rules=("public",)), Night([BAD]), {"not_comparable": ["bad: not judged before: the rule no-tls was not among those judged"]}, 3),
}  # fmt: skip


def told(ran: Ran) -> dict[str, list[str]]:
    found = json.loads(ran.out)
    groups = {
        name: [each["resource"]["name"] for each in found[name]] for name in ("new", "fixed", "accepted", "unchanged")
    }
    groups["not_comparable"] = [
        f"{each['result']['resource']['name']}: {each['reason']}" for each in found["not_comparable"]
    ]
    assert {name: len(entries) for name, entries in groups.items()} == {
        name: number for name, number in found["summary"].items() if name != "new_by_severity"
    }
    return {name: entries for name, entries in groups.items() if entries}


@pytest.mark.parametrize("case", CASES)
def test_what_becomes_of_findings(groundrule: Command, tmp_path: Path, case: str) -> None:
    old, new, expected, status = CASES[case]
    ran = groundrule("compare", old.write(tmp_path / "old.json"), new.write(tmp_path / "new.json"), "-f", "json")
    assert told(ran) == expected
    assert ran.status == status
    assert ran.err == ("not everything can be compared: see not_comparable in the result\n" if status == 3 else "")


HOSTILE = result("a|b", severity="critical", message="<img src=x> @all [x](http://x.y) \n# one\x1b[31m")
BEFORE = Night([LOGS, result("old"), result("seen", severity="low")], version="0.9")
AFTER = Night(
    [result("new", severity="high"), HOSTILE, result("seen", severity="low"), result("logs", "unknown", region="eu-west-1")],
    rules=("no-tls", "public", "wide"),
)  # fmt: skip
TEXT = """\
new: compose.yaml:3: critical no-tls
    service a|b: <img src=x> @all [x](http://x.y) # one␛[31m
new: compose.yaml:3: high no-tls
    service new: new fails
fixed: compose.yaml:3: medium no-tls
    service old: old fails
not comparable: aws/123456789012/eu-west-1/AWS-S3-Bucket/logs: medium no-tls
    S3 Bucket logs in 123456789012/eu-west-1: not known now: logs unknowns
note: the results are of different versions of groundrule: 0.9 and 1.0
note: 1 rule was judged now, but not before: wide
2 new, 1 not comparable, 1 fixed, 0 accepted, 1 unchanged
"""
MARKDOWN = """\
**groundrule**: 2 new, 1 not comparable, 1 fixed, 0 accepted, 1 unchanged
New: 🟥 1 critical, 🟧 1 high
Note: the results are of different versions of groundrule: 0.9 and 1.0
Note: 1 rule was judged now, but not before: wide

**New**
- 🟥 critical `no-tls` service a&#124;b: &#60;img src=x&#62; &#64;all &#91;x&#93;(http&#58;//x.y) # one␛&#91;31m
- 🟧 high `no-tls` service new: new fails

**Not comparable**
- 🟨 medium `no-tls` S3 Bucket logs in 123456789012/eu-west-1: not known now: logs unknowns

**Fixed**
- 🟨 medium `no-tls` service old: old fails
"""


@pytest.mark.parametrize(("form", "text"), [("text", TEXT), ("markdown", MARKDOWN)])
def test_the_formats(groundrule: Command, tmp_path: Path, form: str, text: str) -> None:
    files = BEFORE.write(tmp_path / "old.json"), AFTER.write(tmp_path / "new.json")
    assert groundrule("compare", *files, "-f", form) == (1, text, "")
    shown = groundrule("compare", *files, "--show-unchanged").out
    assert "unchanged: compose.yaml:3: low no-tls\n    service seen: seen fails\n" in shown


@pytest.mark.parametrize(("options", "status"), [((), 1), (("--fail-on", "critical"), 1), (("--fail-on", "never"), 3)])
def test_the_exit_status(groundrule: Command, tmp_path: Path, options: tuple[str, ...], status: int) -> None:
    files = BEFORE.write(tmp_path / "old.json"), AFTER.write(tmp_path / "new.json")
    assert groundrule("compare", *files, *options).status == status
    assert groundrule("compare", *files, *options, "--allow-incomplete").status == (1 if status == 1 else 0)


@pytest.mark.parametrize("most", [300, 301, 999, 4000])
def test_a_message_is_never_longer_than_asked(groundrule: Command, tmp_path: Path, most: int) -> None:
    many = [result(f"service-{number:03}", message="&" * 3000 if number % 7 == 0 else "wrong") for number in range(100)]
    files = Night().write(tmp_path / "old.json"), Night(many).write(tmp_path / "new.json")
    ran = groundrule("compare", *files, "-f", "markdown", "--max-length", most)
    shown = ran.out.count("\n- ")
    assert len(ran.out) <= most
    assert ran.out.endswith(f"\n\n**Cut here: {100 - shown} more findings are in the other formats.**\n")
    assert ran.out.startswith("**groundrule**: 100 new, 0 not comparable")
    assert not ran.out.partition("&#")[1] or all(len(each.split(";")[0]) < 5 for each in ran.out.split("&#")[1:])


def test_a_long_message_is_used(groundrule: Command, tmp_path: Path) -> None:
    many = [result(f"service-{number:03}") for number in range(100)]
    files = Night().write(tmp_path / "old.json"), Night(many).write(tmp_path / "new.json")
    short, whole = (groundrule("compare", *files, "-f", "markdown", "--max-length", most).out for most in (4000, 9000))
    assert 3900 < len(short) <= 4000
    assert whole.count("\n- ") == 100
    assert "Cut here" not in whole


GOOD = json.loads(
    '{"tool": "groundrule", "version": "1", "rules": [], "results": [], "scanned": [], "not_scanned": []}'
)
BROKEN: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "is no results of groundrule: it is no JSON"),
    "no text": (b"\xff\xfe\x00", "is no results of groundrule: it is no JSON"),
    "deep": (b"[" * 100_000, "is no results of groundrule: it is no JSON"),
    "cut off": (b'{\n  "tool": "groundrule",\n  "ver', "is cut off or damaged: it is no JSON"),
    "cut off, packed": (gzip.compress(b"{}" * 99)[:-9], "is cut off or damaged"),
    "damaged, packed": (gzip.compress(b"{}")[:12] + b"\xff" * 9, "is cut off or damaged"),
    "a list": (b"[]", "holds no results of groundrule"),
    "sarif": (b'{"version": "2.1.0", "runs": []}', "holds no results of groundrule"),
    "no results": (b'{"tool": "groundrule", "results": 1}', "holds no results of groundrule"),
    "older": (json.dumps({**GOOD, "rules": None}).encode(), "holds results that cannot be read: rules is no list of texts"),
    "no rules": (json.dumps({k: v for k, v in GOOD.items() if k != "rules"}).encode(), "holds results that cannot be read: rules is missing"),
    "a result": (json.dumps({**GOOD, "results": [3]}).encode(), "holds results that cannot be read: a result is no object"),
    "a severity": (json.dumps({**GOOD, "results": [{**BAD, "severity": "bad"}]}).encode(), "holds results that cannot be read: an outcome or a severity is none of ours"),
    "a fingerprint": (json.dumps({**GOOD, "results": [{**BAD, "fingerprint": ""}]}).encode(), "holds results that cannot be read: a result has no fingerprint"),
    "a name": (json.dumps({**GOOD, "results": [{**BAD, "resource": {**BAD["resource"], "name": 1}}]}).encode(), "holds results that cannot be read: name is no text"),
    "a resource": (json.dumps({**GOOD, "results": [{**BAD, "resource": 1}]}).encode(), "holds results that cannot be read: an entry of resource is no object"),
    "places": (json.dumps({**GOOD, "scanned": [{"path": "", "kind": "", "places": "x"}]}).encode(), "holds results that cannot be read: places is no list of texts"),
    "not scanned": (json.dumps({**GOOD, "not_scanned": {"a": 1}}).encode(), "holds results that cannot be read: an entry of not_scanned is no object"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_foreign_and_broken_files(groundrule: Command, tmp_path: Path, case: str) -> None:
    data, message = BROKEN[case]
    write_files(tmp_path, {"bad.json": data, "good.json": json.dumps(GOOD)})
    for pair in (("bad.json", "good.json"), ("good.json", "bad.json")):
        ran = groundrule("compare", *pair, cwd=tmp_path)
        assert (ran.status, ran.out) == (2, "")
        first, second = ran.err.splitlines()
        assert first == f"error: bad.json {message}"
        assert second.startswith("  help: ")


def test_no_file(groundrule: Command, tmp_path: Path) -> None:
    write_files(tmp_path, {"good.json": json.dumps(GOOD)})
    ran = groundrule("compare", "none.json", "good.json", cwd=tmp_path)
    assert ran.status == 2
    assert ran.err.startswith("error: none.json cannot be read: No such file")
    assert groundrule("compare", ".", "good.json", cwd=tmp_path).err.startswith(
        "error: . cannot be read: Is a directory"
    )


def scans(groundrule: Command, folder: Path, *nights: Any) -> list[Path]:
    """The results of each night's snapshot, packed."""
    rule(folder, *ONE_ZONE)
    kept = []
    for number, (records, sections) in enumerate(nights):
        write(folder / f"night-{number}.json.gz", records, sections)
        ran = groundrule(
            "scan", f"night-{number}.json.gz", "--rules", "rules", "--select", "one-zone", "-f", "json", cwd=folder
        )
        kept.append(folder / f"results-{number}.json.gz")
        kept[-1].write_bytes(gzip.compress(ran.out.encode()))
    return kept


def test_real_scans_of_an_account(groundrule: Command, tmp_path: Path) -> None:
    kind = "AWS::RDS::DBInstance"
    first = [record(kind, name, region, MultiAZ=False) for name in ("a", "b") for region in ("eu-west-1", "us-east-1")]
    second = [record(kind, name, MultiAZ=name == "b") for name in ("a", "b", "c")]
    denied = Section(kind, ACCOUNT, "us-east-1", "unknown", "denied", "rds:DescribeDBInstances", "access is denied")
    files = scans(groundrule, tmp_path, (first, ()), (second, (denied,)))
    ran = groundrule("compare", *files, "-f", "json")
    why = "One zone? resource.MultiAZ is not known: access is denied (rds:DescribeDBInstances)"
    assert told(ran) == {
        "new": ["c"],
        "fixed": ["b"],
        "unchanged": ["a"],
        "not_comparable": [
            f"{ACCOUNT}/us-east-1: not known now: {why}",
            f"a: not judged now: {why}",
            f"b: not judged now: {why}",
        ],
    }
    assert ran.status == 1
    back = groundrule("compare", *reversed(files), "-f", "json")
    assert told(back)["not_comparable"] == [f"a: not judged before: {why}", f"b: not judged before: {why}"]


def test_the_json_holds_to_its_schema(groundrule: Command, tmp_path: Path) -> None:
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource

    texts = [groundrule("rules", "schema", name).out for name in ("results", "comparison")]
    results, comparison = map(json.loads, texts)
    registry: Registry[Any] = Registry().with_resource(results["$id"], Resource.from_contents(results))
    validator = Draft202012Validator(comparison, registry=registry)
    first = [record("AWS::RDS::DBInstance", name, MultiAZ=False) for name in ("a", "b")]
    second = [record("AWS::RDS::DBInstance", name, MultiAZ=name == "b") for name in ("a", "b", "c")]
    files = scans(groundrule, tmp_path, (first, ()), (second, ()))
    found = json.loads(groundrule("compare", *files, "-f", "json").out)
    assert list(validator.iter_errors(found)) == []
    assert (len(found["new"]), len(found["fixed"]), len(found["unchanged"])) == (1, 1, 1)
    for broken in ({**found, "more": 1}, {**found, "new": [{}]}, {k: v for k, v in found.items() if k != "notes"}):
        assert not validator.is_valid(broken)
