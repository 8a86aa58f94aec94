"""Amazon Redshift."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::Redshift::Cluster",
        call="redshift:describe_clusters",
        items="""Clusters[].merge(@, {VpcSecurityGroupIds: VpcSecurityGroups[].VpcSecurityGroupId,
            ParameterGroupName: ClusterParameterGroups[0].ParameterGroupName,
            MultiAZ: MultiAZ == 'Enabled', IamRoles: IamRoles[].IamRoleArn,
            SnapshotCopyRegion: ClusterSnapshotCopyStatus.DestinationRegion})""",
        id="ClusterIdentifier",
        arn="arn:{partition}:redshift:{region}:{account}:cluster:{id}",
        details=(
            Detail(
                "describe_logging_status",
                {"ClusterIdentifier": "ClusterIdentifier"},
                take="LoggingEnabled",
                into="LoggingEnabled",
            ),
        ),
        keep=words(
            "ClusterIdentifier ClusterStatus ClusterCreateTime ClusterVersion NodeType NumberOfNodes AvailabilityZone "
            "MultiAZ Encrypted KmsKeyId PubliclyAccessible EnhancedVpcRouting AllowVersionUpgrade "
            "AutomatedSnapshotRetentionPeriod ManualSnapshotRetentionPeriod SnapshotCopyRegion VpcSecurityGroupIds "
            "ClusterSubnetGroupName ParameterGroupName IamRoles MasterUsername MasterPasswordSecretArn LoggingEnabled "
            "VpcId"
        ),
        rename={"ParameterGroupName": "ClusterParameterGroupName", "SnapshotCopyRegion": "DestinationRegion"},
    ),
    ResourceType(
        type="AWS::Redshift::ClusterParameterGroup",
        call="redshift:describe_cluster_parameter_groups",
        items="ParameterGroups[]",
        id="ParameterGroupName",
        arn="arn:{partition}:redshift:{region}:{account}:parametergroup:{id}",
        details=(
            Detail(
                "describe_cluster_parameters",
                {"ParameterGroupName": "ParameterGroupName", "Source": "=user"},
                take="Parameters[].{ParameterName: ParameterName, ParameterValue: ParameterValue}",
                into="Parameters",
            ),
        ),
        keep=words("ParameterGroupName ParameterGroupFamily Description Parameters"),
    ),
)
