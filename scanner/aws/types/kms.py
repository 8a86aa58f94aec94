"""AWS KMS."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::KMS::Key",
        call="kms:list_keys",
        items="Keys[]",
        id="KeyId",
        arn="KeyArn",
        name="Aliases[0].AliasName",
        details=(
            Detail("describe_key", {"KeyId": "KeyId"}, take="KeyMetadata"),
            Detail("list_aliases", {"KeyId": "KeyId"}, take="Aliases[].{AliasName: AliasName}", into="Aliases"),
            Detail("get_key_policy", {"KeyId": "KeyId", "PolicyName": "=default"}, take="Policy", into="KeyPolicy"),
            # Asked of symmetric keys of one's own alone: others cannot be rotated, and the answer is an error.
            Detail(
                "get_key_rotation_status",
                {"KeyId": "KeyId"},
                take="KeyRotationEnabled",
                into="EnableKeyRotation",
                after=True,
                when="KeyManager == 'CUSTOMER' && KeySpec == 'SYMMETRIC_DEFAULT' && Origin == 'AWS_KMS' && "
                "KeyState != 'PendingDeletion'",
            ),
            Detail(
                "list_resource_tags",
                {"KeyId": "KeyId"},
                take="Tags",
                into="Tags",
                after=True,
                when="KeyManager == 'CUSTOMER'",
            ),
        ),
        keep=words(
            "KeyId Arn Aliases Description Enabled KeyManager KeyState KeySpec KeyUsage Origin MultiRegion "
            "MultiRegionConfiguration CreationDate DeletionDate EnableKeyRotation KeyPolicy"
        ),
        json=("KeyPolicy",),
    ),
    ResourceType(
        type="AWS::KMS::Alias",
        call="kms:list_aliases",
        items="Aliases[]",
        id="AliasName",
        arn="AliasArn",
        keep=words("AliasName TargetKeyId"),
    ),
)
