"""Amazon MQ."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::AmazonMQ::Broker",
        call="mq:list_brokers",
        items="BrokerSummaries[]",
        id="BrokerId",
        arn="BrokerArn",
        name="BrokerName",
        details=(Detail("describe_broker", {"BrokerId": "BrokerId"}, take="@"),),
        keep=words(
            "BrokerId BrokerArn BrokerName BrokerState DeploymentMode EngineType EngineVersion HostInstanceType "
            "AutoMinorVersionUpgrade PubliclyAccessible EncryptionOptions Logs SubnetIds SecurityGroups "
            "AuthenticationStrategy StorageType DataReplicationMode"
        ),
        rename={"BrokerId": "Id", "BrokerArn": "Arn"},
    ),
)
