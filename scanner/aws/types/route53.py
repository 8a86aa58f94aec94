"""Amazon Route 53."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::Route53::HostedZone",
        call="route53:list_hosted_zones",
        scope="global",
        items="HostedZones[].merge(@, {PrivateZone: Config.PrivateZone})",
        id="Id",
        arn="arn:{partition}:route53:::{id}",
        name="Name",
        details=(
            Detail(
                "list_query_logging_configs",
                {"HostedZoneId": "Id"},
                take="QueryLoggingConfigs[0].{CloudWatchLogsLogGroupArn: CloudWatchLogsLogGroupArn}",
                into="QueryLoggingConfig",
            ),
        ),
        keep=words("Id Name PrivateZone ResourceRecordSetCount QueryLoggingConfig"),
    ),
    ResourceType(
        type="AWS::Route53::RecordSet",
        call="route53:list_resource_record_sets",
        each="AWS::Route53::HostedZone",
        scope="global",
        params={"HostedZoneId": "^Id"},
        items="""ResourceRecordSets[].merge(@, {ResourceRecords: ResourceRecords[].Value})""",
        id="join(' ', [Name || '', Type || '', SetIdentifier || ''])",
        arn="arn:{partition}:route53:::{parent_id}/{id}",
        name="join(' ', [Name || '', Type || ''])",
        keep=words(
            "Name Type ResourceRecords SetIdentifier Failover Weight Region MultiValueAnswer HealthCheckId "
            "AliasTarget GeoLocation"
        ),
    ),
    ResourceType(
        type="AWS::Route53::HealthCheck",
        call="route53:list_health_checks",
        scope="global",
        items="HealthChecks[]",
        id="Id",
        arn="arn:{partition}:route53:::healthcheck/{id}",
        keep=words("Id HealthCheckConfig"),
        rename={"Id": "HealthCheckId"},
    ),
)
