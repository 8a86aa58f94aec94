"""Amazon EC2: instances, disks, images, and the account's settings in a region."""

from __future__ import annotations

from scanner.aws.declaration import NAME_TAG, Detail, ResourceType, setting, words

_ARN = "arn:{partition}:ec2:{region}:{account}:"

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::EC2::Instance",
        call="ec2:describe_instances",
        items="""Reservations[].Instances[].merge(@, {SecurityGroupIds: SecurityGroups[].GroupId,
            AvailabilityZone: Placement.AvailabilityZone, Tenancy: Placement.Tenancy,
            Monitoring: Monitoring.State == 'enabled', IamInstanceProfile: IamInstanceProfile.Arn,
            Volumes: BlockDeviceMappings[].{Device: DeviceName, VolumeId: Ebs.VolumeId}})""",
        id="InstanceId",
        arn=_ARN + "instance/{id}",
        name=NAME_TAG,
        details=(
            Detail(
                "describe_instance_attribute",
                {"InstanceId": "InstanceId", "Attribute": "=userData"},
                take="UserData.Value",
                into="UserData",
                when="State.Name != 'terminated'",
            ),
        ),
        keep=words(
            "InstanceId InstanceType ImageId KeyName SubnetId VpcId AvailabilityZone Tenancy State "
            "StateTransitionReason LaunchTime InstanceLifecycle PublicIpAddress PrivateIpAddress SecurityGroupIds "
            "IamInstanceProfile MetadataOptions Monitoring EbsOptimized Volumes PlatformDetails UserData"
        ),
        rename={"PublicIpAddress": "PublicIp"},
        redact=("UserData",),
    ),
    ResourceType(
        type="AWS::EC2::LaunchTemplate",
        call="ec2:describe_launch_templates",
        items="LaunchTemplates[]",
        id="LaunchTemplateId",
        arn=_ARN + "launch-template/{id}",
        name="LaunchTemplateName",
        details=(
            Detail(
                "describe_launch_template_versions",
                {"LaunchTemplateId": "LaunchTemplateId", "Versions": ["$Latest"]},
                take="""LaunchTemplateVersions[0].LaunchTemplateData.{ImageId: ImageId, InstanceType: InstanceType,
                    KeyName: KeyName, UserData: UserData, EbsOptimized: EbsOptimized, Monitoring: Monitoring,
                    MetadataOptions: MetadataOptions, SecurityGroupIds: SecurityGroupIds,
                    IamInstanceProfile: IamInstanceProfile, InstanceMarketOptions: InstanceMarketOptions,
                    BlockDeviceMappings: BlockDeviceMappings[].{DeviceName: DeviceName, Ebs: Ebs},
                    NetworkInterfaces: NetworkInterfaces[].{AssociatePublicIpAddress: AssociatePublicIpAddress,
                        SubnetId: SubnetId, Groups: Groups}}""",
                into="LaunchTemplateData",
            ),
            # What starts where nobody names a version.
            Detail(
                "describe_launch_template_versions",
                {"LaunchTemplateId": "LaunchTemplateId", "Versions": ["$Default"]},
                take="LaunchTemplateVersions[0].LaunchTemplateData.{UserData: UserData}",
                into="DefaultVersion",
                when="LatestVersionNumber != DefaultVersionNumber",
            ),
        ),
        keep=words(
            "LaunchTemplateId LaunchTemplateName DefaultVersionNumber LatestVersionNumber LaunchTemplateData "
            "DefaultVersion"
        ),
        redact=("LaunchTemplateData.UserData", "DefaultVersion.UserData"),
    ),
    ResourceType(
        type="AWS::EC2::Volume",
        call="ec2:describe_volumes",
        items="Volumes[]",
        id="VolumeId",
        arn=_ARN + "volume/{id}",
        name=NAME_TAG,
        keep=words(
            "VolumeId VolumeType Size Iops Throughput Encrypted KmsKeyId AvailabilityZone State SnapshotId "
            "Attachments CreateTime"
        ),
    ),
    ResourceType(
        # The filter says what OwnerIds says: services that play EC2 know the one or the other.
        type="AWS::EC2::Snapshot",
        call="ec2:describe_snapshots",
        params={"OwnerIds": ["self"], "Filters": [{"Name": "owner-id", "Values": ["$account"]}]},
        items="Snapshots[]",
        id="SnapshotId",
        arn=_ARN + "snapshot/{id}",
        name=NAME_TAG,
        details=(
            Detail(
                "describe_snapshot_attribute",
                {"SnapshotId": "SnapshotId", "Attribute": "=createVolumePermission"},
                take="CreateVolumePermissions",
                into="CreateVolumePermissions",
            ),
        ),
        keep=words(
            "SnapshotId VolumeId VolumeSize Encrypted KmsKeyId Description State StartTime CreateVolumePermissions"
        ),
    ),
    ResourceType(
        type="AWS::EC2::Image",
        call="ec2:describe_images",
        params={"Owners": ["self"], "Filters": [{"Name": "owner-id", "Values": ["$account"]}]},
        items="Images[]",
        id="ImageId",
        arn=_ARN + "image/{id}",
        name="Name",
        keep=words("ImageId Name Public State CreationDate DeprecationTime BlockDeviceMappings ImdsSupport"),
    ),
    ResourceType(
        type="AWS::EC2::KeyPair",
        call="ec2:describe_key_pairs",
        items="KeyPairs[]",
        id="KeyPairId",
        arn=_ARN + "key-pair/{id}",
        name="KeyName",
        keep=words("KeyPairId KeyName KeyType KeyFingerprint CreateTime"),
    ),
    setting(
        "AWS::EC2::SnapshotBlockPublicAccess",
        "ec2:{region}:{account}:snapshot-block-public-access",
        Detail("ec2:get_snapshot_block_public_access_state", {}, take="State", into="State"),
        keep="State",
    ),
    setting(
        "Account::EC2::ImageBlockPublicAccess",
        "ec2:{region}:{account}:image-block-public-access",
        Detail("ec2:get_image_block_public_access_state", {}, take="ImageBlockPublicAccessState", into="State"),
        keep="State",
    ),
    setting(
        "Account::EC2::EbsEncryptionByDefault",
        "ec2:{region}:{account}:ebs-encryption-by-default",
        Detail("ec2:get_ebs_encryption_by_default", {}, take="EbsEncryptionByDefault", into="EbsEncryptionByDefault"),
        keep="EbsEncryptionByDefault",
    ),
    setting(
        "Account::EC2::InstanceMetadataDefaults",
        "ec2:{region}:{account}:instance-metadata-defaults",
        Detail("ec2:get_instance_metadata_defaults", {}, take="AccountLevel.HttpTokens", into="HttpTokens"),
        keep="HttpTokens",
    ),
    setting(
        "Account::EC2::SerialConsoleAccess",
        "ec2:{region}:{account}:serial-console-access",
        Detail("ec2:get_serial_console_access_status", {}, take="SerialConsoleAccessEnabled", into="Enabled"),
        keep="Enabled",
    ),
)
