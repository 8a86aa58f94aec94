"""Amazon ElastiCache and MemoryDB."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

_TAGS = Detail("list_tags_for_resource", {"ResourceName": "ARN"}, take="TagList", into="Tags")

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::ElastiCache::ReplicationGroup",
        call="elasticache:describe_replication_groups",
        items="""ReplicationGroups[].merge(@, {Zones: NodeGroups[].NodeGroupMembers[].PreferredAvailabilityZone,
            NumNodeGroups: length(NodeGroups || `[]`),
            NumCacheClusters: length(MemberClusters || `[]`), AutomaticFailoverEnabled: AutomaticFailover == 'enabled',
            MultiAZEnabled: MultiAZ == 'enabled', GlobalId: GlobalReplicationGroupInfo.GlobalReplicationGroupId})""",
        id="ReplicationGroupId",
        arn="ARN",
        details=(_TAGS,),
        keep=words(
            "ReplicationGroupId Description Status AutomaticFailoverEnabled MultiAZEnabled MemberClusters Zones "
            "NumNodeGroups NumCacheClusters SnapshotRetentionLimit SnapshotWindow TransitEncryptionEnabled "
            "TransitEncryptionMode AtRestEncryptionEnabled AuthTokenEnabled KmsKeyId CacheNodeType UserGroupIds "
            "AutoMinorVersionUpgrade ClusterEnabled LogDeliveryConfigurations GlobalId Engine"
        ),
        rename={
            "Description": "ReplicationGroupDescription",
            "GlobalId": "GlobalReplicationGroupId",
            "Zones": "PreferredCacheClusterAZs",
        },
    ),
    ResourceType(
        type="AWS::ElastiCache::CacheCluster",
        call="elasticache:describe_cache_clusters",
        items="""CacheClusters[].merge(@, {VpcSecurityGroupIds: SecurityGroups[].SecurityGroupId,
            CacheParameterGroupName: CacheParameterGroup.CacheParameterGroupName})""",
        id="CacheClusterId",
        arn="ARN",
        details=(_TAGS,),
        keep=words(
            "CacheClusterId CacheClusterStatus Engine EngineVersion CacheNodeType NumCacheNodes "
            "PreferredAvailabilityZone AutoMinorVersionUpgrade SnapshotRetentionLimit CacheSubnetGroupName "
            "VpcSecurityGroupIds CacheParameterGroupName TransitEncryptionEnabled AtRestEncryptionEnabled "
            "AuthTokenEnabled ReplicationGroupId"
        ),
        rename={"CacheClusterId": "ClusterName"},
    ),
    ResourceType(
        type="AWS::MemoryDB::Cluster",
        call="memorydb:describe_clusters",
        items="Clusters[].merge(@, {SecurityGroupIds: SecurityGroups[].SecurityGroupId})",
        id="Name",
        arn="ARN",
        keep=words(
            "Name Status NodeType Engine EngineVersion NumberOfShards AvailabilityMode TLSEnabled KmsKeyId ACLName "
            "SnapshotRetentionLimit AutoMinorVersionUpgrade SubnetGroupName SecurityGroupIds"
        ),
        rename={"Name": "ClusterName", "NumberOfShards": "NumShards"},
    ),
)
