"""Names that collected records have and CloudFormation does not: facts that a template cannot say, with the reason."""

from __future__ import annotations

STATES = frozenset(
    """
    Status State StateReasonCode StateValue StateTransitionReason BrokerState CacheClusterStatus ClusterStatus
    ConfigRuleState DBInstanceStatus DataProtectionStatus DeliverLogsErrorMessage DeliverLogsStatus
    DeliveryStreamStatus DeploymentStatus DomainNameStatus EncryptionStatus FlowLogStatus Health KeyState LastStatus
    LatestDeliveryError LifeCycleState Lifecycle Processing Recording ReplicationInstanceStatus StackStatus
    StreamStatus SuspendedProcesses TableStatus TunnelStatus AlertManagerStatus ComplianceStatus ResiliencyScore
    Deleted
    """.split()
)
"""What the service says of the state in which a resource is."""

TIMES = frozenset(
    """
    ClusterCreateTime CreateDate CreateTime Created CreatedAt CreatedDate CreatedTime CreationDate CreationDateTime
    CreationTime DeletedDate DeletionDate Expiration InstanceCreateTime IssuedAt LastAccessedDate
    LastAppComplianceEvaluationTime LastChangedDate LastExecutionDate LastExecutionTime LastModified LastModifiedDate
    LastRotatedDate LastSuccessfulExecutionTime LastUpdateTime LastUpdatedDate LastUpdatedTime LastUsedDate
    LaunchTime LockDate NextExecutionTime NextRotationDate NotAfter NotBefore PasswordLastUsed
    RegisteredAt RoleLastUsed StateUpdatedTimestamp Updated UploadDate
    """.split()
)
"""When something happened to a resource."""

AMOUNTS = frozenset(
    """
    ActiveServicesCount AvailableIpAddressCount CalculatedSpend EstimatedNumberOfUsers ItemCount
    NumberOfRecoveryPoints RegisteredContainerInstancesCount ResourceRecordSetCount RunningCount RunningTasksCount
    StoredBytes TableSizeBytes
    """.split()
)
"""How much a resource holds, runs or has cost."""

