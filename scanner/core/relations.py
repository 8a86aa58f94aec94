"""What other resources of a scan say of an AWS resource: the attributes under `resource.related`, by type.

Each line is a name, a type and a meaning, as in `scanner.core.views`. `scanner.normalize.aws.relations` has the
function behind each; a test holds the two together.
"""

from __future__ import annotations

from scanner.core.views import Attribute


def _relations(table: str) -> dict[str, Attribute]:
    found = {}
    for line in table.strip().splitlines():
        name, kind, meaning = line.split(None, 2)
        found[name] = Attribute(name, kind, meaning, relation=True)
    return found


RELATIONS: dict[str, dict[str, Attribute]] = {
    "AWS::ApiGateway::Stage": _relations(
        """
        endpoint_types list(string) what its API answers to: EDGE, REGIONAL, PRIVATE
        """
    ),
    "AWS::AutoScaling::AutoScalingGroup": _relations(
        """
        policy_types list(string) the types of its scaling policies that are switched on
        template_buys_spot bool its launch template or launch configuration asks for spot instances
        """
    ),
    "AWS::CE::AnomalyMonitor": _relations(
        """
        recipients list(string) the kinds of those who hear of its anomalies
        """
    ),
    "AWS::CloudFront::Distribution": _relations(
        """
        log_deliveries list(string) the sources of deliveries of its logs
        """
    ),
    "AWS::CloudTrail::Trail": _relations(
        """
        logs_management_events bool it records all management events
        multi_region_trails list(string) the trails of all regions that record its region, an organization's among them
        other_management_trails list(string) the other trails that record the management events of its region
        """
    ),
    "AWS::CloudWatch::Alarm": _relations(
        """
        composite_alarms list(string) the composite alarms that look at it
        followers list(string) the ECS services whose deployments and the health checks of DNS that look at it
        """
    ),
    "AWS::CloudWatch::CompositeAlarm": _relations(
        """
        composite_alarms list(string) the composite alarms that look at it
        followers list(string) the ECS services whose deployments and the health checks of DNS that look at it
        """
    ),
    "AWS::DynamoDB::Table": _relations(
        """
        scaled_dimensions list(string) what Application Auto Scaling may change of it
        in_backup_plan bool a plan of AWS Backup holds it; where plans cannot be read, AWS Backup has a backup of it
        """
    ),
    "AWS::EC2::EIP": _relations(
        """
        nat_gateways list(string) the NAT gateways that use it
        """
    ),
    "AWS::EC2::NatGateway": _relations(
        """
        route_tables list(string) the route tables that lead to it
        """
    ),
    "AWS::EC2::SecurityGroup": _relations(
        """
        open_prefix_lists list(string) the ids of the prefix lists in its rules that hold the whole Internet
        """
    ),
    "AWS::EC2::Subnet": _relations(
        """
        nat_zone string the availability zone of the NAT gateway that its route to the Internet leads to
        """
    ),
    "AWS::EC2::VPC": _relations(
        """
        interface_count int how many network interfaces are in it
        flow_logs list(string) the ids of the flow logs that record its traffic
        zones_without_nat list(string) zones with subnets that use a NAT gateway, but with none of their own
        """
    ),
    "AWS::EC2::VPCEndpoint": _relations(
        """
        zones list(string) the availability zones of its subnets
        """
    ),
    "AWS::ECS::Service": _relations(
        """
        alarms list(string) the alarms that watch it
        capacity_providers list(string) its capacity providers, or its cluster's where it names none and no launch type
        scaled_dimensions list(string) what Application Auto Scaling may change of it
        scaling_policies list(string) what scaling policies of it change
        zones list(string) the availability zones of its subnets
        """
    ),
    "AWS::EKS::Cluster": _relations(
        """
        addons list(string) the names of its add-ons
        capacity_types list(string) ON_DEMAND, SPOT, ...: what its node groups are made of
        """
    ),
    "AWS::EKS::Nodegroup": _relations(
        """
        cluster_sizes_itself bool its cluster is in Auto Mode, or is tagged for Karpenter
        sibling_zones list(string) zones of groups of its like in the same cluster, each in one zone only
        zones list(string) the availability zones of its subnets
        """
    ),
    "AWS::ElasticLoadBalancingV2::Listener": _relations(
        """
        rule_actions list(string) what its rules do with requests: forward, redirect, redirect to HTTP, fixed-response
        scheme string how its load balancer is reached: internet-facing or internal
        """
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _relations(
        """
        listener_protocols list(string) what its listeners speak: HTTP, HTTPS, TCP, TLS, ...
        own_answers list(string) how its listeners answer without a target: redirect, fixed-response
        target_count int how many targets its target groups have
        alarms list(string) the alarms that watch it
        """
    ),
    "AWS::IAM::User": _relations(
        """
        active_keys_used list(string) for each active access key: when it was last used, else when it was made
        """
    ),
    "AWS::Lambda::Function": _relations(
        """
        alarms list(string) the alarms that watch it
        zones list(string) the availability zones of its subnets
        """
    ),
    "AWS::Logs::LogGroup": _relations(
        """
        forwarded bool something of it was forwarded elsewhere in the last two weeks
        """
    ),
    "AWS::Logs::MetricFilter": _relations(
        """
        alarms list(string) the alarms that watch its metrics
        """
    ),
    "AWS::RDS::DBCluster": _relations(
        """
        parameters map(string) what its cluster parameter group sets, by name
        scaling_policies list(string) what scaling policies of it change
        global_regions list(string) the regions of the global cluster that it belongs to
        """
    ),
    "AWS::RDS::DBInstance": _relations(
        """
        parameters map(string) what its parameter group sets, by name
        alarms list(string) the alarms that watch it
        in_backup_plan bool a plan of AWS Backup holds it; where plans cannot be read, AWS Backup has a backup of it
        """
    ),
    "AWS::Backup::BackupPlan": _relations(
        """
        selections list(string) the names of what it is told to back up
        """
    ),
    "AWS::EFS::FileSystem": _relations(
        """
        in_backup_plan bool a plan of AWS Backup holds it; where plans cannot be read, AWS Backup has a backup of it
        """
    ),
    "AWS::EC2::Volume": _relations(
        """
        in_backup_plan bool a plan of AWS Backup holds it or its instance, or has a backup of it
        disposable bool it ends with an instance that an Auto Scaling group replaces
        """
    ),
    "AWS::S3::Bucket": _relations(
        """
        account_ignores_lists bool the account's block ignores access control lists that are public
        account_restricts_policies bool the account's block closes buckets with a public policy to others
        replica_regions list(string) the regions of the buckets that it is copied to
        """
    ),
    "Account::Backup::BackupJob": _relations(
        """
        later_success bool the same resource was backed up after it
        """
    ),
    "AWS::ECR::ReplicationConfiguration": _relations(
        """
        repositories list(string) the repositories of the region
        replicated_from list(string) the regions whose images are copied into this one
        """
    ),
    "AWS::KMS::Key": _relations(
        """
        replicated_data list(string) what is encrypted with it and copied to another region
        """
    ),
    "AWS::Route53::RecordSet": _relations(
        """
        in_public_zone bool its zone is public
        """
    ),
    "AWS::Route53::HostedZone": _relations(
        """
        address_records int how many records lead to a service, but for aliases of CloudFront
        checked_records int how many of them look at the health of what they lead to
        """
    ),
    "AWS::Backup::RestoreTestingPlan": _relations(
        """
        selections list(string) the names of what it is told to restore
        """
    ),
    "Account::Backup::RestoreJob": _relations(
        """
        later_success bool something of the same type was restored after it, and not found wrong
        """
    ),
    "AWS::FIS::ExperimentTemplate": _relations(
        """
        last_completed string when the last experiment was begun that came to its end
        """
    ),
    "Account::ServiceQuotas::Quota": _relations(
        """
        used int how much of it is used, where the resources are counted
        """
    ),
    "AWS::ECR::Repository": _relations(
        """
        scanned_by_registry bool a rule of the registry scans its images when they are pushed, or always
        """
    ),
    "Account::Inspector2::Status": _relations(
        """
        scannable list(string) EC2, ECR, LAMBDA: what there is to look at in the region
        """
    ),
    "AWS::Macie::Session": _relations(
        """
        buckets int how many buckets there are in the region
        """
    ),
}

OF_PLACES: dict[str, dict[str, Attribute]] = {
    "AWS::Backup::BackupPlan": _relations(
        """
        data_stores list(string) what holds data there, such as `2 RDS instances`, without copies and members
        """
    ),
    "AWS::Backup::BackupVault": _relations(
        """
        data_stores list(string) what holds data there, such as `2 RDS instances`, without copies and members
        """
    ),
    "AWS::Backup::RestoreTestingPlan": _relations(
        """
        protected_types list(string) the types of resources that AWS Backup has a backup of
        """
    ),
    "AWS::CloudTrail::Trail": _relations(
        """
        foreign_trails list(string) the organization's trails that record the account
        """
    ),
    "Account::Backup::RestoreJob": _relations(
        """
        protected_types list(string) the types of resources that AWS Backup has a backup of
        """
    ),
    "AWS::FIS::ExperimentTemplate": _relations(
        """
        workloads list(string) what runs there, such as `2 ECS services`
        """
    ),
}
"""What a rule with `each` reads under `resource.related`, of the region or the account as a whole."""
