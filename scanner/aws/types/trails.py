"""AWS CloudTrail and AWS Config."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, setting, words

_TRAIL = """TrailARN Name HomeRegion IsMultiRegionTrail IsOrganizationTrail IncludeGlobalServiceEvents
    LogFileValidationEnabled KmsKeyId S3BucketName CloudWatchLogsLogGroupArn"""
_TRAIL_FIELDS = ", ".join(f"{name}: {name}" for name in _TRAIL.split())

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::CloudTrail::Trail",
        call="cloudtrail:describe_trails",
        params={"includeShadowTrails": False},
        items="trailList[]",
        id="Name",
        arn="TrailARN",
        details=(
            Detail(
                "get_trail_status",
                {"Name": "TrailARN"},
                take="{IsLogging: IsLogging, LatestDeliveryError: LatestDeliveryError}",
            ),
            Detail(
                "get_event_selectors",
                {"TrailName": "TrailARN"},
                take="{EventSelectors: EventSelectors, AdvancedEventSelectors: AdvancedEventSelectors}",
            ),
            Detail(
                "list_tags",
                {"ResourceIdList": "TrailARN"},
                take="ResourceTagList",
                key="ResourceId",
                value="TagsList",
                into="Tags",
                batch=20,
            ),
        ),
        keep=words(
            _TRAIL + " SnsTopicARN CloudWatchLogsRoleArn HasInsightSelectors IsLogging LatestDeliveryError "
            "EventSelectors AdvancedEventSelectors"
        ),
        rename={
            "TrailARN": "Arn",
            "Name": "TrailName",
            "LogFileValidationEnabled": "EnableLogFileValidation",
            "KmsKeyId": "KMSKeyId",
            "SnsTopicARN": "SnsTopicArn",
        },
    ),
    # Trails of other regions that also record this one are among them.
    setting(
        "Account::CloudTrail::Trails",
        "cloudtrail:{region}:{account}:trails",
        Detail(
            "cloudtrail:describe_trails",
            {"includeShadowTrails": True},
            take=f"trailList[].{{{_TRAIL_FIELDS}}}",
            into="Trails",
        ),
        keep="Trails",
        rename={
            "Trails[].TrailARN": "Arn",
            "Trails[].Name": "TrailName",
            "Trails[].LogFileValidationEnabled": "EnableLogFileValidation",
            "Trails[].KmsKeyId": "KMSKeyId",
        },
    ),
    setting(
        "AWS::Config::ConfigurationRecorder",
        "config:{region}:{account}:recorder",
        Detail(
            "config:describe_configuration_recorders",
            {},
            take="""{Name: ConfigurationRecorders[0].name, RoleARN: ConfigurationRecorders[0].roleARN,
                RecordingGroup: ConfigurationRecorders[0].recordingGroup}""",
        ),
        Detail(
            "config:describe_configuration_recorder_status",
            {},
            take="""{Recording: ConfigurationRecordersStatus[0].recording,
                LastStatus: ConfigurationRecordersStatus[0].lastStatus}""",
        ),
        keep="Name RoleARN RecordingGroup Recording LastStatus",
        id="Name",
    ),
    ResourceType(
        type="AWS::Config::DeliveryChannel",
        call="config:describe_delivery_channels",
        items="DeliveryChannels[]",
        id="name",
        arn="arn:{partition}:config:{region}:{account}:delivery-channel/{id}",
        keep=words("name s3BucketName s3KeyPrefix s3KmsKeyArn snsTopicARN configSnapshotDeliveryProperties"),
    ),
    ResourceType(
        type="AWS::Config::ConfigRule",
        call="config:describe_config_rules",
        items="ConfigRules[]",
        id="ConfigRuleName",
        arn="ConfigRuleArn",
        keep=words("ConfigRuleName ConfigRuleArn ConfigRuleState Source CreatedBy"),
        rename={"ConfigRuleArn": "Arn"},
    ),
)
