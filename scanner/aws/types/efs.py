"""Amazon EFS and FSx."""

from __future__ import annotations

from scanner.aws.declaration import NAME_TAG, Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::EFS::FileSystem",
        call="efs:describe_file_systems",
        items="""FileSystems[].merge(@, {ReplicationProtection:
            FileSystemProtection.ReplicationOverwriteProtection})""",
        id="FileSystemId",
        arn="FileSystemArn",
        name=NAME_TAG,
        details=(
            Detail(
                "describe_mount_targets",
                {"FileSystemId": "FileSystemId"},
                take="""MountTargets[].{MountTargetId: MountTargetId, SubnetId: SubnetId,
                    AvailabilityZoneName: AvailabilityZoneName, LifeCycleState: LifeCycleState}""",
                into="MountTargets",
            ),
            Detail(
                "describe_backup_policy",
                {"FileSystemId": "FileSystemId"},
                take="BackupPolicy",
                into="BackupPolicy",
                absent=("PolicyNotFound",),
            ),
            Detail(
                "describe_file_system_policy",
                {"FileSystemId": "FileSystemId"},
                take="Policy",
                into="FileSystemPolicy",
                absent=("PolicyNotFound",),
            ),
            Detail(
                "describe_lifecycle_configuration",
                {"FileSystemId": "FileSystemId"},
                take="LifecyclePolicies",
                into="LifecyclePolicies",
            ),
            Detail(
                "describe_replication_configurations",
                {"FileSystemId": "FileSystemId"},
                take="Replications[].Destinations[].{Region: Region, Status: Status, FileSystemId: FileSystemId}",
                into="ReplicationDestinations",
                absent=("ReplicationNotFound",),
            ),
        ),
        keep=words(
            "FileSystemId FileSystemArn CreationTime LifeCycleState Encrypted KmsKeyId PerformanceMode ThroughputMode "
            "AvailabilityZoneName ReplicationProtection MountTargets BackupPolicy FileSystemPolicy LifecyclePolicies "
            "ReplicationDestinations"
        ),
        rename={"FileSystemArn": "Arn"},
        json=("FileSystemPolicy",),
    ),
    ResourceType(
        type="AWS::EFS::AccessPoint",
        call="efs:describe_access_points",
        items="AccessPoints[]",
        id="AccessPointId",
        arn="AccessPointArn",
        name=NAME_TAG,
        keep=words("AccessPointId AccessPointArn FileSystemId PosixUser RootDirectory LifeCycleState"),
        rename={"AccessPointArn": "Arn"},
    ),
    ResourceType(
        type="AWS::FSx::FileSystem",
        call="fsx:describe_file_systems",
        items="""FileSystems[].merge(@, {
            WindowsConfiguration: WindowsConfiguration.{DeploymentType: DeploymentType,
                AutomaticBackupRetentionDays: AutomaticBackupRetentionDays},
            LustreConfiguration: LustreConfiguration.{DeploymentType: DeploymentType,
                AutomaticBackupRetentionDays: AutomaticBackupRetentionDays},
            OntapConfiguration: OntapConfiguration.{DeploymentType: DeploymentType,
                AutomaticBackupRetentionDays: AutomaticBackupRetentionDays},
            OpenZFSConfiguration: OpenZFSConfiguration.{DeploymentType: DeploymentType,
                AutomaticBackupRetentionDays: AutomaticBackupRetentionDays}})""",
        id="FileSystemId",
        arn="ResourceARN",
        name=NAME_TAG,
        keep=words(
            "FileSystemId FileSystemType Lifecycle StorageCapacity StorageType VpcId SubnetIds KmsKeyId DNSName "
            "WindowsConfiguration LustreConfiguration OntapConfiguration OpenZFSConfiguration"
        ),
        rename={"FileSystemId": "Id"},
    ),
)
