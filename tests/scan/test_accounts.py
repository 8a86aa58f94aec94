"""Snapshots of accounts in a scan: what is judged, what is not known and what is missing, each said."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from scanner.aws.snapshot import Section
from tests.conftest import Command
from tests.scan.snapshots import ACCOUNT, ONE_ZONE, record, rule, write

DENIED = {"state": "unknown", "kind": "denied", "reason": "access is denied"}


@pytest.fixture
def judged(groundrule: Command, tmp_path: Path) -> Any:
    def run(*extra: str) -> tuple[int, dict[str, Any]]:
        selected = ",".join(path.stem for path in sorted((tmp_path / "rules").glob("*.yaml")))
        arguments = ("--rules", "rules", "--select", selected, "-f", "json", "--show-passed", *extra)
        ran = groundrule("scan", *arguments, cwd=tmp_path)
        return ran.status, json.loads(ran.out)

    return run


def told(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each["rule"], each["outcome"], each["resource"]["name"]) for each in found["results"]]


def test_a_snapshot_is_one_more_input(judged: Any, tmp_path: Path) -> None:
    rule(tmp_path, *ONE_ZONE)
    write(
        tmp_path / "night.json.gz",
        [
            record("AWS::RDS::DBInstance", "good", MultiAZ=True),
            record("AWS::RDS::DBInstance", "bad", MultiAZ=False, Tags={"team": "shop"}),
            record("AWS::RDS::DBInstance", "bad", region="us-east-1", MultiAZ=False),
        ],
    )
    status, found = judged()
    assert status == 1
    assert told(found) == [
        ("one-zone", "fail", "bad"),
        ("one-zone", "pass", "good"),
        ("one-zone", "fail", "bad"),
    ]
    first, _, far = found["results"]
    assert first["location"] == {
        "path": f"aws/{ACCOUNT}/eu-west-1/AWS-RDS-DBInstance/bad",
        "line": 0,
        "column": 0,
        "end_line": 0,
        "end_column": 0,
    }
    assert first["resource"] == {
        "type": "AWS::RDS::DBInstance",
        "namespace": "",
        "name": "bad",
        "id": f"arn:aws:x:eu-west-1:{ACCOUNT}:y/bad",
        "account": ACCOUNT,
        "region": "eu-west-1",
        "tags": {"team": "shop"},
    }
    assert first["fingerprint"] != far["fingerprint"]
    places = [f"{ACCOUNT}/eu-west-1", f"{ACCOUNT}/us-east-1"]
    assert found["scanned"] == [{"path": "night.json.gz", "kind": "aws", "resources": 3, "places": places}]
    assert found["not_scanned"] == []


def test_what_could_not_be_listed_is_unknown_and_not_scanned(judged: Any, tmp_path: Path) -> None:
    rule(tmp_path, *ONE_ZONE)
    rule(tmp_path, "no-queue", "{types: [AWS::SQS::Queue]}", "resource.name != ''")
    kind = "AWS::RDS::DBInstance"
    sections = [
        Section(kind, ACCOUNT, region, action="rds:DescribeDBInstances", **DENIED)  # type: ignore[arg-type]
        for region in ("eu-west-1", "us-east-1")
    ]
    # Nobody needs this one.
    other = Section("AWS::EC2::Volume", ACCOUNT, "eu-west-1", action="ec2:DescribeVolumes", **DENIED)  # type: ignore[arg-type]
    write(tmp_path / "night.json.gz", [], [*sections, other])
    status, found = judged()
    assert status == 3
    assert told(found) == [
        ("one-zone", "unknown", f"{ACCOUNT}/eu-west-1"),
        ("one-zone", "unknown", f"{ACCOUNT}/us-east-1"),
    ]
    message = found["results"][0]["message"]
    assert message == "One zone? resource.MultiAZ is not known: access is denied (rds:DescribeDBInstances)"
    assert [each["reason"] for each in found["not_scanned"]] == [
        f"{kind} in {ACCOUNT} (eu-west-1, us-east-1): access is denied (rds:DescribeDBInstances)",
        "the rules need 1 type that was not collected: AWS::SQS::Queue",
    ]


def test_what_was_left_out_is_said(judged: Any, tmp_path: Path) -> None:
    rule(tmp_path, *ONE_ZONE)
    section = Section("AWS::RDS::DBInstance", ACCOUNT, "eu-west-1", "not_collected", reason="the run was interrupted")
    write(tmp_path / "night.json.gz", [record("AWS::RDS::DBInstance", "good", MultiAZ=True)], [section])
    status, found = judged()
    assert status == 3
    # What is there is judged, and what may be missing is not passed over.
    assert told(found) == [
        ("one-zone", "unknown", f"{ACCOUNT}/eu-west-1"),
        ("one-zone", "pass", "good"),
    ]
    assert "the run was interrupted" in found["not_scanned"][0]["reason"]
    assert "--resume" in found["not_scanned"][0]["hint"]


def test_a_property_that_could_not_be_read(judged: Any, tmp_path: Path) -> None:
    rule(tmp_path, *ONE_ZONE)
    fact = {"kind": "denied", "action": "rds:X", "reason": "access is denied: rds:X"}
    write(tmp_path / "night.json.gz", [record("AWS::RDS::DBInstance", "shop", unknown={"MultiAZ": fact})])
    status, found = judged()
    assert status == 3
    (only,) = found["results"]
    assert only["message"] == "One zone? resource.MultiAZ is not known: access is denied: rds:X"


REGION = (
    "no-detector",
    "{types: [AWS::GuardDuty::Detector], each: region}",
    "resource.items.exists(each, each.Enable)",
)
ANYWHERE = ("no-trail", "{types: [AWS::CloudTrail::Trail], each: account}", "size(resource.items) > 0")


def test_all_of_a_region_and_all_of_an_account(judged: Any, tmp_path: Path) -> None:
    from scanner.core.resource_shapes import resource_shape

    name = next(name for name, shape in (resource_shape("AWS::GuardDuty::Detector") or {}).items() if shape == "string")
    rule(
        tmp_path,
        "no-detector",
        "{types: [AWS::GuardDuty::Detector], each: region}",
        f"resource.items.exists(each, each.{name} == 'on')",
    )
    rule(tmp_path, *ANYWHERE)
    trail, detector = "AWS::CloudTrail::Trail", "AWS::GuardDuty::Detector"
    empty = [
        Section(kind, account, region) for kind in (trail, detector) for account in ("1", "2") for region in ("a", "b")
    ]
    records = [
        record(detector, "d1", "a", "1", **{name: "on"}),
        record(detector, "d2", "b", "1", **{name: "off"}),
        record(trail, "t", "b", "1"),
    ]
    write(
        tmp_path / "night.json.gz",
        records,
        [each for each in empty if each.key not in {(r["type"], r["account"], r["region"]) for r in records}],
    )
    _, found = judged()
    assert sorted(told(found)) == [
        ("no-detector", "fail", "1/b"),
        ("no-detector", "fail", "2/a"),
        ("no-detector", "fail", "2/b"),
        ("no-detector", "pass", "1/a"),
        ("no-trail", "fail", "2/global"),
        ("no-trail", "pass", "1/global"),
    ]
    assert {each["resource"]["type"] for each in found["results"] if each["rule"] == "no-trail"} == {trail}


def test_an_account_is_not_judged_by_half_of_its_regions(judged: Any, tmp_path: Path) -> None:
    rule(tmp_path, *ANYWHERE)
    denied = Section("AWS::CloudTrail::Trail", "1", "a", action="cloudtrail:DescribeTrails", **DENIED)  # type: ignore[arg-type]
    write(tmp_path / "night.json.gz", [], [denied, Section("AWS::CloudTrail::Trail", "1", "b")])
    status, found = judged()
    assert status == 3
    assert told(found) == [("no-trail", "unknown", "1/global")]


FLOW_LOGS = ("no-flow-log", "{types: [AWS::EC2::VPC]}", "size(resource.related.flow_logs) > 0")


def test_relations_come_from_the_whole_snapshot(judged: Any, tmp_path: Path) -> None:
    rule(tmp_path, *FLOW_LOGS)
    vpc, log = "AWS::EC2::VPC", "AWS::EC2::FlowLog"
    records = [
        record(vpc, "vpc-1"),
        record(vpc, "vpc-2"),
        record(vpc, "vpc-3", "us-east-1"),
        record(log, "fl-1", ResourceId="vpc-1"),
        *(
            record("AWS::EC2::Subnet", f"subnet-{region}", region, VpcId="vpc-0")
            for region in ("eu-west-1", "us-east-1")
        ),
    ]
    denied = Section(log, ACCOUNT, "us-east-1", action="ec2:DescribeFlowLogs", **DENIED)  # type: ignore[arg-type]
    write(tmp_path / "night.json.gz", records, [denied])
    status, found = judged()
    assert status == 1
    assert sorted(told(found)) == [
        ("no-flow-log", "fail", "vpc-2"),
        ("no-flow-log", "pass", "vpc-1"),
        ("no-flow-log", "unknown", "vpc-3"),
    ]


def test_resources_of_one_name_are_told_apart(judged: Any, tmp_path: Path) -> None:
    """Names from tags are shared."""
    rule(tmp_path, "any", "{types: [AWS::EC2::VPC]}", "resource.name == ''")
    records = [{**record("AWS::EC2::VPC", f"vpc-{number}"), "name": "main"} for number in range(3)]
    write(tmp_path / "night.json.gz", records)
    _, found = judged()
    assert len(found["results"]) == 3
    assert len({each["location"]["path"] for each in found["results"]}) == 3
    assert len({each["fingerprint"] for each in found["results"]}) == 3


@pytest.mark.parametrize(
    ("damage", "status", "reason"),
    [
        (lambda data: data[: len(data) // 2], 1, "cut off after"),
        (lambda data: gzip.compress(gzip.decompress(data).replace(b'"end":{"records":40}', b'"end":{"records":41}')), 1, "holds 40 records, but says 41"),
        (lambda data: gzip.compress(gzip.decompress(data).replace(b'"groundrule_snapshot":1', b'"groundrule_snapshot":9')), 3, "is a snapshot of a newer groundrule"),
    ],
    ids=["cut off", "wrong count", "newer"],
)  # fmt: skip
def test_what_cannot_be_read_to_its_end(judged: Any, tmp_path: Path, damage: Any, status: int, reason: str) -> None:
    rule(tmp_path, *ONE_ZONE)
    kind = "AWS::RDS::DBInstance"
    # Names that do not compress well: half of the file is then half of the records.
    records = [record(kind, f"{number * 7919**3:x}{number * 104729**3:x}", MultiAZ=False) for number in range(40)]
    path = write(tmp_path / "night.json.gz", sorted(records, key=lambda each: each["id"]))
    path.write_bytes(damage(path.read_bytes()))
    found_status, found = judged()
    assert found_status == status
    (entry,) = found["not_scanned"]
    assert entry["path"] == "night.json.gz"
    assert reason in entry["reason"]


def test_other_files_of_that_name_are_no_snapshots(groundrule: Command, tmp_path: Path) -> None:
    (tmp_path / "data.json.gz").write_bytes(gzip.compress(b'{"some": "data"}'))
    ran = groundrule("scan", "-f", "json", cwd=tmp_path)
    assert [each["reason"] for each in json.loads(ran.out)["not_scanned"]] == [
        "no Compose file and no Kubernetes manifest is here"
    ]
    ran = groundrule("scan", "data.json.gz", "-f", "json", cwd=tmp_path)
    assert [each["reason"] for each in json.loads(ran.out)["not_scanned"]] == [
        "no snapshot of groundrule, or damaged at its beginning"
    ]
    assert ran.status == 3


def test_waivers_and_paths_of_the_configuration_hold(judged: Any, tmp_path: Path) -> None:
    rule(tmp_path, *ONE_ZONE)
    write(tmp_path / "night.json.gz", [record("AWS::RDS::DBInstance", name, MultiAZ=False) for name in ("a", "b", "c")])
    arn = f"arn:aws:x:eu-west-1:{ACCOUNT}:y/b"
    (tmp_path / ".groundrule.yaml").write_text(
        f"""\
