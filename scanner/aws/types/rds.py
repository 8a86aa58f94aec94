"""Amazon RDS and Aurora."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

_OWN = "Engine != 'docdb' && Engine != 'neptune'"  # those two answer under this service too, and are types of their own
_INSTANCE = """merge(@, {VPCSecurityGroups: VpcSecurityGroups[].VpcSecurityGroupId,
    DBSubnetGroupName: DBSubnetGroup.DBSubnetGroupName, VpcId: DBSubnetGroup.VpcId,
    SubnetZones: DBSubnetGroup.Subnets[].SubnetAvailabilityZone.Name,
    DBParameterGroupName: DBParameterGroups[0].DBParameterGroupName,
    ManageMasterUserPassword: MasterUserSecret != `null`})"""
_CLUSTER = """merge(@, {VpcSecurityGroupIds: VpcSecurityGroups[].VpcSecurityGroupId,
    Members: DBClusterMembers[].DBInstanceIdentifier,
    ManageMasterUserPassword: MasterUserSecret != `null`})"""
_DATABASE_NAMES = {
    "IAMDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "EnabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
}
_PARAMETERS = "Parameters[].{Name: ParameterName, Value: ParameterValue}"

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::RDS::DBInstance",
        call="rds:describe_db_instances",
        items=f"DBInstances[?{_OWN}].{_INSTANCE}",
        id="DBInstanceIdentifier",
        arn="DBInstanceArn",
        keep=words(
            "DBInstanceIdentifier DBInstanceArn DBInstanceStatus DBInstanceClass Engine EngineVersion "
            "InstanceCreateTime MultiAZ AvailabilityZone SecondaryAvailabilityZone SubnetZones DBSubnetGroupName "
            "VpcId VPCSecurityGroups PubliclyAccessible Endpoint StorageEncrypted KmsKeyId StorageType "
            "MaxAllocatedStorage Iops BackupRetentionPeriod "
            "DBInstanceAutomatedBackupsReplications CopyTagsToSnapshot DeletionProtection AutoMinorVersionUpgrade "
            "EnabledCloudwatchLogsExports MonitoringInterval PerformanceInsightsEnabled "
            "IAMDatabaseAuthenticationEnabled MasterUsername MasterUserSecret ManageMasterUserPassword "
            "DBParameterGroupName CACertificateIdentifier DBClusterIdentifier ReadReplicaSourceDBInstanceIdentifier "
            "ReadReplicaDBInstanceIdentifiers"
        ),
        rename={
            **_DATABASE_NAMES,
            "PerformanceInsightsEnabled": "EnablePerformanceInsights",
            "ReadReplicaSourceDBInstanceIdentifier": "SourceDBInstanceIdentifier",
        },
    ),
    ResourceType(
        type="AWS::RDS::DBCluster",
        call="rds:describe_db_clusters",
        items=f"DBClusters[?{_OWN}].{_CLUSTER}",
        id="DBClusterIdentifier",
        arn="DBClusterArn",
        keep=words(
            "DBClusterIdentifier DBClusterArn Status Engine EngineVersion EngineMode MultiAZ AvailabilityZones "
            "Members DBSubnetGroup VpcSecurityGroupIds PubliclyAccessible StorageEncrypted KmsKeyId "
            "BackupRetentionPeriod DeletionProtection EnabledCloudwatchLogsExports IAMDatabaseAuthenticationEnabled "
            "AutoMinorVersionUpgrade CopyTagsToSnapshot BacktrackWindow ServerlessV2ScalingConfiguration "
            "MasterUsername MasterUserSecret ManageMasterUserPassword DBClusterParameterGroup GlobalClusterIdentifier "
            "ReplicationSourceIdentifier"
        ),
        rename={
            **_DATABASE_NAMES,
            "DBSubnetGroup": "DBSubnetGroupName",
            "DBClusterParameterGroup": "DBClusterParameterGroupName",
        },
    ),
    ResourceType(
        type="AWS::RDS::GlobalCluster",
        call="rds:describe_global_clusters",
        items="""GlobalClusters[].merge(@, {Regions: GlobalClusterMembers[].DBClusterArn})""",
        id="GlobalClusterIdentifier",
        arn="GlobalClusterArn",
        scope="global",
        keep=words("GlobalClusterIdentifier Status Engine EngineVersion StorageEncrypted DeletionProtection Regions"),
        rename={"Regions": "MemberClusterArns"},
    ),
    ResourceType(
        type="AWS::RDS::DBSnapshot",
        call="rds:describe_db_snapshots",
        params={"SnapshotType": "=manual"},
        items="DBSnapshots[]",
        id="DBSnapshotIdentifier",
        arn="DBSnapshotArn",
        details=(
            Detail(
                "describe_db_snapshot_attributes",
                {"DBSnapshotIdentifier": "DBSnapshotIdentifier"},
                take="DBSnapshotAttributesResult.DBSnapshotAttributes",
                into="Attributes",
            ),
        ),
        keep=words(
            "DBSnapshotIdentifier DBInstanceIdentifier Status SnapshotCreateTime SnapshotType Engine Encrypted "
            "KmsKeyId Attributes"
        ),
    ),
    ResourceType(
        type="AWS::RDS::ClusterSnapshot",
        call="rds:describe_db_cluster_snapshots",
        params={"SnapshotType": "=manual"},
        items="DBClusterSnapshots[]",
        id="DBClusterSnapshotIdentifier",
        arn="DBClusterSnapshotArn",
        details=(
            Detail(
                "describe_db_cluster_snapshot_attributes",
                {"DBClusterSnapshotIdentifier": "DBClusterSnapshotIdentifier"},
                take="DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes",
                into="Attributes",
            ),
        ),
        keep=words(
            "DBClusterSnapshotIdentifier DBClusterIdentifier Status SnapshotCreateTime SnapshotType Engine "
            "StorageEncrypted KmsKeyId Attributes"
        ),
    ),
    ResourceType(
        type="AWS::RDS::DBParameterGroup",
        call="rds:describe_db_parameter_groups",
        items="DBParameterGroups[]",
        id="DBParameterGroupName",
        arn="DBParameterGroupArn",
        details=(
            Detail(
                "describe_db_parameters",
                {"DBParameterGroupName": "DBParameterGroupName", "Source": "=user"},
                take=_PARAMETERS,
                into="UserParameters",
            ),
        ),
        keep=words("DBParameterGroupName DBParameterGroupFamily Description UserParameters"),
        rename={"DBParameterGroupFamily": "Family"},
    ),
    ResourceType(
        type="AWS::RDS::DBClusterParameterGroup",
        call="rds:describe_db_cluster_parameter_groups",
        items="DBClusterParameterGroups[]",
        id="DBClusterParameterGroupName",
        arn="DBClusterParameterGroupArn",
        details=(
            Detail(
                "describe_db_cluster_parameters",
                {"DBClusterParameterGroupName": "DBClusterParameterGroupName", "Source": "=user"},
                take=_PARAMETERS,
                into="UserParameters",
            ),
        ),
        keep=words("DBClusterParameterGroupName DBParameterGroupFamily Description UserParameters"),
        rename={"DBParameterGroupFamily": "Family"},
    ),
    ResourceType(
        type="AWS::RDS::DBSubnetGroup",
        call="rds:describe_db_subnet_groups",
        items="""DBSubnetGroups[].merge(@, {SubnetIds: Subnets[].SubnetIdentifier,
            Zones: Subnets[].SubnetAvailabilityZone.Name})""",
        id="DBSubnetGroupName",
        arn="DBSubnetGroupArn",
        keep=words("DBSubnetGroupName DBSubnetGroupDescription VpcId SubnetIds Zones"),
        rename={"Zones": "AvailabilityZones"},
    ),
    ResourceType(
        type="AWS::RDS::EventSubscription",
        call="rds:describe_event_subscriptions",
        items="EventSubscriptionsList[]",
        id="CustSubscriptionId",
        arn="EventSubscriptionArn",
        keep=words("CustSubscriptionId Enabled SnsTopicArn SourceType SourceIdsList EventCategoriesList Status"),
        rename={
            "CustSubscriptionId": "SubscriptionName",
            "SourceIdsList": "SourceIds",
            "EventCategoriesList": "EventCategories",
        },
    ),
    ResourceType(
        type="AWS::RDS::DBProxy",
        call="rds:describe_db_proxies",
        items="DBProxies[]",
        id="DBProxyName",
        arn="DBProxyArn",
        keep=words("DBProxyName Status EngineFamily RequireTLS VpcId VpcSubnetIds VpcSecurityGroupIds DebugLogging"),
    ),
    ResourceType(
        type="Account::RDS::AutomatedBackup",
        call="rds:describe_db_instance_automated_backups",
        items="DBInstanceAutomatedBackups[]",
        id="DBInstanceAutomatedBackupsArn || DbiResourceId || DBInstanceIdentifier",
        arn="DBInstanceAutomatedBackupsArn || ''",
        name="DBInstanceIdentifier",
        keep=words(
            "DBInstanceIdentifier DBInstanceArn Region Status Encrypted KmsKeyId BackupRetentionPeriod "
            "DBInstanceAutomatedBackupsReplications"
        ),
    ),
)
