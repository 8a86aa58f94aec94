"""Rules of zones, scaling, spot, alarms, tracing and updates over an account in moto: exactly what is wrong is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.aws import moto_resilience
from tests.conftest import Command

EXPECTED = {
    "alarm-actions-off": {"alarm-off"},
    "alarm-without-action": {"alarm-silent"},
    "api-stage-without-tracing": {"api-bad/live"},
    "aurora-readers-not-scaled": {"aurora-bad"},
    "autoscaling-group-health-check-of-machine": {"group-machine-check"},
    "autoscaling-group-launch-configuration": {"group-old"},
    "autoscaling-group-not-scaled": {"group-fixed", "group-without-policy"},
    "autoscaling-group-one-instance-type": {"group-not-rebalanced", "group-of-one-type", "group-old"},
    "autoscaling-group-single-az": {"group-in-one-zone"},
    "autoscaling-group-without-spot": {"group-full-price"},
    "batch-environment-without-spot": {"batch-ec2"},
    "classic-load-balancer-single-az": {"classic-entry-bad"},
    "dms-instance-single-az": {"feed-bad"},
    "dynamodb-capacity-not-scaled": {"table-fixed"},
    "ecs-service-not-scaled": {"service-alone", "service-full-price", "service-in-one-zone", "service-old"},
    "ecs-service-single-az": {"service-in-one-zone"},
    "ecs-service-single-task": {"service-alone"},
    "ecs-service-without-alarm": {"service-alone", "service-full-price", "service-in-one-zone", "service-old"},
    "ecs-service-without-spot": {"service-full-price"},
    "ecs-task-without-tracing": {"untraced"},
    "efs-single-az": {"files-bad", "files-one-zone"},
    "eks-cluster-without-spot": {"kubernetes-old"},
    "eks-nodegroup-not-scaled": {"kubernetes/fixed"},
    "eks-nodegroup-single-az": {"kubernetes/in-one-zone"},
    "eks-version-unsupported": {"kubernetes-old"},
    "elasticache-failover-off": {"cache-bad"},
    "elasticache-minor-upgrades-off": {"cache-bad", "single-bad"},
    "elasticache-single-az": {"cache-bad"},
    "fargate-platform-outdated": {"service-old"},
    "lambda-function-single-az": {"function-in-one-zone"},
    "lambda-function-without-alarm": {"function-in-one-zone", "function-old", "function-untraced"},
    "lambda-function-without-tracing": {"function-untraced"},
    "lambda-runtime-unsupported": {"function-old"},
    "load-balancer-single-az": {"entry-bad"},
    "mq-broker-single-instance": {"bus-bad"},
    "neptune-cluster-single-az": {"graph-bad"},
    "opensearch-domain-single-az": {"search-bad"},
    "prometheus-workspace-without-alerts": {"metrics"},
    "rds-cluster-single-az": {"aurora-bad"},
    "rds-instance-single-az": {"database-bad"},
    "rds-instance-without-alarm": {"aurora-bad-0", "aurora-bad-1", "aurora-good-0", "aurora-good-1", "database-bad"},
    "rds-minor-upgrades-off": {"database-bad"},
    "spot-group-without-rebalance": {"group-not-rebalanced"},
    "state-machine-without-tracing": {"flow-bad"},
    "subnet-routed-through-other-zone": {"private-b"},
    "vpc-endpoint-single-az": {"endpoint-bad"},
    "zone-without-nat-gateway": {"shared-nat"},
}
"""The names of what each rule finds."""
NOTHING = ("eks-nodegroup-not-spot", "eks-version-in-extended-support", "root-usage-without-alarm")
"""Rules that find nothing here."""


@pytest.mark.long
def test_what_is_wrong_is_found_and_nothing_else(
    client: Callable[..., Any], groundrule: Command, moto: str, tmp_path: Path
) -> None:
    moto_resilience.build(client)
    rules = ",".join((*EXPECTED, *NOTHING))
    ran = groundrule(
        "aws", "scan", "--endpoint-url", moto, "--region", moto_resilience.REGION, "--select", rules, "-f", "json",
        cwd=tmp_path,
    )  # fmt: skip
    assert ran.status == 1
    found: dict[str, set[str]] = {}
    for each in json.loads(ran.out)["results"]:
        if each["outcome"] == "fail":
            found.setdefault(each["rule"], set()).add(each["resource"]["name"])
    assert found == EXPECTED