OTHERS: dict[str, dict[str, str]] = {
    "AWS::APS::Workspace": {"RuleGroupsNamespaces": "resources of their own in CloudFormation"},
    "AWS::ApiGateway::RestApi": dict.fromkeys(
        ("Resources", "Authorizers", "RequestValidators"), "resources of their own in CloudFormation"
    ),
    "AWS::ApiGateway::Stage": {"WebAclArn": "an association in CloudFormation"},
    "AWS::AppSync::GraphQLApi": {"WafWebAclArn": "an association in CloudFormation"},
    "AWS::AutoScaling::AutoScalingGroup": dict.fromkeys(("InstanceIds", "InstanceZones"), "what runs now"),
    "AWS::AutoScaling::ScalingPolicy": {"Enabled": "is switched by a call alone"},
    "AWS::Backup::BackupVault": {"Locked": "whether the lock is in force"},
    "AWS::Batch::JobDefinition": {"Revision": "counted by the service"},
    "AWS::Budgets::Budget": {"Notifications": "without their subscribers, which CloudFormation has with them"},
    "AWS::CertificateManager::Certificate": {
        "Type": "imported or issued",
        "InUseBy": "what uses it now",
        "RenewalEligibility": "decided by the service",
        "RenewalSummary": "of the last renewal",
    },
    "AWS::CloudFormation::Stack": dict.fromkeys(
        "StackName EnableTerminationProtection Outputs RoleARN DriftInformation Capabilities ParentId RootId".split(),
        "of the stack itself; CloudFormation has properties for stacks in stacks alone",
    ),
    "AWS::CloudTrail::Trail": {
        "HomeRegion": "where it was made",
        "HasInsightSelectors": "the short form of InsightSelectors",
    },
    "AWS::Cognito::UserPool": {
        "SoftwareTokenMfaEnabled": "one of EnabledMfas",
        "WebACLArn": "an association in CloudFormation",
    },
    "AWS::Config::ConfigRule": {"CreatedBy": "which service made it"},
    "AWS::DocDB::DBCluster": {"MultiAZ": "whether it is so now", "Members": "its instances now"},
    "AWS::DocDB::DBInstance": {
        "PubliclyAccessible": "decided by the service",
        "StorageEncrypted": "the cluster's",
    },
    "AWS::DynamoDB::Table": {"Replicas": "in CloudFormation a property of AWS::DynamoDB::GlobalTable"},
    "AWS::EC2::EIP": dict.fromkeys(("AssociationId", "NetworkInterfaceId"), "an association in CloudFormation"),
    "AWS::EC2::Instance": {
        "InstanceLifecycle": "spot or not, which templates say in the launch template",
        "PlatformDetails": "what the image is",
    },
    "AWS::EC2::InternetGateway": {"VpcIds": "an attachment in CloudFormation"},
    "AWS::EC2::LaunchTemplate": {"DefaultVersion": "what starts where nobody names a version"},
    "AWS::EC2::NatGateway": {"PublicIp": "given by the service"},
    "AWS::EC2::NetworkAcl": {
        "IsDefault": "made by the service",
        "Entries": "resources of their own in CloudFormation",
        "SubnetIds": "associations in CloudFormation",
    },
    "AWS::EC2::NetworkInterface": {
        "AvailabilityZone": "that of the subnet",
        "PublicIp": "given by the service",
        "InstanceId": "an attachment in CloudFormation",
        "RequesterManaged": "whether a service made it",
    },
    "AWS::EC2::RouteTable": {
        "Routes": "resources of their own in CloudFormation",
        "Associations": "resources of their own in CloudFormation",
    },
    "AWS::EC2::Subnet": {"DefaultForAz": "made by the service"},
    "AWS::EC2::TransitGateway": {"OwnerId": "the account, where it is shared"},
    "AWS::EC2::VPC": {"IsDefault": "made by the service"},
    "AWS::EC2::Volume": {"Attachments": "resources of their own in CloudFormation"},
    "AWS::ECR::Repository": {
        "Images": "what was pushed, with the findings in it",
        "LatestFindings": "how many findings of each severity are in what was pushed last",
    },
    "AWS::ECS::Service": {"PlatformFamily": "where it runs now"},
    "AWS::ECS::TaskDefinition": {"Revision": "counted by the service"},
    "AWS::EFS::FileSystem": {
        "ReplicationProtection": "inside of FileSystemProtection in CloudFormation",
        "MountTargets": "resources of their own in CloudFormation",
        "ReplicationDestinations": "where it is replicated to now",
    },
    "AWS::EKS::Cluster": {"PlatformVersion": "given by the service"},
    "AWS::EKS::Nodegroup": {"AutoScalingGroups": "made by the service"},
    "AWS::ElastiCache::CacheCluster": {
        "AtRestEncryptionEnabled": "the replication group's",
        "AuthTokenEnabled": "whether there is a token, which is not shown",
        "ReplicationGroupId": "the group that it is a member of",
    },
    "AWS::ElastiCache::ReplicationGroup": {
        "MemberClusters": "made by the service",
        "AuthTokenEnabled": "whether there is a token, which is not shown",
        "ClusterEnabled": "whether it has shards",
    },
    "AWS::ElasticLoadBalancing::LoadBalancer": {"VPCId": "that of the subnets"},
    "AWS::ElasticLoadBalancingV2::LoadBalancer": {
        "VpcId": "that of the subnets",
        "AvailabilityZones": "those of the subnets",
        "WebACLArn": "an association in CloudFormation",
    },
    "AWS::Events::Rule": {"ManagedBy": "which service made it"},
    "AWS::FIS::ExperimentTemplate": {"Arn": "CloudFormation knows it by its id"},
    "AWS::FSx::FileSystem": {"VpcId": "that of the subnets"},
    "AWS::IAM::User": {
        "UserId": "given by the service",
        "MFADevices": "resources of their own in CloudFormation",
        "AccessKeys": "resources of their own in CloudFormation",
    },
    "AWS::KMS::Key": {
        "Aliases": "resources of their own in CloudFormation",
        "KeyManager": "whether it is AWS's key or the customer's",
        "MultiRegionConfiguration": "resources of their own in CloudFormation",
    },
    "AWS::KinesisFirehose::DeliveryStream": dict.fromkeys(
        ("Buckets", "HttpEndpoints"), "where it delivers to, of all kinds of destination"
    ),
    "AWS::Lambda::Function": {
        "SigningJobArn": "who signed the code",
        "Policy": "resources of their own in CloudFormation: permissions",
    },
    "AWS::MSK::Cluster": {"ClusterType": "two types in CloudFormation"},
    "AWS::MemoryDB::Cluster": {"AvailabilityMode": "whether it is in several zones now"},
    "AWS::Neptune::DBCluster": {"MultiAZ": "whether it is so now", "Members": "its instances now"},
    "AWS::Neptune::DBInstance": {"StorageEncrypted": "the cluster's"},
    "AWS::RDS::ClusterSnapshot": {"Attributes": "with whom it is shared"},
    "AWS::RDS::DBCluster": {"MultiAZ": "whether it is so now", "Members": "its instances now"},
    "AWS::RDS::DBClusterParameterGroup": {"UserParameters": "Parameters, as a list of names and values"},
    "AWS::RDS::DBInstance": {
        "SubnetZones": "those of the subnet group",
        "VpcId": "that of the subnet group",
        "DBInstanceAutomatedBackupsReplications": "where its backups are replicated to now",
    },
    "AWS::RDS::DBParameterGroup": {"UserParameters": "Parameters, as a list of names and values"},
    "AWS::RDS::DBSnapshot": {"Attributes": "with whom it is shared"},
    "AWS::RDS::DBSubnetGroup": {"VpcId": "that of the subnets", "AvailabilityZones": "those of the subnets"},
    "AWS::RDS::GlobalCluster": {"MemberClusterArns": "its clusters now"},
    "AWS::Redshift::Cluster": {
        "LoggingEnabled": "LoggingProperties, as whether they are set",
        "VpcId": "that of the subnet group",
    },
    "AWS::ResilienceHub::App": {"Assessments": "what was assessed"},
    "AWS::Route53::HostedZone": {"PrivateZone": "whether VPCs are set"},
    "AWS::S3::Bucket": {
        "BucketPolicy": "a resource of its own in CloudFormation",
        "Grants": "AccessControl, as the grants that it stands for",
    },
    "AWS::SNS::Topic": {"Policy": "a resource of its own in CloudFormation"},
    "AWS::SQS::Queue": {"Policy": "a resource of its own in CloudFormation"},
    "AWS::SSM::MaintenanceWindow": {"Enabled": "is switched by a call alone"},
    "AWS::SSM::Parameter": {"KeyId": "of a SecureString, which templates cannot make", "Version": "counted"},
    "AWS::SecretsManager::Secret": {
        "OwningService": "which service made it",
        "RotationEnabled": "in CloudFormation a resource of its own",
        "RotationLambdaARN": "in CloudFormation a resource of its own",
        "RotationRules": "in CloudFormation a resource of its own",
        "PrimaryRegion": "where a replica comes from",
        "ResourcePolicy": "in CloudFormation a resource of its own",
    },
    "AWS::SecurityHub::Hub": {"EnabledStandards": "in CloudFormation resources of their own"},
    "AWS::WAFv2::WebACL": {
        "ManagedByFirewallManager": "which service made it",
        "LoggingConfiguration": "in CloudFormation a resource of its own",
    },
}
"""Of one type each."""

NO_TYPES = {
    "AWS::EC2::Snapshot": "templates make volumes, and no snapshots; the name is that of the API's type",
    "AWS::EC2::Image": "the same",
}
"""Types that CloudFormation does not have."""

OTHER_FORMS = {
    "AWS::EC2::SecurityGroup": {
        "SecurityGroupIngress": "one entry for each range in CloudFormation; here all ranges of a port in one",
        "SecurityGroupEgress": "the same",
    },
    "AWS::AutoScaling::AutoScalingGroup": {"VPCZoneIdentifier": "one text with commas; a list in CloudFormation"},
    "AWS::CloudFormation::Stack": {"Parameters": "a list of names and values; a map in CloudFormation"},
    "AWS::ElasticLoadBalancingV2::ListenerRule": {"Priority": "a text, since that of the last rule is `default`"},
}
"""Properties whose content has another form than in CloudFormation."""
