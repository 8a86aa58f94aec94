"""Amazon S3."""

from __future__ import annotations

from scanner.aws.declaration import Detail, RegionFrom, ResourceType

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
        rename={"Name": "BucketName"},
        json=("BucketPolicy",),
        details=(
            Detail(
                "get_bucket_encryption",
                _BUCKET,
                take="ServerSideEncryptionConfiguration",
                into="BucketEncryption",
                absent=("ServerSideEncryptionConfigurationNotFoundError",),
                iam=("s3:GetEncryptionConfiguration",),
            ),
            Detail("get_bucket_policy", _BUCKET, take="Policy", into="BucketPolicy", absent=("NoSuchBucketPolicy",)),
            Detail("get_bucket_tagging", _BUCKET, take="TagSet", into="Tags", absent=("NoSuchTagSet",)),
        ),
    ),
)
