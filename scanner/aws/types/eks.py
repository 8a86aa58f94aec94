"""Amazon EKS."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::EKS::Cluster",
        call="eks:list_clusters",
        items="clusters[].{name: @}",
        id="name",
        arn="arn",
        details=(
            Detail(
                "describe_cluster",
                {"name": "name"},
                take="""cluster.merge(@, {certificateAuthority: `null`,
                    oidcIssuer: identity.oidc.issuer,
                    logging: {clusterLogging: {enabledTypes: logging.clusterLogging[?enabled].types[].{type: @}}}})""",
            ),
        ),
        keep=words(
            "name arn version status endpoint roleArn resourcesVpcConfig encryptionConfig logging oidcIssuer "
            "accessConfig upgradePolicy computeConfig deletionProtection zonalShiftConfig platformVersion createdAt "
            "health"
        ),
        rename={"oidcIssuer": "OpenIdConnectIssuerUrl"},
    ),
    ResourceType(
        type="AWS::EKS::Nodegroup",
        call="eks:list_nodegroups",
        each="AWS::EKS::Cluster",
        params={"clusterName": "^name"},
        items="nodegroups[].{nodegroupName: @}",
        id="nodegroupName",
        arn="nodegroupArn",
        details=(
            Detail(
                "describe_nodegroup",
                {"clusterName": "^name", "nodegroupName": "nodegroupName"},
                take="nodegroup.merge(@, {autoScalingGroups: resources.autoScalingGroups[].name})",
            ),
        ),
        keep=words(
            "nodegroupName nodegroupArn clusterName status version releaseVersion capacityType instanceTypes amiType "
            "diskSize subnets scalingConfig updateConfig nodeRole remoteAccess launchTemplate labels taints "
            "autoScalingGroups health"
        ),
        rename={"nodegroupArn": "Arn", "remoteAccess.ec2SshKey": "Ec2SshKey"},
    ),
    ResourceType(
        type="AWS::EKS::Addon",
        call="eks:list_addons",
        each="AWS::EKS::Cluster",
        params={"clusterName": "^name"},
        items="addons[].{addonName: @}",
        id="addonName",
        arn="addonArn",
        details=(Detail("describe_addon", {"clusterName": "^name", "addonName": "addonName"}, take="addon"),),
        keep=words("addonName addonArn clusterName addonVersion status serviceAccountRoleArn"),
        rename={"addonArn": "Arn"},
    ),
    ResourceType(
        type="AWS::EKS::FargateProfile",
        call="eks:list_fargate_profiles",
        each="AWS::EKS::Cluster",
        params={"clusterName": "^name"},
        items="fargateProfileNames[].{fargateProfileName: @}",
        id="fargateProfileName",
        arn="fargateProfileArn",
        details=(
            Detail(
                "describe_fargate_profile",
                {"clusterName": "^name", "fargateProfileName": "fargateProfileName"},
                take="fargateProfile.merge(@, {selectors: selectors[].{namespace: namespace}})",
            ),
        ),
        keep=words("fargateProfileName fargateProfileArn clusterName status podExecutionRoleArn subnets selectors"),
        rename={"fargateProfileArn": "Arn"},
    ),
    ResourceType(
        type="AWS::EKS::PodIdentityAssociation",
        call="eks:list_pod_identity_associations",
        each="AWS::EKS::Cluster",
        params={"clusterName": "^name"},
        items="associations[]",
        id="associationId",
        arn="associationArn",
        keep=words("clusterName namespace serviceAccount associationId associationArn"),
    ),
    ResourceType(
        type="Account::EKS::ClusterVersion",
        call="eks:describe_cluster_versions",
        items="clusterVersions[]",
        id="clusterVersion",
        arn="arn:{partition}:eks:{region}:{account}:cluster-version/{id}",
        keep=words(
            "clusterVersion defaultVersion versionStatus status endOfStandardSupportDate endOfExtendedSupportDate"
        ),
    ),
)
