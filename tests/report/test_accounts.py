"""Findings of AWS accounts: who and where in every format, masked numbers of accounts, ASFF and OCSF."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from scanner.report import FORMATS, RenderOptions, render
from tests.report.sample import account, sample

EVERYTHING = RenderOptions(show_suppressed=True, show_passed=True)


@pytest.mark.parametrize("name", FORMATS)
def test_account_and_region_are_in_every_format(name: str) -> None:
    text = render(name, account(), RenderOptions())
    assert "123456789012" in text
    assert "eu-central-1" in text
    assert "eu-west-1" in text
    assert "denied" in text or "ACCESS_DENIED" in text


@pytest.mark.parametrize("name", ["text", "json", "sarif", "junit", "csv", "asff", "ocsf"])
def test_arns_are_in_the_formats_that_have_a_place_for_them(name: str) -> None:
    assert "arn:aws:s3:::logs" in render(name, account(), RenderOptions())


@pytest.mark.parametrize("name", ["text", "json", "sarif", "csv", "asff", "ocsf"])
def test_tags_are_in_the_formats_that_have_a_place_for_them(name: str) -> None:
    assert "production" in render(name, account(), RenderOptions())


@pytest.mark.parametrize("name", FORMATS)
def test_masked_accounts(name: str) -> None:
    report = account()
    message = "arn:aws:iam::999988887777:role/other may read it, sha256:1a111122223333, not b123456789012logs"
    report.findings[0] = report.findings[0]._replace(message=message)
    masked = render(name, report, EVERYTHING._replace(mask_accounts=True))
    assert "123456789012" not in masked
    assert "999988887777" not in masked
    assert "xxxxxxxx9012" in masked
    if name != "asff":
        assert "1a111122223333" in masked.replace("&#58;", ":")


@pytest.mark.parametrize("name", ["text", "json", "sarif", "junit", "csv", "asff", "ocsf"])
def test_an_access_key_is_called_by_its_id(name: str) -> None:
    report = account()
    first = report.findings[0]
    key, other = "AKIAQ2W3E4R5T6Y7U7A2", "AKIAZZZZZZZZZZZZZZZ2"
    resource = first.resource._replace(type="AWS::IAM::AccessKey", name=f"anna/{key}", id=f"arn:aws:iam::1:user/{key}")
    message = f"the key {key} is old, not {other}"
    written = render(name, replace(report, findings=[first._replace(resource=resource, message=message)]), EVERYTHING)
    assert key in written
    assert f"the key {key} is old" in written
    assert other not in written


def asff(report: Any, options: RenderOptions = EVERYTHING) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render("asff", report, options))
    return found


def test_asff_is_what_security_hub_takes() -> None:
    """Every finding against botocore's model of the API, and what the API demands beyond it."""
    session = pytest.importorskip("botocore.session")
    from botocore.validate import ParamValidator

    model = session.Session().get_service_model("securityhub").operation_model("BatchImportFindings").input_shape
    found = asff(account())
    assert ParamValidator().validate({"Findings": found}, model).generate_report() == ""
    assert len({each["Id"] for each in found}) == len(found) == 5
    for each in found:
        assert re.fullmatch(r"\d{12}", each["AwsAccountId"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", each["UpdatedAt"])
        assert len(each["Title"]) <= 256
        assert len(each["Description"]) <= 1024


def _blank(value: Any, shape: Any, place: str) -> Iterator[str]:
    """The texts that the API refuses for having no letter, by the patterns of its model."""
    if shape.type_name == "structure":
        for name, each in value.items():
            yield from _blank(each, shape.members[name], f"{place}.{name}")
    elif shape.type_name == "map":
        for name, each in value.items():
            yield from _blank(name, shape.key, f"{place}.{name} (key)")
            yield from _blank(each, shape.value, f"{place}.{name}")
    elif shape.type_name == "list":
        for index, each in enumerate(value):
            yield from _blank(each, shape.member, f"{place}[{index}]")
    elif shape.metadata.get("pattern") == r".*\S.*" and not str(value).strip():
        yield place


def test_asff_has_no_blank_texts() -> None:
    session = pytest.importorskip("botocore.session")
    model = session.Session().get_service_model("securityhub").operation_model("BatchImportFindings").input_shape
    report = account()
    tags = {"empty": "", "blank": " ", " ": "x", "long": "y" * 300, "k" * 200: "v", "team": "shop"}
    found = [each._replace(resource=each.resource._replace(tags=tags)) for each in report.findings]
    written = asff(replace(report, findings=found))
    assert list(_blank({"Findings": written}, model, "")) == []
    assert written[0]["Resources"][0]["Tags"] == {"k" * 128: "v", "long": "y" * 256, "team": "shop"}


def test_asff_says_what_became_of_each() -> None:
    found = [(each["GeneratorId"], each["Compliance"]["Status"], each["Severity"]["Label"]) for each in asff(account())]
    assert found == [
        ("groundrule/port-published-everywhere", "FAILED", "MEDIUM"),
        ("groundrule/port-published-everywhere", "FAILED", "LOW"),
        ("groundrule/single-replica", "NOT_AVAILABLE", "INFORMATIONAL"),
        ("groundrule/readiness-probe-missing", "PASSED", "INFORMATIONAL"),
        ("groundrule/not-scanned", "NOT_AVAILABLE", "INFORMATIONAL"),
    ]


def test_asff_leaves_out_what_is_in_no_account() -> None:
    assert asff(sample()) == []


@pytest.mark.parametrize(
    ("arn", "region", "product"),
    [
        ("arn:aws-cn:s3:::b", "global", "arn:aws-cn:securityhub:cn-north-1:123456789012:product/123456789012/default"),
        ("", "us-gov-east-1", "arn:aws-us-gov:securityhub:us-gov-east-1:123456789012:product/123456789012/default"),
        ("x", "*", "arn:aws:securityhub:us-east-1:123456789012:product/123456789012/default"),
    ],
)
def test_asff_names_the_product_where_the_finding_goes(arn: str, region: str, product: str) -> None:
    report = account()
    first = report.findings[0]
    moved = first._replace(resource=first.resource._replace(id=arn, region=region))
    assert asff(replace(report, findings=[moved]))[0]["ProductArn"] == product


def test_ocsf_has_what_the_class_demands() -> None:
    events = json.loads(render("ocsf", account(), EVERYTHING))
    assert len(events) == 5
    demanded = "activity_id category_uid class_uid compliance finding_info metadata severity_id time type_uid".split()
    for event in events:
        assert [name for name in demanded if name not in event] == []
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
        assert {"product", "version"} <= set(event["metadata"])
        assert {"uid", "title"} <= set(event["finding_info"])
        assert isinstance(event["time"], int)
        assert ("cloud" in event) == (event["metadata"].get("profiles") == ["cloud"])
    assert [event["compliance"]["status"] for event in events] == ["Fail", "Fail", "Unknown", "Pass", "Unknown"]
    assert events[0]["cloud"]["account"]["uid"] == "123456789012"