waivers:
  - {{rule: one-zone, resource: "a", reason: one is enough}}
  - {{rule: one-zone, resource: "{arn}", reason: one is enough}}
  - {{rule: one-zone, paths: ["aws/*/eu-west-1/AWS-RDS-DBInstance/c"], reason: one is enough}}
"""
    )
    status, found = judged()
    assert [each["status"] for each in found["results"]] == ["suppressed"] * 3
    assert (status, found["notices"]) == (0, [])
    # Without the account, nobody can tell whether they are needed.
    (tmp_path / "night.json.gz").unlink()
    (tmp_path / "compose.yaml").write_text("services: {web: {image: nginx}}\n")
    assert judged()[1]["notices"] == []


def test_secrets_of_one_resource_are_several_findings(groundrule: Command, tmp_path: Path) -> None:
    variables = {
        "DB_PASSWORD": {"$secret": "password"},
        "API_KEY": {"$secret": "API key"},
        "STAGE": {"$value": "checked"},
    }
    secrets = [
        {"path": "Environment.Variables.API_KEY", "kind": "API key"},
        {"path": "Environment.Variables.DB_PASSWORD", "kind": "password"},
    ]
    write(
        tmp_path / "night.json.gz",
        [record("AWS::Lambda::Function", "resize", Environment={"Variables": variables}, secrets=secrets)],
    )
    ran = groundrule("scan", "--select", "secret-in-environment", "-f", "json", cwd=tmp_path)
    results = json.loads(ran.out)["results"]
    assert [each["message"] for each in results] == [
        "API_KEY of resize holds an API key in plain text",
        "DB_PASSWORD of resize holds a password in plain text",
    ]
    assert len({each["fingerprint"] for each in results}) == 2


TEMPLATE = """\
Resources:
  Ledger:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      MultiAZ: !If [Large, true, false]
  Other: {Type: "AWS::RDS::DBInstance"}
  Store:
    Type: AWS::Serverless::Function
