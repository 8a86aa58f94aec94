"""Amazon EC2 and VPC."""

from __future__ import annotations

from scanner.aws.declaration import NAME_TAG, Detail, ResourceType

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::EC2::VPC",
        call="ec2:describe_vpcs",
        items="Vpcs[]",
        id="VpcId",
        arn="arn:{partition}:ec2:{region}:{account}:vpc/{id}",
        name=NAME_TAG,
    ),
    ResourceType(
        type="AWS::EC2::Instance",
        call="ec2:describe_instances",
        items="Reservations[].Instances[]",
        id="InstanceId",
        arn="arn:{partition}:ec2:{region}:{account}:instance/{id}",
        name=NAME_TAG,
        details=(
            Detail(
                "describe_instance_attribute",
                {"InstanceId": "InstanceId", "Attribute": "=userData"},
                take="UserData.Value",
                into="UserData",
            ),
        ),
        redact=("UserData",),
    ),
)
