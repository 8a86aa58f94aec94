"""An account in moto's server with pairs of resources: one that is right, one that lacks a single thing of resilience."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

Client = Callable[..., Any]
REGION = "eu-central-1"
PASSWORD = "Kq83hdPz0aLmx7Qw"
USER = {"MasterUsername": "root", "MasterUserPassword": PASSWORD}


class Network:
    """The ids that the parts of the account share: a VPC with subnets in the zones a and b, a group, a role, an image."""

    def __init__(self, client: Client) -> None:
        ec2 = client("ec2", REGION)
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=_named("vpc", "shared-nat"))["Vpc"][
            "VpcId"
        ]
        self.subnets = {
            zone: ec2.create_subnet(
                VpcId=self.vpc,
                CidrBlock=f"10.0.{index}.0/24",
                AvailabilityZone=f"{REGION}{zone}",
                TagSpecifications=_named("subnet", f"private-{zone}"),
            )["Subnet"]["SubnetId"]
            for index, zone in enumerate("ab")
        }
        self.group = ec2.create_security_group(GroupName="web", Description="web", VpcId=self.vpc)["GroupId"]
        self.role = client("iam").create_role(RoleName="app", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        self.image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]

    def of(self, zones: str) -> list[str]:
        """The ids of the subnets of some zones: `ab`."""
        return [self.subnets[zone] for zone in zones]


def build(client: Client) -> None:
    """Builds everything, in one region."""
    network = Network(client)
    for part in (ways_out, databases, caches, groups, balancers, functions, clusters, services, alarms, apis):
        part(client, network)


def _named(kind: str, name: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def ways_out(client: Client, network: Network) -> None:
    ec2, efs = client("ec2", REGION), client("efs", REGION)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=network.subnets["a"], AllocationId=address)["NatGateway"]["NatGatewayId"]
    table = ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway)
    for subnet in network.of("ab"):
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    for name, zones in (("endpoint-good", "ab"), ("endpoint-bad", "a")):
        ec2.create_vpc_endpoint(
            VpcId=network.vpc,
            ServiceName=f"com.amazonaws.{REGION}.ssm",
            VpcEndpointType="Interface",
            SubnetIds=network.of(zones),
            TagSpecifications=_named("vpc-endpoint", name),
        )
    for name, zones in (("files-good", "ab"), ("files-bad", "a")):
        made = efs.create_file_system(CreationToken=name, Tags=[{"Key": "Name", "Value": name}])
        for subnet in network.of(zones):
            efs.create_mount_target(FileSystemId=made["FileSystemId"], SubnetId=subnet)
    efs.create_file_system(
        CreationToken="one", AvailabilityZoneName=f"{REGION}a", Tags=[{"Key": "Name", "Value": "files-one-zone"}]
    )


def databases(client: Client, network: Network) -> None:
    rds, neptune, dynamodb = client("rds", REGION), client("neptune", REGION), client("dynamodb", REGION)
    for good in (True, False):
        name = "good" if good else "bad"
        rds.create_db_instance(
            DBInstanceIdentifier=f"database-{name}",
            DBInstanceClass="db.t3.medium",
            Engine="postgres",
            AllocatedStorage=20,
            MultiAZ=good,
            AutoMinorVersionUpgrade=good,
            **USER,
        )
        rds.create_db_cluster(DBClusterIdentifier=f"aurora-{name}", Engine="aurora-postgresql", **USER)
        neptune.create_db_cluster(DBClusterIdentifier=f"graph-{name}", Engine="neptune")
        for index, zone in enumerate("ab" if good else "aa"):
            for maker, cluster, engine in ((rds, "aurora", "aurora-postgresql"), (neptune, "graph", "neptune")):
                maker.create_db_instance(
                    DBInstanceIdentifier=f"{cluster}-{name}-{index}",
                    DBInstanceClass="db.r6g.large",
                    Engine=engine,
                    DBClusterIdentifier=f"{cluster}-{name}",
                    AvailabilityZone=f"{REGION}{zone}",
                )
        client("dms", REGION).create_replication_instance(
            ReplicationInstanceIdentifier=f"feed-{name}", ReplicationInstanceClass="dms.t3.small", MultiAZ=good
        )
        client("mq", REGION).create_broker(
            BrokerName=f"bus-{name}",
            DeploymentMode="CLUSTER_MULTI_AZ" if good else "SINGLE_INSTANCE",
            EngineType="RABBITMQ",
            EngineVersion="3.13",
            HostInstanceType="mq.m5.large",
            PubliclyAccessible=False,
            AutoMinorVersionUpgrade=True,
            Users=[{"Username": "root", "Password": PASSWORD}],
        )
        client("opensearch", REGION).create_domain(
            DomainName=f"search-{name}", ClusterConfig={"InstanceCount": 3 if good else 1, "ZoneAwarenessEnabled": good}
        )
    for name in ("scaled", "fixed", "on-demand"):
        capacity = {"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}
        dynamodb.create_table(
            TableName=f"table-{name}",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            **({"BillingMode": "PAY_PER_REQUEST"} if name == "on-demand" else capacity),
        )
    for kind in ("Read", "Write"):
        _scale(client, "dynamodb", "table/table-scaled", f"dynamodb:table:{kind}CapacityUnits")
    _scale(client, "rds", "cluster:aurora-good", "rds:cluster:ReadReplicaCount")


def _scale(client: Client, service: str, resource: str, dimension: str) -> None:
    scaling = client("application-autoscaling", REGION)
    what = {"ServiceNamespace": service, "ResourceId": resource, "ScalableDimension": dimension}
    scaling.register_scalable_target(**what, MinCapacity=2, MaxCapacity=4)
    scaling.put_scaling_policy(
        **what,
        PolicyName=f"{resource} {dimension}",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 50,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
        },
    )


def caches(client: Client, network: Network) -> None:
    caches = client("elasticache", REGION)
    for good in (True, False):
        name = "good" if good else "bad"
        caches.create_replication_group(
            ReplicationGroupId=f"cache-{name}",
            ReplicationGroupDescription=name,
            NumCacheClusters=2,
            AutomaticFailoverEnabled=good,
            MultiAZEnabled=good,
            AutoMinorVersionUpgrade=good,
            Engine="redis",
        )
        caches.create_cache_cluster(
            CacheClusterId=f"single-{name}",
            Engine="redis",
            CacheNodeType="cache.t3.small",
            NumCacheNodes=1,
            AutoMinorVersionUpgrade=good,
        )


def groups(client: Client, network: Network) -> None:
    scaling, ec2 = client("autoscaling", REGION), client("ec2", REGION)
    data = {"ImageId": network.image, "InstanceType": "t3.micro"}
    ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)
    ec2.create_launch_template(
        LaunchTemplateName="cheap", LaunchTemplateData={**data, "InstanceMarketOptions": {"MarketType": "spot"}}
    )
    scaling.create_launch_configuration(LaunchConfigurationName="old", **data)
    target = client("elbv2", REGION).create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=network.vpc)
    behind = {"TargetGroupARNs": [target["TargetGroups"][0]["TargetGroupArn"]]}

    def group(name: str, zones: str = "ab", sizes: tuple[int, int] = (1, 3), tag: str = "", **more: Any) -> None:
        policy = more.pop("policy", True)
        scaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            MinSize=sizes[0],
            MaxSize=sizes[1],
            VPCZoneIdentifier=",".join(network.of(zones)),
            Tags=[{"Key": tag, "Value": "true", "PropagateAtLaunch": False}] if tag else [],
            **more,
        )
        if policy:
            scaling.put_scaling_policy(
                AutoScalingGroupName=name,
                PolicyName=f"{name}-cpu",
                PolicyType="TargetTrackingScaling",
                TargetTrackingConfiguration={
                    "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
                    "TargetValue": 50,
                },
            )

    group("group-good", tag="spot", CapacityRebalance=True, HealthCheckType="ELB", **behind, **_mix(50))
    group("group-in-one-zone", zones="a", **_mix(100))
    group("group-without-policy", policy=False, **_mix(100))
    group("group-fixed", sizes=(2, 2), **_mix(100))
    group("group-machine-check", HealthCheckType="EC2", **behind, **_mix(100))
    group("group-old", LaunchConfigurationName="old")
    group("group-of-one-type", LaunchTemplate={"LaunchTemplateName": "web", "Version": "$Latest"})
    group("group-full-price", tag="spot", **_mix(100))
    group("group-not-rebalanced", tag="spot", LaunchTemplate={"LaunchTemplateName": "cheap", "Version": "$Latest"})
    profile = client("iam").create_instance_profile(InstanceProfileName="batch")["InstanceProfile"]["Arn"]
    for kind in ("EC2", "SPOT"):
        client("batch", REGION).create_compute_environment(
            computeEnvironmentName=f"batch-{kind.lower()}",
            type="MANAGED",
            state="ENABLED",
            serviceRole=network.role,
            computeResources={
                "type": kind, "minvCpus": 0, "maxvCpus": 16, "desiredvCpus": 0, "subnets": network.of("a"),
                "securityGroupIds": [network.group], "instanceTypes": ["m5.large"], "instanceRole": profile,
                "spotIamFleetRole": network.role,
            },
        )  # fmt: skip


def _mix(on_demand: int) -> dict[str, Any]:
    template = {"LaunchTemplateName": "web", "Version": "$Latest"}
    overrides = [{"InstanceType": "t3.micro"}, {"InstanceType": "t3.small"}]
    return {
        "MixedInstancesPolicy": {
            "LaunchTemplate": {"LaunchTemplateSpecification": template, "Overrides": overrides},
            "InstancesDistribution": {"OnDemandPercentageAboveBaseCapacity": on_demand},
        }
    }


def balancers(client: Client, network: Network) -> None:
    for name, zones in (("entry-good", "ab"), ("entry-bad", "a")):
        made = client("elbv2", REGION).create_load_balancer(Name=name, Subnets=network.of(zones), Type="network")
        path = made["LoadBalancers"][0]["LoadBalancerArn"].partition(":loadbalancer/")[2]
        if name == "entry-good":
            _alarm(client, "entry", Namespace="AWS/NetworkELB", Dimensions=[{"Name": "LoadBalancer", "Value": path}])
        client("elb", REGION).create_load_balancer(
            LoadBalancerName=f"classic-{name}",
            Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}],
            AvailabilityZones=[f"{REGION}{zone}" for zone in zones],
        )


def functions(client: Client, network: Network) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as file:
        file.writestr("app.py", "")
    for name, zones, runtime, tracing in (
        ("function-good", "ab", "python3.14", "Active"),
        ("function-in-one-zone", "a", "python3.14", "Active"),
        ("function-old", "", "python3.8", "Active"),
        ("function-untraced", "", "python3.14", "PassThrough"),
    ):
        inside = {"VpcConfig": {"SubnetIds": network.of(zones), "SecurityGroupIds": [network.group]}} if zones else {}
        client("lambda", REGION).create_function(
            FunctionName=name,
            Runtime=runtime,
            Role=network.role,
            Handler="app.main",
            Code={"ZipFile": code.getvalue()},
            TracingConfig={"Mode": tracing},
            **inside,
        )
    _alarm(client, "function", Namespace="AWS/Lambda", Dimensions=[{"Name": "FunctionName", "Value": "function-good"}])
    _alarm(
        client,
        "database",
        Namespace="AWS/RDS",
        Dimensions=[{"Name": "DBInstanceIdentifier", "Value": "database-good"}],
    )


def clusters(client: Client, network: Network) -> None:
    eks = client("eks", REGION)

    def cluster(name: str, version: str) -> None:
        eks.create_cluster(
            name=name, version=version, roleArn=network.role, resourcesVpcConfig={"subnetIds": network.of("ab")}
        )

    def nodes(cluster: str, name: str, zones: str = "ab", capacity: str = "ON_DEMAND", most: int = 3) -> None:
        eks.create_nodegroup(
            clusterName=cluster,
            nodegroupName=name,
            nodeRole=network.role,
            subnets=network.of(zones),
            capacityType=capacity,
            scalingConfig={"minSize": 1, "maxSize": most, "desiredSize": 1},
        )

    cluster("kubernetes", "1.40")
    cluster("kubernetes-old", "1.27")
    nodes("kubernetes", "good", capacity="SPOT")
    nodes("kubernetes", "in-one-zone", zones="a")
    nodes("kubernetes", "fixed", most=1)
    nodes("kubernetes-old", "good")


def services(client: Client, network: Network) -> None:
    ecs = client("ecs", REGION)
    ecs.create_cluster(clusterName="prod")
    collector = {"name": "otel", "image": "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.1"}
    for family, more in (("traced", [collector]), ("untraced", [])):
        ecs.register_task_definition(
            family=family,
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            requiresCompatibilities=["FARGATE"],
            containerDefinitions=[{"name": "web", "image": "acme/web:1"}, *more],
        )
    spot = {"capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]}
    for name, zones, count, version, capacity in (
        ("service-good", "ab", 2, "LATEST", spot),
        ("service-in-one-zone", "a", 2, "1.4.0", spot),
        ("service-alone", "ab", 1, "LATEST", spot),
        ("service-old", "ab", 2, "1.3.0", spot),
        ("service-full-price", "ab", 2, "LATEST", {"launchType": "FARGATE"}),
    ):
        ecs.create_service(
            cluster="prod",
            serviceName=name,
            taskDefinition="traced",
            desiredCount=count,
            platformVersion=version,
            networkConfiguration={
                "awsvpcConfiguration": {"subnets": network.of(zones), "securityGroups": [network.group]}
            },
            **capacity,
        )
    _scale(client, "ecs", "service/prod/service-good", "ecs:service:DesiredCount")
    where = [{"Name": "ClusterName", "Value": "prod"}, {"Name": "ServiceName", "Value": "service-good"}]
    _alarm(client, "service", Namespace="AWS/ECS", Dimensions=where)


def _alarm(client: Client, name: str, **more: Any) -> None:
    client("cloudwatch", REGION).put_metric_alarm(
        AlarmName=name,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        **{
            "MetricName": "Errors",
            "Namespace": "App",
            "Statistic": "Sum",
            "Period": 60,
            "AlarmActions": [f"arn:aws:sns:{REGION}:123456789012:alerts"],
            **more,
        },
    )


def alarms(client: Client, network: Network) -> None:
    _alarm(client, "alarm-silent", AlarmActions=[])
    _alarm(client, "alarm-off", ActionsEnabled=False)
    logs = client("logs", REGION)
    logs.create_log_group(logGroupName="trail")
    logs.put_metric_filter(
        logGroupName="trail",
        filterName="root",
        filterPattern='{ $.userIdentity.type = "Root" && $.eventType != "AwsServiceEvent" }',
        metricTransformations=[{"metricName": "RootUse", "metricNamespace": "trail", "metricValue": "1"}],
    )
    _alarm(client, "root", Namespace="trail", MetricName="RootUse")
    client("amp", REGION).create_workspace(alias="metrics")


def apis(client: Client, network: Network) -> None:
    gateway = client("apigateway", REGION)
    for good in (True, False):
        name = "good" if good else "bad"
        api = gateway.create_rest_api(name=f"api-{name}")["id"]
        root = gateway.get_resources(restApiId=api)["items"][0]["id"]
        gateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
        gateway.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
        deployment = gateway.create_deployment(restApiId=api)["id"]
        gateway.create_stage(restApiId=api, stageName="live", deploymentId=deployment, tracingEnabled=good)
        client("stepfunctions", REGION).create_state_machine(
            name=f"flow-{name}",
            definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}),
            roleArn=network.role,
            tracingConfiguration={"enabled": good},
        )
