"""Amazon Kinesis, Data Firehose and MSK."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::Kinesis::Stream",
        call="kinesis:list_streams",
        items="StreamNames[].{StreamName: @}",
        id="StreamName",
        arn="StreamARN",
        details=(
            Detail(
                "describe_stream_summary",
                {"StreamName": "StreamName"},
                take="""StreamDescriptionSummary.{StreamARN: StreamARN, StreamStatus: StreamStatus,
                    StreamModeDetails: StreamModeDetails, RetentionPeriodHours: RetentionPeriodHours,
                    OpenShardCount: OpenShardCount,
                    StreamEncryption: {EncryptionType: EncryptionType, KeyId: KeyId}}""",
            ),
        ),
        keep=words(
            "StreamName StreamARN StreamStatus StreamModeDetails RetentionPeriodHours OpenShardCount StreamEncryption"
        ),
        rename={"StreamName": "Name", "StreamARN": "Arn", "OpenShardCount": "ShardCount"},
    ),
    ResourceType(
        type="AWS::KinesisFirehose::DeliveryStream",
        call="firehose:list_delivery_streams",
        items="DeliveryStreamNames[].{DeliveryStreamName: @}",
        id="DeliveryStreamName",
        arn="DeliveryStreamARN",
        details=(
            Detail(
                "describe_delivery_stream",
                {"DeliveryStreamName": "DeliveryStreamName"},
                take="""DeliveryStreamDescription.{DeliveryStreamARN: DeliveryStreamARN,
                    DeliveryStreamStatus: DeliveryStreamStatus, DeliveryStreamType: DeliveryStreamType,
                    EncryptionStatus: DeliveryStreamEncryptionConfiguration.Status,
                    Buckets: Destinations[].ExtendedS3DestinationDescription.BucketARN,
                    HttpEndpoints: Destinations[].HttpEndpointDestinationDescription.EndpointConfiguration.Url}""",
            ),
        ),
        keep=words(
            "DeliveryStreamName DeliveryStreamARN DeliveryStreamStatus DeliveryStreamType EncryptionStatus Buckets "
            "HttpEndpoints"
        ),
        rename={"DeliveryStreamARN": "Arn"},
    ),
    ResourceType(
        type="AWS::MSK::Cluster",
        call="kafka:list_clusters_v2",
        items="""ClusterInfoList[].{ClusterName: ClusterName, ClusterArn: ClusterArn, ClusterType: ClusterType,
            State: State, Tags: Tags, NumberOfBrokerNodes: Provisioned.NumberOfBrokerNodes,
            BrokerNodeGroupInfo: Provisioned.BrokerNodeGroupInfo,
            ClientAuthentication: Provisioned.ClientAuthentication,
            EncryptionInfo: Provisioned.EncryptionInfo, EnhancedMonitoring: Provisioned.EnhancedMonitoring,
            LoggingInfo: Provisioned.LoggingInfo, KafkaVersion: Provisioned.CurrentBrokerSoftwareInfo.KafkaVersion}""",
        id="ClusterName",
        arn="ClusterArn",
        keep=words(
            "ClusterName ClusterArn ClusterType State NumberOfBrokerNodes BrokerNodeGroupInfo ClientAuthentication "
            "EncryptionInfo EnhancedMonitoring LoggingInfo KafkaVersion"
        ),
        rename={"ClusterArn": "Arn", "BrokerNodeGroupInfo.StorageInfo.EbsStorageInfo": "EBSStorageInfo"},
    ),
)
