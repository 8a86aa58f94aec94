"""The asff format: AWS's Security Finding Format, for `aws securityhub batch-import-findings`, 100 at a time.

Only findings of AWS accounts are in it: the format has no place for a finding without an account.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from scanner import __version__
from scanner.core.result import Finding, NotScanned, Report, ResourceRef, Severity
from scanner.report.json_text import array_text
from scanner.report.moment import moment_of, rfc_3339
from scanner.report.options import RenderOptions
from scanner.report.printable import one_line
from scanner.report.view import View, prepare, remedy, unsaid

_LABELS: dict[Severity, str] = {
    "critical": "CRITICAL",
    "high": "HIGH",
    "medium": "MEDIUM",
    "low": "LOW",
    "info": "INFORMATIONAL",
}
_STATUSES = {"fail": "FAILED", "pass": "PASSED", "unknown": "NOT_AVAILABLE", "error": "NOT_AVAILABLE"}
_KIND = "Software and Configuration Checks/AWS Security Best Practices"
_STANDARDS = {
    "aws-fsbp": "AWS Foundational Security Best Practices",
    "cis-aws": "CIS AWS Foundations Benchmark",
}
_HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_LONGEST = {"Title": 256, "Description": 1024, "Text": 512, "Id": 512}
_MOST_REQUIREMENTS, _MOST_TAGS = 32, 50
_TYPES = {
    name.replace("::", "").lower(): name.replace("::", "")
    for name in """
    Aws::AmazonMq::Broker Aws::ApiGateway::RestApi Aws::ApiGateway::Stage Aws::ApiGatewayV2::Api
    Aws::ApiGatewayV2::Stage Aws::AppSync::GraphQLApi Aws::AutoScaling::AutoScalingGroup
    Aws::AutoScaling::LaunchConfiguration Aws::Backup::BackupPlan Aws::Backup::BackupVault
    Aws::CertificateManager::Certificate Aws::CloudFormation::Stack Aws::CloudFront::Distribution
    Aws::CloudTrail::Trail Aws::CloudWatch::Alarm Aws::CodeBuild::Project Aws::Dms::Endpoint
    Aws::Dms::ReplicationInstance Aws::DynamoDb::Table Aws::Ec2::ClientVpnEndpoint Aws::Ec2::Eip Aws::Ec2::Instance
    Aws::Ec2::LaunchTemplate Aws::Ec2::NetworkAcl Aws::Ec2::NetworkInterface Aws::Ec2::RouteTable
    Aws::Ec2::SecurityGroup Aws::Ec2::Subnet Aws::Ec2::TransitGateway Aws::Ec2::Volume Aws::Ec2::Vpc
    Aws::Ec2::VpcPeeringConnection Aws::Ec2::VpnConnection Aws::Ecr::Repository Aws::Ecs::Cluster Aws::Ecs::Service
    Aws::Ecs::TaskDefinition Aws::Efs::AccessPoint Aws::Eks::Cluster Aws::GuardDuty::Detector Aws::Iam::AccessKey
    Aws::Iam::Group Aws::Iam::Role Aws::Iam::User Aws::Kinesis::Stream Aws::Kms::Key Aws::Lambda::Function
    Aws::Msk::Cluster Aws::OpenSearchService::Domain Aws::Rds::DbCluster Aws::Rds::DbInstance Aws::Rds::DbSnapshot
    Aws::Rds::EventSubscription Aws::Redshift::Cluster Aws::Route53::HostedZone Aws::S3::Bucket
    Aws::SecretsManager::Secret Aws::Sns::Topic Aws::Sqs::Queue Aws::StepFunctions::StateMachine Aws::Wafv2::WebAcl
    """.split()
}
_TYPES |= {
    "awselasticloadbalancingloadbalancer": "AwsElbLoadBalancer",
    "awselasticloadbalancingv2loadbalancer": "AwsElbv2LoadBalancer",
    "awseventseventbus": "AwsEventsEventbus",
    "awsiammanagedpolicy": "AwsIamPolicy",
    "awsrdsclustersnapshot": "AwsRdsDbClusterSnapshot",
    "awsstepfunctionsstatemachine": "AwsStepFunctionStateMachine",
}


def render(report: Report, options: RenderOptions) -> str:
    """A JSON array, one finding a line; `[]` where nothing is about an account."""
    return array_text(list(_findings(prepare(report, options))))


def _findings(view: View) -> Iterator[dict[str, Any]]:
    moment = rfc_3339(moment_of(view.report))
    home: ResourceRef | None = None
    for outcome in ("fail", "error", "unknown", "pass"):
        for finding in view.failures() if outcome == "fail" else view.outcome(outcome):
            if finding.resource.account:
                home = home or finding.resource
                yield _finding(finding, moment)
    if home is not None:
        for entry in view.report.not_scanned:
            yield _gap(entry, home, moment)


def _finding(finding: Finding, moment: str) -> dict[str, Any]:
    rule, label = finding.rule, unsaid(finding)
    text = one_line(finding.message or rule.title)
    failed = finding.outcome == "fail"
    severity = _LABELS[finding.severity] if failed else "INFORMATIONAL"
    found = {
        **_head(finding.resource, f"groundrule/{finding.fingerprint}", rule.id, moment),
        "Severity": {"Label": severity},
        "Title": _cut("Title", rule.title),
        "Description": _cut("Description", f"{text} ({label})" if label else text),
        "Resources": [_resource(finding.resource)],
        "Compliance": _compliance(finding),
        "Workflow": {"Status": "SUPPRESSED" if finding.status != "open" else "NEW" if failed else "RESOLVED"},
        "RecordState": "ACTIVE",
    }
    if finding.outcome in ("unknown", "error"):
        found["Workflow"] = {"Status": "NEW"}
    if advice := remedy(rule, finding.target):
        found["Remediation"] = {"Recommendation": {"Text": _cut("Text", advice)}}
    return found


def _gap(entry: NotScanned, home: ResourceRef, moment: str) -> dict[str, Any]:
    """What was not scanned, as a finding of the account: the format has no other place for it."""
    partition = partition_of(home)
    identity = hashlib.sha256(f"{entry.path}\0{entry.reason}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    account = {"Type": "AwsAccount", "Id": f"AWS::::Account:{home.account}", "Partition": partition}
    found = {
        **_head(home, f"groundrule/not-scanned/{identity}", "not-scanned", moment),
        "Severity": {"Label": "INFORMATIONAL"},
        "Title": "Not everything could be judged",
        "Description": _cut("Description", f"{entry.path}: {entry.reason}"),
        "Resources": [account],
        "Compliance": {"Status": "NOT_AVAILABLE"},
        "Workflow": {"Status": "NEW"},
        "RecordState": "ACTIVE",
    }
    if entry.hint:
        found["Remediation"] = {"Recommendation": {"Text": _cut("Text", entry.hint)}}
    return found


def _head(resource: ResourceRef, identity: str, rule: str, moment: str) -> dict[str, Any]:
    partition, account = partition_of(resource), resource.account
    region = resource.region if resource.region not in ("", "global", "*") else _HOME[partition]
    return {
        "SchemaVersion": "2018-10-08",
        "Id": identity,
        "ProductArn": f"arn:{partition}:securityhub:{region}:{account}:product/{account}/default",
        "ProductFields": {"ProviderName": "groundrule", "ProviderVersion": __version__},
        "GeneratorId": f"groundrule/{rule}",
        "AwsAccountId": account,
        "Types": [_KIND],
        "CreatedAt": moment,
        "UpdatedAt": moment,
    }


def _compliance(finding: Finding) -> dict[str, Any]:
    found: dict[str, Any] = {"Status": _STATUSES[finding.outcome]}
    requirements = [_requirement(control) for control in finding.rule.controls]
    if requirements:
        found["RelatedRequirements"] = requirements[:_MOST_REQUIREMENTS]
    if finding.outcome in ("unknown", "error"):
        code = {"denied": "ACCESS_DENIED"}.get(finding.unknown_kind, "NOT_EVALUATED")
        found["StatusReasons"] = [{"ReasonCode": code, "Description": _cut("Description", finding.message)}]
    return found


def _requirement(control: dict[str, str]) -> str:
    framework, version = control["framework"], control.get("version", "")
    standard = f"{_STANDARDS[framework]} v{version}" if framework in _STANDARDS else f"{framework} {version}"
    return f"{standard}/{control['control']}"


def _resource(resource: ResourceRef) -> dict[str, Any]:
    found: dict[str, Any] = {
        "Type": _TYPES.get(resource.type.replace("::", "").lower(), "Other"),
        "Id": _cut("Id", resource.id or resource.name),
        "Partition": partition_of(resource),
    }
    if resource.region not in ("", "global", "*"):
        found["Region"] = resource.region
    # The API refuses a finding for one empty text.
    tags = [(key[:128], value[:256]) for key, value in sorted(resource.tags.items()) if key.strip() and value.strip()]
    if tags:
        found["Tags"] = dict(tags[:_MOST_TAGS])
    return found


def partition_of(resource: ResourceRef) -> str:
    """The partition of a resource, by its ARN, else by its region."""
    parts = resource.id.split(":")
    if parts[0] == "arn" and len(parts) > 2 and parts[1] in _HOME:
        return parts[1]
    if resource.region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if resource.region.startswith("us-gov-") else "aws"


def _cut(key: str, text: str) -> str:
    text, longest = one_line(text), _LONGEST[key]
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
