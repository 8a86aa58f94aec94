"""Amazon DocumentDB and Neptune, which answer as RDS does."""

from __future__ import annotations

from scanner.aws.declaration import ResourceType, words

_CLUSTER = """.merge(@, {VpcSecurityGroupIds: VpcSecurityGroups[].VpcSecurityGroupId,
    Members: DBClusterMembers[].DBInstanceIdentifier})"""
_CLUSTER_KEYS = """DBClusterIdentifier Status EngineVersion MultiAZ AvailabilityZones Members
    DBSubnetGroup VpcSecurityGroupIds StorageEncrypted KmsKeyId BackupRetentionPeriod DeletionProtection
    EnabledCloudwatchLogsExports DBClusterParameterGroup"""
_CLUSTER_NAMES = {
    "EnabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "DBSubnetGroup": "DBSubnetGroupName",
    "DBClusterParameterGroup": "DBClusterParameterGroupName",
}
_INSTANCE_KEYS = words(
    "DBInstanceIdentifier DBInstanceStatus DBInstanceClass AvailabilityZone "
    "DBClusterIdentifier PubliclyAccessible StorageEncrypted AutoMinorVersionUpgrade InstanceCreateTime"
)

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::DocDB::DBCluster",
        call="docdb:describe_db_clusters",
        params={"Filters": [{"Name": "engine", "Values": ["docdb"]}]},
        items=f"DBClusters[?Engine == 'docdb']{_CLUSTER}",
        id="DBClusterIdentifier",
        arn="DBClusterArn",
        keep=words(_CLUSTER_KEYS),
        rename=_CLUSTER_NAMES,
    ),
    ResourceType(
        type="AWS::DocDB::DBInstance",
        call="docdb:describe_db_instances",
        params={"Filters": [{"Name": "engine", "Values": ["docdb"]}]},
        items="DBInstances[?Engine == 'docdb']",
        id="DBInstanceIdentifier",
        arn="DBInstanceArn",
        keep=_INSTANCE_KEYS,
    ),
    ResourceType(
        type="AWS::Neptune::DBCluster",
        call="neptune:describe_db_clusters",
        params={"Filters": [{"Name": "engine", "Values": ["neptune"]}]},
        items=f"DBClusters[?Engine == 'neptune']{_CLUSTER}",
        id="DBClusterIdentifier",
        arn="DBClusterArn",
        keep=words(_CLUSTER_KEYS + " IAMDatabaseAuthenticationEnabled CopyTagsToSnapshot"),
        rename={**_CLUSTER_NAMES, "IAMDatabaseAuthenticationEnabled": "IamAuthEnabled"},
    ),
    ResourceType(
        type="AWS::Neptune::DBInstance",
        call="neptune:describe_db_instances",
        params={"Filters": [{"Name": "engine", "Values": ["neptune"]}]},
        items="DBInstances[?Engine == 'neptune']",
        id="DBInstanceIdentifier",
        arn="DBInstanceArn",
        keep=_INSTANCE_KEYS,
    ),
)
