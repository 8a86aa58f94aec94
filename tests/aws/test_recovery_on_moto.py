"""Rules of backups, copies, recovery and scans over an account in moto: exactly what is wrong is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.aws import moto_recovery
from tests.aws.servers import in_front_of
from tests.conftest import Command

HERE, THERE = (f"{moto_recovery.ACCOUNT}/{region}" for region in (moto_recovery.HOME, moto_recovery.FAR))
ALL = f"{moto_recovery.ACCOUNT}/global"
EXPECTED = {
    "access-analyzer-missing": {THERE},
    "aurora-cluster-not-global": {"aurora-bad"},
    "backup-job-failed": {"job-bad"},
    "backup-plan-missing": {THERE},
    "backup-plan-not-daily": {"plan-bad"},
    "backup-plan-retention-short": {"plan-bad"},
    "backup-plan-without-copy": {"plan-bad"},
    "backup-vault-missing": {THERE},
    "backup-vault-not-encrypted": {"vault-bad"},
    "backup-vault-not-locked": {"vault-bad"},
    "config-recorder-off": {THERE},
    "dns-record-without-health-check": {"bad.example./www.bad.example. A"},
    "dns-zone-without-failover": {"bad.example."},
    "drs-server-not-drilled": {"s-bad"},
    "dynamodb-table-deletable": {"table-bad"},
    "dynamodb-table-not-global": {"table-bad"},
    "dynamodb-table-not-in-backup-plan": {"table-bad", "table-far"},
    "dynamodb-table-without-pitr": {"table-bad"},
    "ecr-image-vulnerable": {"image-bad"},
    "ecr-images-not-scanned": {"image-bad"},
    "ecr-not-replicated": {HERE},
    "ecr-tags-mutable": {"image-bad"},
    "efs-automatic-backup-off": {"files-bad", "files-planned"},
    "efs-not-in-backup-plan": {"files-bad"},
    "efs-not-replicated": {"files-bad", "files-planned"},
    "elasticache-without-backup": {"cache-bad"},
    "fault-experiment-missing": {THERE},
    "fault-experiment-overdue": {"experiment-bad"},
    "guardduty-not-enabled": {THERE},
    "kms-key-not-multi-region": {"alias/bad"},
    "macie-not-enabled": {THERE},
    "rds-backups-not-replicated": {"database-bad"},
    "rds-cluster-backup-short": {"aurora-bad"},
    "rds-cluster-deletable": {"aurora-bad"},
    "rds-instance-backup-short": {"database-bad"},
    "rds-instance-deletable": {"database-bad"},
    "rds-instance-not-in-backup-plan": {"database-bad"},
    "recovery-point-not-encrypted": {"vault-bad/bad"},
    "redshift-snapshots-not-copied": {"warehouse-bad"},
    "redshift-snapshots-short": {"warehouse-bad"},
    "resilience-app-not-assessed": {"app-bad", "app-good"},
    "resilience-app-without-policy": {"app-bad"},
    "restore-test-failed": {"restore-bad"},
    "restore-test-overdue": {ALL},
    "restore-testing-missing": {ALL},
    "s3-bucket-not-replicated": {"ledger-bad"},
    "s3-bucket-not-versioned": {"ledger-bad"},
    "s3-bucket-without-object-lock": {"ledger-bad"},
    "security-hub-not-enabled": {THERE},
}
"""The names of what each rule finds."""
FAMILIES = ("backup", "cross-region", "disaster-recovery", "ci-scanning")


@pytest.mark.long
def test_what_is_wrong_is_found_and_nothing_else(
    client: Callable[..., Any], groundrule: Command, moto: str, tmp_path: Path
) -> None:
    moto_recovery.build(client)
    regions = ("--region", moto_recovery.HOME, "--region", moto_recovery.FAR)
    rules = ",".join((*(f"family:{name}" for name in FAMILIES), "ecr-tags-mutable"))
    with in_front_of(moto, moto_recovery.answers(client)) as proxy:
        ran = groundrule(
            "aws", "scan", "--endpoint-url", proxy.url, *regions, "--select", rules, "-f", "json", cwd=tmp_path
        )
    report = json.loads(ran.out)
    found: dict[str, dict[str, set[str]]] = {"fail": {}, "unknown": {}}
    for each in report["results"]:
        found[each["outcome"]].setdefault(each["rule"], set()).add(each["resource"]["name"])
    assert found == {"fail": EXPECTED, "unknown": {}}
    assert report["not_scanned"] == []
    assert ran.status == 1
