"""EC2 Auto Scaling, and Application Auto Scaling for all other services."""

from __future__ import annotations

from scanner.aws.declaration import ResourceType, Variant, words

_NAMESPACES = words("ecs dynamodb rds")
_EVERY = tuple(Variant({"ServiceNamespace": f"={name}"}) for name in _NAMESPACES)

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::AutoScaling::AutoScalingGroup",
        call="autoscaling:describe_auto_scaling_groups",
        items="""AutoScalingGroups[].merge(@, {InstanceIds: Instances[].InstanceId,
            InstanceZones: Instances[].AvailabilityZone})""",
        id="AutoScalingGroupName",
        arn="AutoScalingGroupARN",
        keep=words(
            "AutoScalingGroupName AutoScalingGroupARN MinSize MaxSize DesiredCapacity AvailabilityZones "
            "VPCZoneIdentifier HealthCheckType HealthCheckGracePeriod LaunchConfigurationName LaunchTemplate "
            "MixedInstancesPolicy CapacityRebalance LoadBalancerNames TargetGroupARNs TerminationPolicies "
            "NewInstancesProtectedFromScaleIn SuspendedProcesses InstanceIds InstanceZones CreatedTime"
        ),
    ),
    ResourceType(
        type="AWS::AutoScaling::ScalingPolicy",
        call="autoscaling:describe_policies",
        items="ScalingPolicies[]",
        id="PolicyARN",
        arn="PolicyARN",
        name="PolicyName",
        keep=words(
            "PolicyARN PolicyName PolicyType AutoScalingGroupName AdjustmentType StepAdjustments Enabled "
            "TargetTrackingConfiguration PredictiveScalingConfiguration"
        ),
        rename={"PolicyARN": "Arn"},
    ),
    ResourceType(
        type="AWS::AutoScaling::ScheduledAction",
        call="autoscaling:describe_scheduled_actions",
        items="ScheduledUpdateGroupActions[]",
        id="join('/', [AutoScalingGroupName || '', ScheduledActionName || ''])",
        arn="ScheduledActionARN || ''",
        name="ScheduledActionName",
        keep=words(
            "ScheduledActionName AutoScalingGroupName Recurrence MinSize MaxSize DesiredCapacity StartTime EndTime"
        ),
    ),
    ResourceType(
        type="AWS::AutoScaling::LaunchConfiguration",
        call="autoscaling:describe_launch_configurations",
        items="LaunchConfigurations[].merge(@, {InstanceMonitoring: InstanceMonitoring.Enabled})",
        id="LaunchConfigurationName",
        arn="LaunchConfigurationARN",
        keep=words(
            "LaunchConfigurationName ImageId InstanceType KeyName SecurityGroups UserData MetadataOptions SpotPrice "
            "AssociatePublicIpAddress BlockDeviceMappings EbsOptimized IamInstanceProfile InstanceMonitoring"
        ),
        redact=("UserData",),
    ),
    ResourceType(
        type="AWS::ApplicationAutoScaling::ScalableTarget",
        call="application-autoscaling:describe_scalable_targets",
        variants=_EVERY,
        items="ScalableTargets[]",
        id="join('|', [ServiceNamespace || '', ResourceId || '', ScalableDimension || ''])",
        arn="ScalableTargetARN || ''",
        name="ResourceId",
        keep=words("ServiceNamespace ResourceId ScalableDimension MinCapacity MaxCapacity RoleARN SuspendedState"),
    ),
    ResourceType(
        type="AWS::ApplicationAutoScaling::ScalingPolicy",
        call="application-autoscaling:describe_scaling_policies",
        variants=_EVERY,
        items="ScalingPolicies[]",
        id="PolicyARN",
        arn="PolicyARN",
        name="PolicyName",
        keep=words(
            "PolicyARN PolicyName PolicyType ServiceNamespace ResourceId ScalableDimension "
            "StepScalingPolicyConfiguration TargetTrackingScalingPolicyConfiguration"
        ),
        rename={"PolicyARN": "Arn"},
    ),
)
