"""Amazon CloudWatch, X-Ray and Managed Service for Prometheus."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, setting, words

_ALARM = words(
    "AlarmName AlarmArn AlarmDescription ActionsEnabled AlarmActions OKActions InsufficientDataActions StateValue "
    "StateUpdatedTimestamp"
)

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::CloudWatch::Alarm",
        call="cloudwatch:describe_alarms",
        params={"AlarmTypes": ["MetricAlarm"]},
        items="MetricAlarms[]",
        id="AlarmName",
        arn="AlarmArn",
        keep=_ALARM
        + words(
            "MetricName Namespace Statistic ExtendedStatistic Dimensions Period EvaluationPeriods DatapointsToAlarm "
            "Threshold ThresholdMetricId ComparisonOperator TreatMissingData Metrics"
        ),
        rename={"AlarmArn": "Arn"},
    ),
    ResourceType(
        type="AWS::CloudWatch::CompositeAlarm",
        call="cloudwatch:describe_alarms",
        params={"AlarmTypes": ["CompositeAlarm"]},
        items="CompositeAlarms[]",
        id="AlarmName",
        arn="AlarmArn",
        keep=(*_ALARM, "AlarmRule", "ActionsSuppressor"),
        rename={"AlarmArn": "Arn"},
    ),
    ResourceType(
        type="AWS::APS::Workspace",
        call="amp:list_workspaces",
        items="workspaces[].merge(@, {status: status.statusCode})",
        id="workspaceId",
        arn="arn",
        name="alias",
        details=(
            Detail(
                "describe_alert_manager_definition",
                {"workspaceId": "workspaceId"},
                take="alertManagerDefinition.status.statusCode",
                into="alertManagerStatus",
                absent=("ResourceNotFoundException",),
            ),
            Detail(
                "list_rule_groups_namespaces",
                {"workspaceId": "workspaceId"},
                take="ruleGroupsNamespaces[].name",
                into="ruleGroupsNamespaces",
            ),
        ),
        keep=words("workspaceId arn alias status kmsKeyArn createdAt alertManagerStatus ruleGroupsNamespaces"),
    ),
    ResourceType(
        type="AWS::XRay::SamplingRule",
        call="xray:get_sampling_rules",
        items="SamplingRuleRecords[]",
        id="SamplingRule.RuleName",
        arn="SamplingRule.RuleARN",
        keep=words("SamplingRule"),
    ),
    setting(
        "Account::XRay::EncryptionConfig",
        "xray:{region}:{account}:encryption-config",
        Detail("xray:get_encryption_config", {}, take="EncryptionConfig"),
        keep="Type KeyId Status",
    ),
    ResourceType(
        type="AWS::Synthetics::Canary",
        call="synthetics:describe_canaries",
        items="Canaries[].merge(@, {Status: Status.State})",
        id="Name",
        arn="arn:{partition}:synthetics:{region}:{account}:canary:{id}",
        keep=words("Name Status RuntimeVersion Schedule ArtifactS3Location"),
    ),
)
