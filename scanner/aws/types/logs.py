"""Amazon CloudWatch Logs."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, setting, words

_GROUP_ARN = "arn:{partition}:logs:{region}:{account}:"

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::Logs::LogGroup",
        call="logs:describe_log_groups",
        items="logGroups[]",
        id="logGroupName",
        arn="logGroupArn || arn",
        keep=words("logGroupName logGroupArn retentionInDays kmsKeyId logGroupClass storedBytes dataProtectionStatus"),
        rename={"logGroupArn": "Arn"},
    ),
    ResourceType(
        type="AWS::Logs::MetricFilter",
        call="logs:describe_metric_filters",
        items="""metricFilters[].merge(@, {metricTransformations: metricTransformations[].{
            metricNamespace: metricNamespace, metricName: metricName, metricValue: metricValue}})""",
        id="join(':', [logGroupName || '', filterName || ''])",
        arn=_GROUP_ARN + "metric-filter/{id}",
        name="filterName",
        keep=words("filterName filterPattern logGroupName metricTransformations"),
    ),
    ResourceType(
        type="AWS::Logs::SubscriptionFilter",
        call="logs:describe_subscription_filters",
        each="AWS::Logs::LogGroup",
        params={"logGroupName": "^logGroupName"},
        items="subscriptionFilters[]",
        id="filterName",
        arn=_GROUP_ARN + "log-group:{parent_id}:subscription-filter/{id}",
        keep=words("filterName filterPattern logGroupName destinationArn roleArn distribution"),
    ),
    ResourceType(
        type="AWS::Logs::AccountPolicy",
        call="logs:describe_account_policies",
        params={"policyType": "=SUBSCRIPTION_FILTER_POLICY"},
        items="accountPolicies[]",
        id="policyName",
        arn=_GROUP_ARN + "account-policy/{id}",
        keep=words("policyName policyType policyDocument scope selectionCriteria"),
        json=("policyDocument",),
    ),
    ResourceType(
        type="AWS::Logs::Destination",
        call="logs:describe_destinations",
        items="destinations[]",
        id="destinationName",
        arn="arn",
        keep=words("destinationName arn targetArn roleArn accessPolicy"),
        rename={"accessPolicy": "DestinationPolicy"},
        json=("accessPolicy",),
    ),
    ResourceType(
        type="AWS::Logs::DeliverySource",
        call="logs:describe_delivery_sources",
        items="deliverySources[]",
        id="name",
        arn="arn",
        keep=words("name arn resourceArns service logType"),
    ),
    # Asking every log group for its subscription filters takes days where there are many: the metric of what filters
    # forward, which CloudWatch lists for two weeks, tells the same in one call.
    setting(
        "Account::Logs::Forwarding",
        "logs:{region}:{account}:forwarding",
        Detail(
            "cloudwatch:list_metrics",
            {"Namespace": "=AWS/Logs", "MetricName": "=ForwardedLogEvents"},
            take="""Metrics[].{LogGroupName: Dimensions[?Name == 'LogGroupName'] | [0].Value,
                PolicyLevel: Dimensions[?Name == 'PolicyLevel'] | [0].Value}""",
            into="Forwarded",
        ),
        keep="Forwarded",
    ),
)
