"""AWS Database Migration Service."""

from __future__ import annotations

from scanner.aws.declaration import ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::DMS::ReplicationInstance",
        call="dms:describe_replication_instances",
        items="""ReplicationInstances[].merge(@, {VpcSecurityGroupIds: VpcSecurityGroups[].VpcSecurityGroupId,
            SubnetGroup: ReplicationSubnetGroup.ReplicationSubnetGroupIdentifier})""",
        id="ReplicationInstanceIdentifier",
        arn="ReplicationInstanceArn",
        keep=words(
            "ReplicationInstanceIdentifier ReplicationInstanceStatus ReplicationInstanceClass EngineVersion MultiAZ "
            "AvailabilityZone PubliclyAccessible KmsKeyId AutoMinorVersionUpgrade VpcSecurityGroupIds SubnetGroup"
        ),
        rename={"SubnetGroup": "ReplicationSubnetGroupIdentifier"},
    ),
    ResourceType(
        type="AWS::DMS::Endpoint",
        call="dms:describe_endpoints",
        items="Endpoints[]",
        id="EndpointIdentifier",
        arn="EndpointArn",
        keep=words("EndpointIdentifier EndpointType EngineName Status SslMode KmsKeyId CertificateArn"),
    ),
)
