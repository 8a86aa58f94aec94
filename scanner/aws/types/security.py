"""The services that watch an account: GuardDuty, Security Hub, Inspector, Macie, IAM Access Analyzer."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, setting, words

TYPES: tuple[ResourceType, ...] = (
    setting(
        "AWS::GuardDuty::Detector",
        "guardduty:{region}:{account}:detector/{id}",
        Detail("guardduty:list_detectors", {}, take="DetectorIds[0]", into="DetectorId"),
        Detail(
            "guardduty:get_detector",
            {"DetectorId": "DetectorId"},
            take="""{Enable: Status == 'ENABLED', FindingPublishingFrequency: FindingPublishingFrequency,
                CreatedAt: CreatedAt, Features: Features, Tags: Tags}""",
            after=True,
            when="DetectorId",
        ),
        keep="DetectorId Enable FindingPublishingFrequency Features CreatedAt",
        id="DetectorId",
        rename={"DetectorId": "Id"},
    ),
    setting(
        "AWS::SecurityHub::Hub",
        "securityhub:{region}:{account}:hub/default",
        Detail(
            "securityhub:describe_hub",
            {},
            take="HubArn",
            into="ARN",
            absent=("InvalidAccessException", "ResourceNotFoundException"),
        ),
        Detail(
            "securityhub:get_enabled_standards",
            {},
            take="StandardsSubscriptions[].{StandardsArn: StandardsArn, StandardsStatus: StandardsStatus}",
            into="enabledStandards",
            absent=("InvalidAccessException",),
        ),
        keep="ARN enabledStandards",
    ),
    setting(
        "Account::Inspector2::Status",
        "inspector2:{region}:{account}:status",
        Detail(
            "inspector2:batch_get_account_status",
            {"accountIds": ["$account"]},
            take="""{Status: accounts[0].state.status, Error: failedAccounts[0].errorCode,
                Ec2: accounts[0].resourceState.ec2.status, Ecr: accounts[0].resourceState.ecr.status,
                Lambda: accounts[0].resourceState.lambda.status,
                LambdaCode: accounts[0].resourceState.lambdaCode.status}""",
        ),
        keep="Status Error Ec2 Ecr Lambda LambdaCode",
    ),
    setting(
        "AWS::Macie::Session",
        "macie2:{region}:{account}:session",
        Detail(
            "macie2:get_macie_session",
            {},
            take="{Status: status, FindingPublishingFrequency: findingPublishingFrequency, ServiceRole: serviceRole}",
            absent=("AccessDeniedException: Macie is not enabled", "ResourceNotFoundException"),
        ),
        keep="Status FindingPublishingFrequency ServiceRole",
    ),
    ResourceType(
        type="AWS::AccessAnalyzer::Analyzer",
        call="accessanalyzer:list_analyzers",
        items="analyzers[]",
        id="name",
        arn="arn",
        iam=("access-analyzer:ListAnalyzers",),
        keep=words("name arn type status createdAt"),
        rename={"name": "AnalyzerName"},
    ),
    setting(
        "Account::AccessAnalyzer::Analyzers",
        "access-analyzer:{region}:{account}:analyzers",
        Detail(
            "accessanalyzer:list_analyzers",
            {},
            take="analyzers[].{Name: name, Type: type, Status: status}",
            into="Analyzers",
            iam=("access-analyzer:ListAnalyzers",),
        ),
        keep="Analyzers",
    ),
)
