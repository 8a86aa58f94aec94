"""Amazon S3."""

from __future__ import annotations

from scanner.aws.declaration import Detail, RegionFrom, ResourceType, setting, words

_BUCKET = {"Bucket": "Name"}

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::S3::Bucket",
        call="s3:list_buckets",
        items="Buckets[]",
        id="Name",
        arn="arn:{partition}:s3:::{id}",
        iam=("s3:ListAllMyBuckets",),
        scope="global",
        region_from=RegionFrom(
            "BucketRegion", "get_bucket_location", _BUCKET, take="LocationConstraint", iam=("s3:GetBucketLocation",)
        ),
        rename={
            "Name": "BucketName",
            "VersioningConfiguration.MFADelete": "MfaDelete",
            "ReplicationConfiguration.Rules[].ID": "Id",
        },
        json=("BucketPolicy",),
        details=(
            Detail(
                "get_bucket_encryption",
                _BUCKET,
                take="""{ServerSideEncryptionConfiguration: ServerSideEncryptionConfiguration.Rules[].{
                    ServerSideEncryptionByDefault: ApplyServerSideEncryptionByDefault,
                    BucketKeyEnabled: BucketKeyEnabled}}""",
                into="BucketEncryption",
                absent=("ServerSideEncryptionConfigurationNotFoundError",),
                iam=("s3:GetEncryptionConfiguration",),
            ),
            Detail("get_bucket_versioning", _BUCKET, take="@", into="VersioningConfiguration"),
            Detail(
                "get_public_access_block",
                _BUCKET,
                take="PublicAccessBlockConfiguration",
                into="PublicAccessBlockConfiguration",
                absent=("NoSuchPublicAccessBlockConfiguration",),
                iam=("s3:GetBucketPublicAccessBlock",),
            ),
            Detail("get_bucket_policy", _BUCKET, take="Policy", into="BucketPolicy", absent=("NoSuchBucketPolicy",)),
            Detail(
                "get_bucket_logging",
                _BUCKET,
                take="LoggingEnabled.{DestinationBucketName: TargetBucket, LogFilePrefix: TargetPrefix}",
                into="LoggingConfiguration",
            ),
            Detail(
                "get_bucket_lifecycle_configuration",
                _BUCKET,
                take="""{Rules: Rules[].{Id: ID, Status: Status, Prefix: Filter.Prefix || Prefix,
                    ExpirationInDays: Expiration.Days,
                    NoncurrentVersionExpiration: NoncurrentVersionExpiration,
                    AbortIncompleteMultipartUpload: AbortIncompleteMultipartUpload,
                    Transitions: Transitions[].{TransitionInDays: Days, StorageClass: StorageClass},
                    NoncurrentVersionTransitions: NoncurrentVersionTransitions[].{
                        TransitionInDays: NoncurrentDays, StorageClass: StorageClass}}}""",
                into="LifecycleConfiguration",
                absent=("NoSuchLifecycleConfiguration",),
                iam=("s3:GetLifecycleConfiguration",),
            ),
            Detail(
                "get_bucket_replication",
                _BUCKET,
                take="""ReplicationConfiguration.{Role: Role, Rules: Rules[].{ID: ID, Status: Status,
                    Priority: Priority, Prefix: Filter.Prefix || Prefix, Destination: Destination}}""",
                into="ReplicationConfiguration",
                absent=("ReplicationConfigurationNotFoundError",),
                iam=("s3:GetReplicationConfiguration",),
            ),
            Detail("get_bucket_tagging", _BUCKET, take="TagSet", into="Tags", absent=("NoSuchTagSet",)),
            Detail("get_bucket_acl", _BUCKET, take="Grants", into="Grants"),
            Detail(
                "get_bucket_ownership_controls",
                _BUCKET,
                take="OwnershipControls",
                into="OwnershipControls",
                absent=("OwnershipControlsNotFoundError",),
            ),
            Detail(
                "get_object_lock_configuration",
                _BUCKET,
                take="ObjectLockConfiguration",
                into="ObjectLockConfiguration",
                absent=("ObjectLockConfigurationNotFoundError",),
                iam=("s3:GetBucketObjectLockConfiguration",),
            ),
        ),
        keep=words(
            "Name CreationDate BucketEncryption VersioningConfiguration PublicAccessBlockConfiguration BucketPolicy "
            "LoggingConfiguration LifecycleConfiguration ReplicationConfiguration Grants OwnershipControls "
            "ObjectLockConfiguration"
        ),
    ),
    setting(
        "Account::S3::PublicAccessBlock",
        "s3:::account/{account}",
        Detail(
            "s3control:get_public_access_block",
            {"AccountId": "$account"},
            take="PublicAccessBlockConfiguration",
            into="PublicAccessBlockConfiguration",
            absent=("NoSuchPublicAccessBlockConfiguration",),
            iam=("s3:GetAccountPublicAccessBlock",),
        ),
        keep="PublicAccessBlockConfiguration",
        scope="global",
    ),
)
