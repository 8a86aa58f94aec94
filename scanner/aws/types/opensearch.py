"""Amazon OpenSearch Service."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::OpenSearchService::Domain",
        call="opensearch:list_domain_names",
        items="DomainNames[]",
        id="DomainName",
        arn="ARN",
        details=(
            Detail(
                "describe_domains",
                {"DomainNames": "DomainName"},
                take="DomainStatusList",
                key="DomainName",
                batch=5,
            ),
            Detail("list_tags", {"ARN": "ARN"}, take="TagList", into="Tags", after=True),
        ),
        keep=words(
            "DomainName ARN EngineVersion ClusterConfig EBSOptions AccessPolicies VPCOptions EncryptionAtRestOptions "
            "NodeToNodeEncryptionOptions DomainEndpointOptions AdvancedSecurityOptions LogPublishingOptions "
            "CognitoOptions SoftwareUpdateOptions SnapshotOptions Processing Deleted"
        ),
        rename={"ARN": "Arn"},
        json=("AccessPolicies",),
    ),
)
