"""The declarations on an account with a resource of most types, in moto's server: what becomes of its answers."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.aws.types import resource_types
from tests.aws import moto_account
from tests.aws.conftest import Taken, take

LACKING = {
    "access-analyzer:ListAnalyzers", "aps:DescribeAlertManagerDefinition", "backup:ListBackupJobs",
    "backup:ListBackupSelections", "backup:ListCopyJobs", "backup:ListFrameworks", "backup:ListProtectedResources",
    "backup:ListRecoveryPointsByBackupVault", "backup:ListRestoreJobs", "backup:ListRestoreTestingPlans", "budgets:DescribeBudgetActionsForAccount",
    "ce:GetAnomalies", "ce:GetAnomalyMonitors", "ce:GetAnomalySubscriptions", "ce:GetSavingsPlansCoverage",
    "ce:ListCostAllocationTags", "compute-optimizer:GetEnrollmentStatus",
    "cost-optimization-hub:ListEnrollmentStatuses", "drs:DescribeJobs", "drs:DescribeSourceServers",
    "ec2:DescribeClientVpnEndpoints", "ec2:GetImageBlockPublicAccessState", "ec2:GetInstanceMetadataDefaults",
    "ec2:GetSerialConsoleAccessStatus", "ec2:GetSnapshotBlockPublicAccessState", "ecs:DescribeCapacityProviders",
    "eks:DescribeClusterVersions", "eks:ListAddons", "eks:ListPodIdentityAssociations",
    "elasticfilesystem:DescribeReplicationConfigurations", "lambda:ListFunctionUrlConfigs",
    "logs:DescribeAccountPolicies", "securityhub:GetEnabledStandards", "servicequotas:ListServiceQuotas",
    "ssm:DescribeInstanceInformation", "ssm:ListResourceComplianceSummaries", "xray:GetEncryptionConfig",
    "xray:GetSamplingRules",
}  # fmt: skip
"""Actions whose operation moto does not have (all of it, or for what is asked here); it may have them one day."""


@pytest.fixture(scope="module")
def ids() -> dict[str, str]:
    return {}


@pytest.fixture(scope="module")
def built(moto_server: str, tmp_path_factory: pytest.TempPathFactory, ids: dict[str, str]) -> Taken:
    """The account, collected."""
    import urllib.request

    import botocore.session

    from scanner.aws.models import data_loader

    urllib.request.urlopen(urllib.request.Request(f"{moto_server}/moto-api/reset", method="POST")).read()
    session = botocore.session.get_session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    session.register_component("data_loader", data_loader())

    def client(service: str) -> Any:
        return session.create_client(service, region_name=moto_account.REGION, endpoint_url=moto_server)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        patch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
        ids.update(moto_account.build(client))
        path = tmp_path_factory.mktemp("account") / "all.json.gz"
        return take(moto_server, tuple(resource_types().values()), path, regions=(moto_account.REGION,))


def only(built: Taken, type_name: str, name: str = "") -> dict[str, Any]:
    """The one record of a type, or the one with this name."""
    found = [
        line
        for line in built.lines
        if line.get("type") == type_name and "properties" in line and name in ("", line["name"])
    ]
    assert len(found) == 1, [line["name"] for line in found]
    return found[0]


def test_whatever_is_not_known_is_for_want_of_an_operation_of_moto(built: Taken) -> None:
    failed = {section["action"] for section in built.sections.values() if section["state"] != "complete"}
    facts = [fact for line in built.lines if "unknown" in line for fact in line["unknown"].values()]
    assert failed | {fact["action"] for fact in facts} <= LACKING
    assert {fact["kind"] for fact in facts} == {"failed"}


def test_most_types_have_a_resource(built: Taken) -> None:
    with_records = {line["type"] for line in built.lines if "properties" in line}
    assert len(with_records) >= 115


def test_resources_are_told_apart(built: Taken) -> None:
    keys = [
        (line["type"], line["account"], line["region"], line["id"], line["arn"])
        for line in built.lines
        if "properties" in line
    ]
    assert len(set(keys)) == len(keys)
    settings = {line["type"] for line in built.lines if line.get("name") == "123456789012/us-east-1"}
    assert all(not resource_types()[name].call for name in settings), "only settings have no name of their own"


def test_every_property_is_declared(built: Taken) -> None:
    for line in built.lines:
        if "properties" in line:
            declared = set(resource_types()[line["type"]].properties)
            assert set(line["properties"]) | set(line["unknown"]) <= declared, line["type"]


def test_no_secret_is_kept(built: Taken) -> None:
    assert moto_account.SECRET not in built.text
    verdicts = {(line["type"], each["path"]) for line in built.lines if "secrets" in line for each in line["secrets"]}
    assert verdicts == {
        ("AWS::ApiGateway::Stage", "Variables.token"),
        ("AWS::CloudFormation::Stack", "Outputs[0].OutputValue"),
        ("AWS::CloudFormation::Stack", "Parameters[0].ParameterValue"),
        ("AWS::CodeBuild::Project", "Environment.EnvironmentVariables[0].Value"),
        ("AWS::EC2::Instance", "UserData"),
        ("AWS::ECS::TaskDefinition", "ContainerDefinitions[0].Environment[0].Value"),
        ("AWS::Lambda::Function", "Environment.Variables.DB_PASSWORD"),
    }


@pytest.mark.parametrize(
    ("type_name", "name", "arn"),
    [
        ("AWS::S3::Bucket", "data", "arn:aws:s3:::data"),
        ("AWS::SQS::Queue", "jobs", "arn:aws:sqs:us-east-1:123456789012:jobs"),
        ("AWS::SNS::Topic", "alerts", "arn:aws:sns:us-east-1:123456789012:alerts"),
        ("AWS::EC2::VPC", "main", None),
        ("AWS::KMS::Key", "alias/data", None),
        ("AWS::ECS::Service", "web", "arn:aws:ecs:us-east-1:123456789012:service/prod/web"),
        ("AWS::ECS::TaskDefinition", "web", "arn:aws:ecs:us-east-1:123456789012:task-definition/web:1"),
        ("AWS::EKS::Nodegroup", "k8s/workers", None),
        ("AWS::ApiGateway::Stage", "shop/live", None),
        ("AWS::Cognito::UserPoolClient", "people/web", None),
        ("AWS::ElasticLoadBalancingV2::Listener", "public/HTTP:80", None),
        ("AWS::IAM::ManagedPolicy", "readers", "arn:aws:iam::123456789012:policy/readers"),
        ("AWS::SecretsManager::Secret", "db/password", None),
        ("AWS::SSM::Parameter", "/app/url", "arn:aws:ssm:us-east-1:123456789012:parameter/app/url"),
        ("AWS::CloudTrail::Trail", "all", "arn:aws:cloudtrail:us-east-1:123456789012:trail/all"),
        ("AWS::EFS::FileSystem", "shared", None),
        ("AWS::Budgets::Budget", "monthly", "arn:aws:budgets::123456789012:budget/monthly"),
        ("Account::IAM::PasswordPolicy", "123456789012/global", "arn:aws:iam::123456789012:password-policy"),
        ("AWS::SecurityHub::Hub", "123456789012/us-east-1", None),
    ],
)
def test_names_and_arns(built: Taken, type_name: str, name: str, arn: str | None) -> None:
    assert only(built, type_name, name)["arn"] == (arn or only(built, type_name, name)["arn"])


def test_children_and_settings_have_facts_where_nothing_is_configured(built: Taken) -> None:
    assert only(built, "AWS::SecurityHub::Hub")["properties"] == {"ARN": None}
    assert only(built, "Account::IAM::PasswordPolicy")["properties"] == {"PasswordPolicy": None}
    assert only(built, "Account::S3::PublicAccessBlock")["properties"] == {"PublicAccessBlockConfiguration": None}
    contacts = only(built, "Account::Account::AlternateContacts")["properties"]
    assert contacts == {"Billing": None, "Operations": None, "Security": None}


@pytest.mark.parametrize(
    ("type_name", "name", "expected"),
    [
        (
            "AWS::S3::Bucket",
            "data",
            {
                "LifecycleConfiguration": {
                    "Rules": [
                        {
                            "AbortIncompleteMultipartUpload": None,
                            "ExpirationInDays": 30,
                            "Id": "old",
                            "NoncurrentVersionExpiration": {"NoncurrentDays": 60},
                            "NoncurrentVersionTransitions": None,
                            "Prefix": "tmp/",
                            "Status": "Enabled",
                            "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 10}],
                        }
                    ]
                },
                "LoggingConfiguration": None,
                "VersioningConfiguration": {"Status": "Enabled"},
            },
        ),
        (
            "AWS::RDS::DBInstance",
            "main",
            {
                "MultiAZ": True,
                "ManageMasterUserPassword": False,
                "EnableIAMDatabaseAuthentication": True,
                "EnableCloudwatchLogsExports": ["postgresql"],
                "DBSubnetGroupName": "private",
                "SubnetZones": ["us-east-1a", "us-east-1b"],
            },
        ),
        (
            "AWS::EKS::Cluster",
            "k8s",
            {"Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": "api"}, {"Type": "audit"}]}}},
        ),
        ("AWS::EKS::Nodegroup", "k8s/workers", {"CapacityType": "SPOT", "Labels": {"team": "app"}}),
        (
            "AWS::SQS::Queue",
            "jobs",
            {"VisibilityTimeout": 60, "SqsManagedSseEnabled": True, "FifoQueue": False, "Policy": None},
        ),
        (
            "AWS::ElastiCache::ReplicationGroup",
            "cache",
            {"AutomaticFailoverEnabled": True, "MultiAZEnabled": True, "NumNodeGroups": 1},
        ),
        (
            "AWS::DynamoDB::Table",
            "orders",
            {
                "BillingMode": "PROVISIONED",
                "PointInTimeRecoverySpecification": {
                    "PointInTimeRecoveryEnabled": False,
                    "RecoveryPeriodInDays": None,
                },
                "SSESpecification": None,
            },
        ),
        ("AWS::EC2::Snapshot", "", {"CreateVolumePermissions": [{"Group": "all"}]}),
        ("AWS::Lambda::Function", "work", {"TracingConfig": {"Mode": "Active"}}),
        ("AWS::KMS::Key", "alias/data", {"EnableKeyRotation": False, "KeyManager": "CUSTOMER"}),
        ("AWS::GuardDuty::Detector", "", {"Enable": True}),
        ("AWS::Config::ConfigurationRecorder", "default", {"Recording": True}),
        ("AWS::WAFv2::WebACL", "cdn", {"Scope": "CLOUDFRONT", "LoggingConfiguration": None}),
        ("Account::EC2::EbsEncryptionByDefault", "", {"EbsEncryptionByDefault": False}),
    ],
)
def test_facts(built: Taken, ids: dict[str, str], type_name: str, name: str, expected: dict[str, Any]) -> None:
    name = ids["snapshot"] if type_name == "AWS::EC2::Snapshot" else name
    properties = only(built, type_name, name)["properties"]
    assert {key: properties[key] for key in expected} == expected


def test_what_refers_to_another_resource(built: Taken, ids: dict[str, str]) -> None:
    balancer = only(built, "AWS::ElasticLoadBalancingV2::LoadBalancer")["properties"]
    assert sorted(balancer["Subnets"]) == sorted([ids["subnet0"], ids["subnet1"]])
    assert balancer["WebACLArn"] == only(built, "AWS::WAFv2::WebACL", "edge")["arn"]
    group = only(built, "AWS::EC2::SecurityGroup", "web")["properties"]
    assert group["SecurityGroupIngress"] == [
        {
            "FromPort": 443,
            "IpProtocol": "tcp",
            "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
            "Ipv6Ranges": [],
            "PrefixListIds": [],
            "ToPort": 443,
            "UserIdGroupPairs": [],
        }
    ]
    role = only(built, "AWS::IAM::Role", "app")["properties"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"}
    }
    assert role["ManagedPolicyArns"] == ["arn:aws:iam::123456789012:policy/readers"]
    assert role["Policies"][0]["PolicyName"] == "inline"
