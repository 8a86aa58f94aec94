"""AWS Secrets Manager: what is around secrets, never their values."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::SecretsManager::Secret",
        call="secretsmanager:list_secrets",
        items="SecretList[]",
        id="ARN",
        arn="ARN",
        name="Name",
        details=(
            Detail(
                "describe_secret",
                {"SecretId": "ARN"},
                take="ReplicationStatus[].{Region: Region, KmsKeyId: KmsKeyId, Status: Status}",
                into="ReplicaRegions",
            ),
            # A replica has the policy of its primary, which alone is sure to tell it.
            Detail(
                "get_resource_policy",
                {"SecretId": "ARN"},
                take="ResourcePolicy",
                into="ResourcePolicy",
                when="contains(ARN || '', PrimaryRegion || '')",
            ),
        ),
        keep=words(
            "ARN Name Description KmsKeyId OwningService CreatedDate LastChangedDate LastAccessedDate LastRotatedDate "
            "NextRotationDate DeletedDate RotationEnabled RotationLambdaARN RotationRules PrimaryRegion "
            "ReplicaRegions ResourcePolicy"
        ),
        rename={"ARN": "Id"},
        json=("ResourcePolicy",),
    ),
)