"""


def stack(logical_id: str, name: str = "shop") -> dict[str, str]:
    return {"aws:cloudformation:logical-id": logical_id, "aws:cloudformation:stack-name": name}


def test_the_file_that_declares_a_resource_stands_beside_it(judged: Any, tmp_path: Path) -> None:
    rule(tmp_path, *ONE_ZONE)
    text = (tmp_path / "rules" / "one-zone.yaml").read_text()
    (tmp_path / "rules" / "one-zone.yaml").write_text(f"{text}at: resource.MultiAZ\n")
    for name in ("infra/database.yaml", "infra/two/shop-cache.json", "infra/two/cache.yml", "broken.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(TEMPLATE)
    (tmp_path / "infra/two/shop-cache.json").write_text('{"Resources": {"Cache": {"Type": "AWS::RDS::DBInstance"}}}')
    (tmp_path / "infra/two/cache.yml").write_text('Resources: {Cache: {Type: "AWS::RDS::DBInstance"}}')
    (tmp_path / "broken.yaml").write_text("Resources: [AWS::RDS::DBInstance\n")
    (tmp_path / "main.tf").write_text("")
    tags = {
        "absent": stack("Other"),
        "set": stack("Ledger"),
        "of-one-stack": stack("Cache", "prod-ShopCache"),
        "of-two-stacks": stack("Cache", "prod"),
        "unknown": stack("Nothing"),
        "of-another-type": stack("Store"),
        "terraform": {"git_file": "main.tf"},
        "elsewhere": {"git_file": "../main.tf"},
        "gone": {"git_file": "gone.tf"},
        "no-path": {"git_file": "\0" + "x" * 9000},
        "untagged": {},
    }
    write(
        tmp_path / "night.json.gz",
        [record("AWS::RDS::DBInstance", name, MultiAZ=False, Tags=each) for name, each in tags.items()],
    )
    _, found = judged()
    related = {
        each["resource"]["name"]: [(place["path"], place["line"], place["role"]) for place in each["related"]]
        for each in found["results"]
    }
    assert related == {
        "absent": [("infra/database.yaml", 7, "declaration")],
        "set": [("infra/database.yaml", 6, "declaration")],
        "of-one-stack": [("infra/two/shop-cache.json", 1, "declaration")],
        "of-two-stacks": [],
        "unknown": [],
        "of-another-type": [],
        "terraform": [("main.tf", 0, "declaration")],
        "elsewhere": [],
        "gone": [],
        "no-path": [],
        "untagged": [],
    }
    _, alone = judged("night.json.gz")
    assert {tuple(each["related"]) for each in alone["results"]} == {()}


def test_a_transform_and_the_folder_of_a_template_are_known() -> None:
    from scanner.sources.aws.templates import Templates

    files = [(f"{name}/template.yaml", TEMPLATE.encode()) for name in ("orders", "billing")]
    declaration = Templates(files).declaration("AWS::Lambda::Function", stack("Store", "billing-prod"))
    assert declaration is not None
    assert str(declaration.related(("Runtime",)).location) == "billing/template.yaml:8:3"
