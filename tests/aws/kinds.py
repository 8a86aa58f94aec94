"""Declarations of each form that there is, small enough to be collected from a fake account."""

from __future__ import annotations

from scanner.aws.declaration import NAME_TAG, READ_PARAMETERS, Detail, RegionFrom, ResourceType, Variant

_BUCKET = {"Bucket": "Name"}
BUCKET = ResourceType(
    type="AWS::S3::Bucket",
    call="s3:list_buckets",
    items="Buckets[]",
    id="Name",
    arn="arn:{partition}:s3:::{id}",
    iam=("s3:ListAllMyBuckets",),
    scope="global",
    region_from=RegionFrom("BucketRegion", "get_bucket_location", _BUCKET, take="LocationConstraint"),
    rename={"Name": "BucketName"},
    json=("BucketPolicy",),
    details=(
        Detail("get_bucket_policy", _BUCKET, take="Policy", into="BucketPolicy", absent=("NoSuchBucketPolicy",)),
        Detail("get_bucket_tagging", _BUCKET, take="TagSet", into="Tags", absent=("NoSuchTagSet",)),
    ),
)
INSTANCE = ResourceType(
    type="AWS::EC2::Instance",
    call="ec2:describe_instances",
    items="Reservations[].Instances[]",
    id="InstanceId",
    arn="arn:{partition}:ec2:{region}:{account}:instance/{id}",
    name=NAME_TAG,
    keep=("InstanceId", "MetadataOptions", "UserData"),
    details=(
        Detail(
            "describe_instance_attribute",
            {"InstanceId": "InstanceId", "Attribute": "=userData"},
            take="UserData.Value",
            into="UserData",
        ),
    ),
    redact=("UserData",),
)
CLUSTER = ResourceType(
    type="AWS::ECS::Cluster",
    call="ecs:list_clusters",
    items="clusterArns[].{clusterArn: @}",
    id="clusterArn",
    arn="clusterArn",
    name="clusterName",
    details=(
        Detail(
            "describe_clusters",
            {"clusters": "clusterArn", "include": ["TAGS"]},
            take="clusters",
            key="clusterArn",
            batch=2,
        ),
    ),
)
SERVICE = ResourceType(
    type="AWS::ECS::Service",
    call="ecs:list_services",
    each="AWS::ECS::Cluster",
    params={"cluster": "^clusterArn"},
    items="serviceArns[].{serviceArn: @}",
    id="serviceArn",
    arn="serviceArn",
    name="serviceName",
    details=(
        Detail(
            "describe_services",
            {"services": "serviceArn", "cluster": "^clusterArn"},
            take="services",
            key="serviceArn",
            batch=10,
        ),
    ),
)
TASK = ResourceType(
    type="AWS::ECS::TaskDefinition",
    call="ecs:list_task_definitions",
    items="taskDefinitionArns[].{taskDefinitionArn: @}",
    id="taskDefinitionArn",
    arn="taskDefinitionArn",
    details=(Detail("describe_task_definition", {"taskDefinition": "taskDefinitionArn"}, take="taskDefinition"),),
    redact=("containerDefinitions[].environment[].value", "containerDefinitions[].command[]"),
    keep=("family", "containerDefinitions"),
)
FUNCTION = ResourceType(
    type="AWS::Lambda::Function",
    call="lambda:list_functions",
    items="Functions[]",
    id="FunctionName",
    arn="FunctionArn",
    redact=("Environment.Variables.*",),
    keep=("FunctionName", "Environment", "Description"),
)
TABLE = ResourceType(
    type="AWS::DynamoDB::Table",
    call="dynamodb:list_tables",
    items="TableNames[].{TableName: @}",
    id="TableName",
    arn="TableArn",
    details=(
        Detail("describe_table", {"TableName": "TableName"}, take="Table"),
        Detail("list_tags_of_resource", {"ResourceArn": "TableArn"}, take="Tags", into="Tags", after=True),
        Detail(
            "describe_continuous_backups",
            {"TableName": "TableName"},
            take="ContinuousBackupsDescription",
            into="Backups",
            when="BillingModeSummary.BillingMode == 'PAY_PER_REQUEST'",
            after=True,
        ),
    ),
    keep=("TableName", "Tags", "Backups"),
)
PARAMETER = ResourceType(
    type="AWS::SSM::Parameter",
    call="ssm:describe_parameters",
    items="Parameters[].{Name: Name, Type: Type}",
    id="Name",
    arn="arn:{partition}:ssm:{region}:{account}:parameter/{id}",
    details=(
        Detail(
            "get_parameters",
            {"Names": "Name"},
            take="Parameters",
            key="Name",
            value="Value",
            into="Value",
            batch=10,
            when="Type == 'String'",
            option=READ_PARAMETERS,
        ),
    ),
    redact=("Value",),
)
QUEUE = ResourceType(
    type="AWS::SQS::Queue",
    call="sqs:list_queues",
    items="QueueUrls[].{QueueUrl: @}",
    id="QueueUrl",
    arn="Attributes.QueueArn",
    details=(
        Detail(
            "get_queue_attributes",
            {"QueueUrl": "QueueUrl", "AttributeNames": ["All"]},
            take="Attributes",
            into="Attributes",
        ),
    ),
)
WEB_ACL = ResourceType(
    type="AWS::WAFv2::WebACL",
    call="wafv2:list_web_acls",
    variants=(
        Variant({"Scope": "=REGIONAL"}, row={"Scope": "REGIONAL"}),
        Variant({"Scope": "=CLOUDFRONT"}, row={"Scope": "CLOUDFRONT"}, home_only=True),
    ),
    items="WebACLs[]",
    id="ARN",
    arn="ARN",
    name="Name",
    details=(Detail("get_web_acl", {"Name": "Name", "Id": "Id", "Scope": "Scope"}, take="WebACL"),),
    keep=("Name", "Scope", "DefaultAction"),
)
PASSWORD_POLICY = ResourceType(
    type="Account::IAM::PasswordPolicy",
    call="",
    items="",
    id="",
    arn="arn:{partition}:iam::{account}:password-policy",
    scope="global",
    details=(
        Detail(
            "iam:get_account_password_policy",
            {},
            take="PasswordPolicy",
            into="PasswordPolicy",
            absent=("NoSuchEntity",),
        ),
    ),
)
