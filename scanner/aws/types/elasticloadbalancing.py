"""Elastic Load Balancing: application, network and gateway load balancers, and classic ones."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

_TAGS = Detail(
    "describe_tags",
    {"ResourceArns": "LoadBalancerArn"},
    take="TagDescriptions",
    key="ResourceArn",
    value="Tags",
    into="Tags",
    batch=20,
)

_OF_ACTIONS = (
    "AuthenticateOidcConfig.ClientSecret",
    "AuthenticateOidcConfig.AuthenticationRequestExtraParams.*",
    "AuthenticateCognitoConfig.AuthenticationRequestExtraParams.*",
)

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::ElasticLoadBalancingV2::LoadBalancer",
        call="elbv2:describe_load_balancers",
        items="""LoadBalancers[].merge(@, {Zones: AvailabilityZones[].ZoneName, Subnets: AvailabilityZones[].SubnetId,
            State: State.Code})""",
        id="LoadBalancerArn",
        arn="LoadBalancerArn",
        name="LoadBalancerName",
        details=(
            Detail(
                "describe_load_balancer_attributes",
                {"LoadBalancerArn": "LoadBalancerArn"},
                take="Attributes",
                into="LoadBalancerAttributes",
            ),
            _TAGS,
            Detail(
                "wafv2:get_web_acl_for_resource",
                {"ResourceArn": "LoadBalancerArn"},
                take="WebACL.ARN",
                into="WebACLArn",
                absent=("WAFNonexistentItemException",),
                when="Type == 'application'",
            ),
        ),
        keep=words(
            "LoadBalancerArn LoadBalancerName DNSName Scheme Type IpAddressType VpcId State CreatedTime Zones Subnets "
            "SecurityGroups LoadBalancerAttributes WebACLArn"
        ),
        rename={"LoadBalancerName": "Name", "Zones": "AvailabilityZones"},
    ),
    ResourceType(
        type="AWS::ElasticLoadBalancingV2::Listener",
        call="elbv2:describe_listeners",
        each="AWS::ElasticLoadBalancingV2::LoadBalancer",
        params={"LoadBalancerArn": "^LoadBalancerArn"},
        items="Listeners[]",
        id="ListenerArn",
        arn="ListenerArn",
        name="join(':', [Protocol || '', to_string(Port)])",
        keep=words("ListenerArn LoadBalancerArn Port Protocol SslPolicy Certificates DefaultActions AlpnPolicy"),
        redact=tuple(f"DefaultActions[].{path}" for path in _OF_ACTIONS),
    ),
    ResourceType(
        type="AWS::ElasticLoadBalancingV2::ListenerRule",
        call="elbv2:describe_rules",
        each="AWS::ElasticLoadBalancingV2::Listener",
        params={"ListenerArn": "^ListenerArn"},
        items="Rules[]",
        id="RuleArn",
        arn="RuleArn",
        name="Priority",
        keep=words("RuleArn Priority Conditions Actions IsDefault"),
        redact=(
            *(f"Actions[].{path}" for path in _OF_ACTIONS),
            # A header that only a distribution in front knows is a password.
            "Conditions[].HttpHeaderConfig.Values[]",
            "Conditions[].HttpHeaderConfig.RegexValues[]",
            "Conditions[].QueryStringConfig.Values[].Value",
        ),
    ),
    ResourceType(
        type="AWS::ElasticLoadBalancingV2::TargetGroup",
        call="elbv2:describe_target_groups",
        items="TargetGroups[]",
        id="TargetGroupArn",
        arn="TargetGroupArn",
        name="TargetGroupName",
        details=(
            Detail(
                "describe_target_group_attributes",
                {"TargetGroupArn": "TargetGroupArn"},
                take="Attributes",
                into="TargetGroupAttributes",
            ),
            Detail(
                "describe_target_health",
                {"TargetGroupArn": "TargetGroupArn"},
                take="TargetHealthDescriptions[].{Id: Target.Id, AvailabilityZone: Target.AvailabilityZone, "
                "Port: Target.Port, State: TargetHealth.State}",
                into="Targets",
            ),
            Detail(
                "describe_tags",
                {"ResourceArns": "TargetGroupArn"},
                take="TagDescriptions",
                key="ResourceArn",
                value="Tags",
                into="Tags",
                batch=20,
            ),
        ),
        keep=words(
            "TargetGroupArn TargetGroupName TargetType Protocol ProtocolVersion Port VpcId LoadBalancerArns "
            "HealthCheckEnabled HealthCheckProtocol HealthCheckPort HealthCheckPath HealthCheckIntervalSeconds "
            "HealthCheckTimeoutSeconds HealthyThresholdCount UnhealthyThresholdCount Matcher TargetGroupAttributes "
            "Targets"
        ),
        rename={"TargetGroupName": "Name"},
    ),
    ResourceType(
        type="AWS::ElasticLoadBalancing::LoadBalancer",
        call="elb:describe_load_balancers",
        items="""LoadBalancerDescriptions[].merge(@, {Instances: Instances[].InstanceId,
            Listeners: ListenerDescriptions[].{Protocol: Listener.Protocol, LoadBalancerPort: Listener.LoadBalancerPort,
                InstanceProtocol: Listener.InstanceProtocol, InstancePort: Listener.InstancePort,
                SSLCertificateId: Listener.SSLCertificateId, PolicyNames: PolicyNames}})""",
        id="LoadBalancerName",
        arn="arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{id}",
        details=(
            Detail(
                "describe_load_balancer_attributes",
                {"LoadBalancerName": "LoadBalancerName"},
                take="""LoadBalancerAttributes.{AccessLoggingPolicy: AccessLog,
                    CrossZone: CrossZoneLoadBalancing.Enabled,
                    ConnectionDrainingPolicy: ConnectionDraining}""",
            ),
            Detail(
                "describe_tags",
                {"LoadBalancerNames": "LoadBalancerName"},
                take="TagDescriptions",
                key="LoadBalancerName",
                value="Tags",
                into="Tags",
                batch=20,
            ),
        ),
        keep=words(
            "LoadBalancerName DNSName Scheme VPCId AvailabilityZones Subnets SecurityGroups Listeners Instances "
            "HealthCheck AccessLoggingPolicy CrossZone ConnectionDrainingPolicy CreatedTime"
        ),
    ),
)
