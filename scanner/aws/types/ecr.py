"""Amazon ECR."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, setting, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::ECR::Repository",
        call="ecr:describe_repositories",
        items="repositories[]",
        id="repositoryName",
        arn="repositoryArn",
        details=(
            Detail(
                "get_lifecycle_policy",
                {"repositoryName": "repositoryName"},
                take="lifecyclePolicyText",
                into="lifecyclePolicy",
                absent=("LifecyclePolicyNotFoundException",),
            ),
            Detail(
                "get_repository_policy",
                {"repositoryName": "repositoryName"},
                take="policyText",
                into="repositoryPolicyText",
                absent=("RepositoryPolicyNotFoundException",),
            ),
            Detail("list_tags_for_resource", {"resourceArn": "repositoryArn"}, take="tags", into="tags"),
            # Untagged images are leftovers of later ones under the same tag.
            Detail(
                "describe_images",
                {"repositoryName": "repositoryName", "filter": {"tagStatus": "TAGGED"}},
                take="""imageDetails[].{imageDigest: imageDigest, imageTags: imageTags, imagePushedAt: imagePushedAt,
                    scanStatus: imageScanStatus.status, findings: imageScanFindingsSummary.findingSeverityCounts}""",
                into="images",
            ),
            Detail(
                "describe_image_scan_findings",
                {
                    "repositoryName": "repositoryName",
                    "imageId": """sort_by(images || `[]`, &to_string(imagePushedAt))[-1].{imageDigest: imageDigest,
                        imageTag: imageTags[0]}""",
                },
                take="imageScanFindings.findingSeverityCounts",
                into="latestFindings",
                absent=("ScanNotFoundException", "ImageNotFoundException"),
                after=True,
                when="images",
            ),
        ),
        keep=words(
            "repositoryName repositoryArn repositoryUri createdAt imageTagMutability imageScanningConfiguration "
            "encryptionConfiguration lifecyclePolicy repositoryPolicyText images "
            "latestFindings"
        ),
        rename={"repositoryArn": "Arn", "encryptionConfiguration.kmsKey": "KmsKey"},
        json=("lifecyclePolicy", "repositoryPolicyText"),
    ),
    setting(
        "AWS::ECR::ReplicationConfiguration",
        "ecr:{region}:{account}:replication-configuration",
        Detail(
            "ecr:describe_registry",
            {},
            take="""{registryId: registryId, replicationConfiguration: {rules: replicationConfiguration.rules[].{
                destinations: destinations, repositoryFilters: repositoryFilters}}}""",
        ),
        keep="registryId replicationConfiguration",
    ),
    setting(
        "AWS::ECR::RegistryScanningConfiguration",
        "ecr:{region}:{account}:registry-scanning-configuration",
        Detail("ecr:get_registry_scanning_configuration", {}, take="scanningConfiguration"),
        keep="scanType rules",
    ),
)
