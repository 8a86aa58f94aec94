"""Amazon ECS."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

_CONTAINER = "containerDefinitions[]."

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::ECS::Cluster",
        call="ecs:list_clusters",
        items="clusterArns[].{clusterArn: @}",
        id="clusterArn",
        arn="clusterArn",
        name="clusterName",
        details=(
            Detail(
                "describe_clusters",
                {"clusters": "clusterArn", "include": ["SETTINGS", "TAGS", "CONFIGURATIONS"]},
                take="clusters",
                key="clusterArn",
                batch=100,
            ),
        ),
        keep=words(
            "clusterArn clusterName status settings configuration capacityProviders defaultCapacityProviderStrategy "
            "activeServicesCount runningTasksCount registeredContainerInstancesCount"
        ),
        rename={"clusterArn": "Arn", "settings": "ClusterSettings"},
    ),
    ResourceType(
        type="AWS::ECS::Service",
        call="ecs:list_services",
        each="AWS::ECS::Cluster",
        params={"cluster": "^clusterArn"},
        items="serviceArns[].{serviceArn: @}",
        id="serviceArn",
        arn="serviceArn",
        name="serviceName",
        own_name=True,
        details=(
            Detail(
                "describe_services",
                {"services": "serviceArn", "cluster": "^clusterArn", "include": ["TAGS"]},
                take="services",
                key="serviceArn",
                batch=10,
            ),
        ),
        keep=words(
            "serviceArn serviceName clusterArn status taskDefinition desiredCount runningCount launchType "
            "capacityProviderStrategy platformVersion platformFamily networkConfiguration loadBalancers "
            "deploymentConfiguration deploymentController healthCheckGracePeriodSeconds enableExecuteCommand "
            "schedulingStrategy propagateTags availabilityZoneRebalancing placementConstraints createdAt"
        ),
        rename={"clusterArn": "Cluster"},
    ),
    ResourceType(
        type="AWS::ECS::TaskDefinition",
        call="ecs:list_task_definitions",
        params={"status": "=ACTIVE"},
        items="taskDefinitionArns[].{taskDefinitionArn: @}",
        id="taskDefinitionArn",
        arn="taskDefinitionArn",
        name="family",
        details=(
            # The tags stand beside the definition.
            Detail(
                "describe_task_definition",
                {"taskDefinition": "taskDefinitionArn", "include": ["TAGS"]},
                take="merge(taskDefinition || `{}`, {tags: tags})",
            ),
        ),
        keep=words(
            "taskDefinitionArn family revision status networkMode pidMode ipcMode cpu memory taskRoleArn "
            "executionRoleArn requiresCompatibilities runtimePlatform ephemeralStorage volumes containerDefinitions "
            "registeredAt"
        ),
        rename={
            "volumes[].s3filesVolumeConfiguration": "S3FilesVolumeConfiguration",
            "volumes[].efsVolumeConfiguration": "EFSVolumeConfiguration",
            "volumes[].fsxWindowsFileServerVolumeConfiguration": "FSxWindowsFileServerVolumeConfiguration",
            "volumes[].efsVolumeConfiguration.fileSystemId": "FilesystemId",
            "volumes[].efsVolumeConfiguration.authorizationConfig.iam": "IAM",
        },
        redact=(
            _CONTAINER + "environment[].value",
            _CONTAINER + "command[]",
            _CONTAINER + "entryPoint[]",
            _CONTAINER + "healthCheck.command[]",
            _CONTAINER + "dockerLabels.*",
            _CONTAINER + "logConfiguration.options.*",
            _CONTAINER + "firelensConfiguration.options.*",
            "volumes[].dockerVolumeConfiguration.driverOpts.*",
        ),
    ),
    ResourceType(
        type="Account::ECS::Task",
        call="ecs:list_tasks",
        each="AWS::ECS::Cluster",
        params={"cluster": "^clusterArn"},
        items="taskArns[].{taskArn: @}",
        id="taskArn",
        arn="taskArn",
        details=(
            Detail(
                "describe_tasks",
                {"tasks": "taskArn", "cluster": "^clusterArn", "include": ["TAGS"]},
                take="""tasks[].merge(@, {
                    containers: containers[].{name: name, image: image, imageDigest: imageDigest}})""",
                key="taskArn",
                batch=100,
                missing_is_absent=True,  # it ended meanwhile
            ),
        ),
        keep=words(
            "taskArn clusterArn group taskDefinitionArn lastStatus launchType platformVersion startedAt containers"
        ),
    ),
    ResourceType(
        type="AWS::ECS::CapacityProvider",
        call="ecs:describe_capacity_providers",
        items="capacityProviders[]",
        id="capacityProviderArn",
        arn="capacityProviderArn",
        name="name",
        keep=words("name status autoScalingGroupProvider"),
    ),
)
