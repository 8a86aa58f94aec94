"""An account with a resource of most types, for a test of the declarations on answers of moto's server."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

Client = Callable[..., Any]
REGION = "us-east-1"
SECRET = "Kq83hdPz0aLmx7Qw"
"""In the place of every secret."""
TAGS = [{"Key": "stage", "Value": "prod"}]
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
            }
        ],
    }
)
ALLOW = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)

LIFECYCLE = {
    "rules": [
        {
            "rulePriority": 1,
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 9,
            },
            "action": {"type": "expire"},
        }
    ]
}


def build(client: Client) -> dict[str, str]:
    """Builds everything. The result has the ids that tests ask for by name."""
    ids: dict[str, str] = {}
    for part in (network, identities, storage, databases, computing, containers, delivery, watching, money):
        part(client, ids)
    return ids


def network(client: Client, ids: dict[str, str]) -> None:
    ec2 = client("ec2")
    vpc = ids["vpc"] = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[vpc], Tags=[*TAGS, {"Key": "Name", "Value": "main"}])
    for index, zone in enumerate(("us-east-1a", "us-east-1b")):
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=zone)
        ids[f"subnet{index}"] = subnet["Subnet"]["SubnetId"]
    group = ids["group"] = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    )
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=ids["subnet0"], AllocationId=address)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName="com.amazonaws.us-east-1.ssm",
        VpcEndpointType="Interface",
        SubnetIds=[ids["subnet0"]],
        SecurityGroupIds=[group],
    )
    client("s3").create_bucket(Bucket="flow-logs")
    ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination="arn:aws:s3:::flow-logs",
    )
    peer = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=peer)
    ec2.create_transit_gateway(Description="hub")
    customer = ec2.create_customer_gateway(Type="ipsec.1", PublicIp="203.0.113.1", BgpAsn=65000)["CustomerGateway"]
    private = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=customer["CustomerGatewayId"], VpnGatewayId=private)
    ec2.create_key_pair(KeyName="admin")
    volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=8, VolumeType="gp2")["VolumeId"]
    snapshot = ids["snapshot"] = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    ec2.modify_snapshot_attribute(
        SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"]
    )
    image = ids["image"] = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    instance = ec2.run_instances(
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        InstanceType="t3.micro",
        SubnetId=ids["subnet0"],
        SecurityGroupIds=[group],
        UserData=f"#!/bin/sh\nexport DB_PASSWORD={SECRET}\n",
        MetadataOptions={"HttpTokens": "required"},
    )["Instances"][0]["InstanceId"]
    ids["instance"] = instance
    ec2.create_image(InstanceId=instance, Name="golden")
    ec2.create_launch_template(
        LaunchTemplateName="web", LaunchTemplateData={"ImageId": image, "MetadataOptions": {"HttpTokens": "required"}}
    )


def identities(client: Client, ids: dict[str, str]) -> None:
    iam = client("iam")
    ids["role"] = iam.create_role(RoleName="app", AssumeRolePolicyDocument=TRUST, Tags=TAGS)["Role"]["Arn"]
    iam.put_role_policy(RoleName="app", PolicyName="inline", PolicyDocument=ALLOW)
    policy = iam.create_policy(PolicyName="readers", PolicyDocument=ALLOW)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="app", PolicyArn=policy)
    iam.create_user(UserName="ann", Tags=TAGS)
    iam.create_login_profile(UserName="ann", Password=f"{SECRET}!")
    iam.create_access_key(UserName="ann")
    iam.create_user(UserName="bob")
    iam.create_group(GroupName="admins")
    iam.add_user_to_group(GroupName="admins", UserName="ann")
    iam.create_open_id_connect_provider(
        Url="https://token.actions.githubusercontent.com", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["a" * 40]
    )
    kms = client("kms")
    key = ids["key"] = kms.create_key(Description="data", Tags=[{"TagKey": "stage", "TagValue": "prod"}])[
        "KeyMetadata"
    ]["Arn"]
    kms.create_alias(AliasName="alias/data", TargetKeyId=key)
    secrets = client("secretsmanager")
    secrets.create_secret(Name="db/password", SecretString=SECRET, Tags=TAGS)
    client("acm").request_certificate(DomainName="example.org")
    pool = client("cognito-idp").create_user_pool(PoolName="people", MfaConfiguration="OFF")["UserPool"]["Id"]
    client("cognito-idp").create_user_pool_client(UserPoolId=pool, ClientName="web", GenerateSecret=True)
    client("cognito-identity").create_identity_pool(IdentityPoolName="guests", AllowUnauthenticatedIdentities=True)
    ssm = client("ssm")
    ssm.put_parameter(Name="/app/url", Value=f"https://user:{SECRET}@db.example.org", Type="String")
    ssm.put_parameter(Name="/app/key", Value=SECRET, Type="SecureString")


def storage(client: Client, ids: dict[str, str]) -> None:
    s3 = client("s3")
    for name in ("data", "logs"):
        s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket="data", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_encryption(
        Bucket="data",
        ServerSideEncryptionConfiguration={
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": ids["key"]},
                    "BucketKeyEnabled": True,
                }
            ]
        },
    )
    s3.put_bucket_lifecycle_configuration(
        Bucket="data",
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "old",
                    "Status": "Enabled",
                    "Filter": {"Prefix": "tmp/"},
                    "Expiration": {"Days": 30},
                    "Transitions": [{"Days": 10, "StorageClass": "GLACIER"}],
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 60},
                }
            ]
        },
    )
    s3.put_bucket_policy(
        Bucket="data",
        Policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "s3:*",
                        "Resource": "arn:aws:s3:::data/*",
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    }
                ],
            }
        ),
    )
    s3.put_public_access_block(
        Bucket="data",
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    s3.put_bucket_tagging(Bucket="data", Tagging={"TagSet": TAGS})
    efs = client("efs")
    system = efs.create_file_system(CreationToken="a", Encrypted=True, Tags=[{"Key": "Name", "Value": "shared"}])[
        "FileSystemId"
    ]
    efs.create_mount_target(FileSystemId=system, SubnetId=ids["subnet0"])
    efs.create_access_point(ClientToken="a", FileSystemId=system)
    client("fsx").create_file_system(
        FileSystemType="LUSTRE", StorageCapacity=1200, StorageType="SSD", SubnetIds=[ids["subnet0"]]
    )
    backup = client("backup")
    backup.create_backup_vault(BackupVaultName="vault", EncryptionKeyArn=ids["key"])
    backup.create_backup_plan(
        BackupPlan={
            "BackupPlanName": "daily",
            "Rules": [
                {
                    "RuleName": "daily",
                    "TargetBackupVaultName": "vault",
                    "ScheduleExpression": "cron(0 5 * * ? *)",
                    "Lifecycle": {"DeleteAfterDays": 35},
                    "CopyActions": [
                        {"DestinationBackupVaultArn": "arn:aws:backup:eu-west-1:123456789012:backup-vault:vault"}
                    ],
                }
            ],
        }
    )


def databases(client: Client, ids: dict[str, str]) -> None:
    rds = client("rds")
    rds.create_db_subnet_group(
        DBSubnetGroupName="private", DBSubnetGroupDescription="private", SubnetIds=[ids["subnet0"], ids["subnet1"]]
    )
    rds.create_db_parameter_group(DBParameterGroupName="pg", DBParameterGroupFamily="postgres16", Description="pg")
    rds.create_db_instance(
        DBInstanceIdentifier="main",
        DBInstanceClass="db.t3.medium",
        Engine="postgres",
        MasterUsername="root",
        MasterUserPassword=SECRET,
        AllocatedStorage=20,
        MultiAZ=True,
        StorageEncrypted=True,
        KmsKeyId=ids["key"],
        BackupRetentionPeriod=7,
        DeletionProtection=True,
        DBSubnetGroupName="private",
        VpcSecurityGroupIds=[ids["group"]],
        EnableIAMDatabaseAuthentication=True,
        EnableCloudwatchLogsExports=["postgresql"],
        Tags=TAGS,
    )
    rds.create_db_snapshot(DBInstanceIdentifier="main", DBSnapshotIdentifier="before")
    rds.create_db_cluster(
        DBClusterIdentifier="aurora",
        Engine="aurora-postgresql",
        MasterUsername="root",
        MasterUserPassword=SECRET,
        AvailabilityZones=["us-east-1a", "us-east-1b"],
    )
    rds.create_db_instance(
        DBInstanceIdentifier="aurora-1",
        DBInstanceClass="db.t3.medium",
        Engine="aurora-postgresql",
        DBClusterIdentifier="aurora",
    )
    rds.create_global_cluster(GlobalClusterIdentifier="world", Engine="aurora-postgresql")
    rds.create_event_subscription(SubscriptionName="events", SnsTopicArn="arn:aws:sns:us-east-1:123456789012:alerts")
    client("neptune").create_db_cluster(DBClusterIdentifier="graph", Engine="neptune")
    client("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        Tags=TAGS,
    )
    elasticache = client("elasticache")
    elasticache.create_replication_group(
        ReplicationGroupId="cache",
        ReplicationGroupDescription="cache",
        NumCacheClusters=2,
        AutomaticFailoverEnabled=True,
        MultiAZEnabled=True,
        CacheNodeType="cache.t3.small",
        Engine="redis",
        TransitEncryptionEnabled=True,
        Tags=TAGS,
    )
    elasticache.create_cache_cluster(
        CacheClusterId="single", Engine="redis", CacheNodeType="cache.t3.small", NumCacheNodes=1
    )
    client("memorydb").create_cluster(ClusterName="fast", NodeType="db.t4g.small", ACLName="open-access")
    client("opensearch").create_domain(
        DomainName="search", ClusterConfig={"InstanceCount": 3, "ZoneAwarenessEnabled": True}, TagList=TAGS
    )
    client("redshift").create_cluster(
        ClusterIdentifier="wh",
        NodeType="ra3.large",
        MasterUsername="root",
        MasterUserPassword=SECRET,
        NumberOfNodes=2,
        Encrypted=True,
    )
    dms = client("dms")
    dms.create_replication_instance(
        ReplicationInstanceIdentifier="move", ReplicationInstanceClass="dms.t3.small", MultiAZ=True
    )
    dms.create_endpoint(EndpointIdentifier="source", EndpointType="source", EngineName="postgres", SslMode="require")


def computing(client: Client, ids: dict[str, str]) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as file:
        file.writestr("app.py", "")
    function = client("lambda").create_function(
        FunctionName="work",
        Runtime="python3.12",
        Role=ids["role"],
        Handler="app.main",
        Code={"ZipFile": code.getvalue()},
        Environment={"Variables": {"DB_PASSWORD": SECRET, "LOG_LEVEL": "info"}},
        TracingConfig={"Mode": "Active"},
        VpcConfig={"SubnetIds": [ids["subnet0"], ids["subnet1"]], "SecurityGroupIds": [ids["group"]]},
        Tags={"stage": "prod"},
    )["FunctionArn"]
    client("lambda").add_permission(
        FunctionName="work", StatementId="all", Action="lambda:InvokeFunction", Principal="*"
    )
    queue = client("sqs").create_queue(
        QueueName="jobs", Attributes={"VisibilityTimeout": "60", "SqsManagedSseEnabled": "true"}, tags={"stage": "prod"}
    )["QueueUrl"]
    attributes = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    client("lambda").create_event_source_mapping(FunctionName=function, EventSourceArn=attributes["QueueArn"])
    scaling = client("autoscaling")
    scaling.create_launch_configuration(
        LaunchConfigurationName="old", ImageId=ids["image"], InstanceType="t3.micro", UserData="echo"
    )
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="web",
        MinSize=1,
        MaxSize=3,
        VPCZoneIdentifier=f"{ids['subnet0']},{ids['subnet1']}",
        MixedInstancesPolicy={
            "LaunchTemplate": {
                "LaunchTemplateSpecification": {"LaunchTemplateName": "web", "Version": "$Latest"},
                "Overrides": [{"InstanceType": "t3.micro"}, {"InstanceType": "t3.small"}],
            },
            "InstancesDistribution": {"OnDemandPercentageAboveBaseCapacity": 0},
        },
        CapacityRebalance=True,
        Tags=[{"Key": "stage", "Value": "prod", "PropagateAtLaunch": True}],
    )
    scaling.put_scaling_policy(
        AutoScalingGroupName="web",
        PolicyName="cpu",
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration={
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
            "TargetValue": 50,
        },
    )
    scaling.put_scheduled_update_group_action(
        AutoScalingGroupName="web", ScheduledActionName="night", Recurrence="0 20 * * *", MinSize=1
    )
    client("stepfunctions").create_state_machine(
        name="flow",
        definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}),
        roleArn=ids["role"],
        tracingConfiguration={"enabled": True},
    )
    client("codebuild").create_project(
        name="build",
        source={"type": "S3", "location": "data/source.zip", "buildspec": "version: 0.2"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
            "environmentVariables": [{"name": "NPM_TOKEN", "value": "npm_" + SECRET * 2 + "abcd"}],
        },
        serviceRole=ids["role"],
    )
    client("cloudformation").create_stack(
        StackName="base",
        TemplateBody=json.dumps(
            {
                "Parameters": {"DbPassword": {"Type": "String", "Default": SECRET}},
                "Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "alerts"}}},
                "Outputs": {"DbPassword": {"Value": {"Ref": "DbPassword"}}, "Url": {"Value": "https://example.org"}},
            }
        ),
        Tags=TAGS,
    )


def containers(client: Client, ids: dict[str, str]) -> None:
    ecr = client("ecr")
    ecr.create_repository(
        repositoryName="app", imageScanningConfiguration={"scanOnPush": True}, imageTagMutability="IMMUTABLE", tags=TAGS
    )
    ecr.put_lifecycle_policy(repositoryName="app", lifecyclePolicyText=json.dumps(LIFECYCLE))
    ecs = client("ecs")
    ecs.create_cluster(clusterName="prod", settings=[{"name": "containerInsights", "value": "enabled"}])
    ecs.register_task_definition(
        family="web",
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        requiresCompatibilities=["FARGATE"],
        containerDefinitions=[
            {
                "name": "web",
                "image": "nginx:latest",
                "privileged": True,
                "environment": [
                    {"name": "DB_PASSWORD", "value": SECRET},
                    {"name": "MODE", "value": "fast"},
                ],
                "portMappings": [{"containerPort": 80}],
            }
        ],
        tags=[{"key": "stage", "value": "prod"}],
    )
    ecs.create_service(
        cluster="prod",
        serviceName="web",
        taskDefinition="web",
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": [ids["subnet0"]],
                "securityGroups": [ids["group"]],
                "assignPublicIp": "ENABLED",
            }
        },
    )
    eks = client("eks")
    eks.create_cluster(
        name="k8s",
        version="1.29",
        roleArn=ids["role"],
        resourcesVpcConfig={"subnetIds": [ids["subnet0"]], "endpointPublicAccess": True},
        logging={
            "clusterLogging": [{"types": ["api", "audit"], "enabled": True}, {"types": ["scheduler"], "enabled": False}]
        },
        tags={"stage": "prod"},
    )
    eks.create_nodegroup(
        clusterName="k8s",
        nodegroupName="workers",
        nodeRole=ids["role"],
        subnets=[ids["subnet0"], ids["subnet1"]],
        capacityType="SPOT",
        scalingConfig={"minSize": 1, "maxSize": 3, "desiredSize": 1},
        labels={"team": "app"},
    )
    client("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId="service/prod/web",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=2,
        MaxCapacity=4,
    )
    client("application-autoscaling").put_scaling_policy(
        PolicyName="cpu",
        ServiceNamespace="ecs",
        ResourceId="service/prod/web",
        ScalableDimension="ecs:service:DesiredCount",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 50,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
        },
    )


def delivery(client: Client, ids: dict[str, str]) -> None:
    elb = client("elbv2")
    balancer = elb.create_load_balancer(
        Name="public",
        Subnets=[ids["subnet0"], ids["subnet1"]],
        SecurityGroups=[ids["group"]],
        Scheme="internet-facing",
        Tags=TAGS,
    )["LoadBalancers"][0]["LoadBalancerArn"]
    group = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=ids["vpc"])["TargetGroups"][0]
    elb.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}],
    )
    client("elb").create_load_balancer(
        LoadBalancerName="classic",
        Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}],
        AvailabilityZones=["us-east-1a"],
    )
    visible = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
    waf = client("wafv2")
    acl = waf.create_web_acl(
        Name="edge",
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        VisibilityConfig=visible,
        Rules=[
            {
                "Name": "rate",
                "Priority": 0,
                "Statement": {"RateBasedStatement": {"Limit": 2000, "AggregateKeyType": "IP"}},
                "Action": {"Block": {}},
                "VisibilityConfig": visible,
            }
        ],
        Tags=TAGS,
    )["Summary"]["ARN"]
    waf.create_web_acl(Name="cdn", Scope="CLOUDFRONT", DefaultAction={"Allow": {}}, VisibilityConfig=visible)
    waf.associate_web_acl(WebACLArn=acl, ResourceArn=balancer)
    waf.create_ip_set(Name="office", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=["203.0.113.0/24"])
    client("cloudfront").create_distribution(
        DistributionConfig={
            "CallerReference": "a",
            "Comment": "site",
            "Enabled": True,
            "Origins": {
                "Quantity": 1,
                "Items": [
                    {
                        "Id": "site",
                        "DomainName": "example.org",
                        "CustomOriginConfig": {
                            "HTTPPort": 80,
                            "HTTPSPort": 443,
                            "OriginProtocolPolicy": "https-only",
                        },
                    }
                ],
            },
            "DefaultCacheBehavior": {
                "TargetOriginId": "site",
                "ViewerProtocolPolicy": "redirect-to-https",
                "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
                "TrustedSigners": {"Enabled": False, "Quantity": 0},
                "MinTTL": 0,
            },
        }
    )
    gateway = client("apigateway")
    api = gateway.create_rest_api(name="shop", tags={"stage": "prod"})["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    gateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    gateway.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    gateway.create_deployment(restApiId=api, stageName="live", variables={"token": SECRET})
    gateway.create_usage_plan(name="basic")
    http = client("apigatewayv2").create_api(Name="http", ProtocolType="HTTP")["ApiId"]
    client("apigatewayv2").create_stage(ApiId=http, StageName="live")
    client("apigatewayv2").create_route(ApiId=http, RouteKey="GET /")
    client("appsync").create_graphql_api(name="graph", authenticationType="API_KEY", xrayEnabled=True)
    zone = client("route53").create_hosted_zone(Name="example.org", CallerReference="a")["HostedZone"]["Id"]
    client("route53").change_resource_record_sets(
        HostedZoneId=zone,
        ChangeBatch={
            "Changes": [
                {
                    "Action": "CREATE",
                    "ResourceRecordSet": {
                        "Name": "www.example.org",
                        "Type": "A",
                        "TTL": 60,
                        "ResourceRecords": [{"Value": "203.0.113.5"}],
                    },
                }
            ]
        },
    )
    client("route53").create_health_check(
        CallerReference="a", HealthCheckConfig={"Type": "HTTPS", "FullyQualifiedDomainName": "example.org", "Port": 443}
    )


def watching(client: Client, ids: dict[str, str]) -> None:
    topic = client("sns").create_topic(Name="alerts", Attributes={"KmsMasterKeyId": ids["key"]}, Tags=TAGS)["TopicArn"]
    client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.org")
    logs = client("logs")
    logs.create_log_group(logGroupName="/app/web", tags={"stage": "prod"})
    logs.put_retention_policy(logGroupName="/app/web", retentionInDays=30)
    logs.put_metric_filter(
        logGroupName="/app/web",
        filterName="root",
        filterPattern='{ $.userIdentity.type = "Root" }',
        metricTransformations=[{"metricName": "root", "metricNamespace": "trail", "metricValue": "1"}],
    )
    watch = client("cloudwatch")
    watch.put_metric_alarm(
        AlarmName="errors",
        MetricName="Errors",
        Namespace="AWS/Lambda",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[topic],
        Dimensions=[{"Name": "FunctionName", "Value": "work"}],
    )
    client("amp").create_workspace(alias="metrics", tags={"stage": "prod"})
    client("s3").create_bucket(Bucket="trail")
    trail = client("cloudtrail")
    trail.create_trail(
        Name="all", S3BucketName="trail", IsMultiRegionTrail=True, EnableLogFileValidation=True, TagsList=TAGS
    )
    trail.start_logging(Name="all")
    config = client("config")
    config.put_configuration_recorder(
        ConfigurationRecorder={"name": "default", "roleARN": ids["role"], "recordingGroup": {"allSupported": True}}
    )
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "trail"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    client("guardduty").create_detector(Enable=True)
    client("events").put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    client("kinesis").create_stream(StreamName="clicks", ShardCount=1)
    client("firehose").create_delivery_stream(
        DeliveryStreamName="to-s3",
        ExtendedS3DestinationConfiguration={"RoleARN": ids["role"], "BucketARN": "arn:aws:s3:::logs"},
    )
    client("mq").create_broker(
        BrokerName="bus",
        DeploymentMode="SINGLE_INSTANCE",
        EngineType="RABBITMQ",
        EngineVersion="3.13",
        HostInstanceType="mq.t3.micro",
        PubliclyAccessible=False,
        AutoMinorVersionUpgrade=True,
        Users=[{"Username": "root", "Password": SECRET}],
    )


def money(client: Client, ids: dict[str, str]) -> None:
    client("budgets").create_budget(
        AccountId="123456789012",
        Budget={
            "BudgetName": "monthly",
            "BudgetLimit": {"Amount": "1000", "Unit": "USD"},
            "TimeUnit": "MONTHLY",
            "BudgetType": "COST",
        },
        NotificationsWithSubscribers=[
            {
                "Notification": {
                    "NotificationType": "ACTUAL",
                    "ComparisonOperator": "GREATER_THAN",
                    "Threshold": 80,
                },
                "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "ops@example.org"}],
            }
        ],
    )
