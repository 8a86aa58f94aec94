"""Amazon Route 53."""

from __future__ import annotations

from scanner.aws.declaration import ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::Route53::HostedZone",
        call="route53:list_hosted_zones",
        scope="global",
        items="HostedZones[].merge(@, {PrivateZone: Config.PrivateZone})",
        id="Id",
        arn="arn:{partition}:route53:::{bare_id}",
        name="Name",
        keep=words("Id Name PrivateZone ResourceRecordSetCount"),
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
