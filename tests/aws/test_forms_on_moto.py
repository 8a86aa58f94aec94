"""Defects in many forms: each is found on its own resource, what looks alike is not, and no secret is written."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.aws import moto_forms
from tests.conftest import Command

FORMATS = ("text", "sarif", "junit", "github", "gitlab", "markdown", "csv", "asff", "ocsf")
EXPECTED = {
    "autoscaling-group-single-az": {"zones-one"},
    "classic-load-balancer-single-az": {"entry-one"},
    "iam-role-trusted-by-everyone": {"any-repository", "any-branch"},
    "lambda-function-public": {"password", "json"},
    "s3-bucket-public": {f"{name}-bucket" for name in moto_forms.POLICIES if name.startswith("open-")},
    "secret-in-environment": {
        *(set(moto_forms.FUNCTIONS) - {"names-only"}),
        "build-variable",
        "task-variable",
    },
    "secret-in-text": {
        *(set(moto_forms.USER_DATA) - {"data-fetched"}),
        "build-source",
        "build-spec",
        "configuration",
        "stack-address",
        "stack-output",
        "task-argument",
        "task-check",
        "task-label",
        "template-default",
        "template-latest",
    },
    "security-group-open-to-world": {
        "any-listed",
        *(name for name in moto_forms.INGRESS if name.startswith("any-")),
    },
    "sqs-queue-public": {"open-to-all", "open-to-any-bucket"},
}
"""The names of what each rule finds."""


@pytest.mark.long
def test_every_form_is_found_and_no_secret_is_written(
    client: Callable[..., Any], groundrule: Command, moto: str, tmp_path: Path
) -> None:
    secrets = moto_forms.build(client)
    ran = groundrule(
        "aws", "scan", "--endpoint-url", moto, "--region", moto_forms.REGION, "--select", ",".join(EXPECTED),
        "--save-snapshot", "snapshot.json.gz", "-f", "json", *(word for each in FORMATS for word in ("-o", f"{each}={each}")),
        cwd=tmp_path,
    )  # fmt: skip
    found: dict[str, set[str]] = {}
    for each in json.loads(ran.out)["results"]:
        if each["outcome"] == "fail":
            found.setdefault(each["rule"], set()).add(each["resource"]["name"])
    assert found == EXPECTED

    written = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    written["snapshot.json.gz"] = gzip.decompress(written["snapshot.json.gz"])
    written["output"], written["errors"] = ran.out.encode(), ran.err.encode()
    assert set(FORMATS) < set(written)
    assert [(name, secret) for name, data in written.items() for secret in secrets if secret.encode() in data] == []
