"""Amazon SQS, SNS and EventBridge."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::SQS::Queue",
        call="sqs:list_queues",
        items="QueueUrls[].{QueueUrl: @}",
        id="QueueUrl",
        arn="QueueArn || ''",
        details=(
            # All attributes are texts.
            Detail(
                "get_queue_attributes",
                {"QueueUrl": "QueueUrl", "AttributeNames": ["All"]},
                take="""Attributes.{QueueArn: QueueArn, Policy: Policy, RedrivePolicy: RedrivePolicy,
                    KmsMasterKeyId: KmsMasterKeyId, SqsManagedSseEnabled: SqsManagedSseEnabled == 'true',
                    FifoQueue: FifoQueue == 'true', VisibilityTimeout: to_number(VisibilityTimeout || 'null'),
                    MessageRetentionPeriod: to_number(MessageRetentionPeriod || 'null')}""",
            ),
            Detail("list_queue_tags", {"QueueUrl": "QueueUrl"}, take="Tags", into="Tags"),
        ),
        keep=words(
            "QueueUrl QueueArn Policy RedrivePolicy KmsMasterKeyId SqsManagedSseEnabled FifoQueue VisibilityTimeout "
            "MessageRetentionPeriod"
        ),
        rename={"QueueArn": "Arn"},
        json=("Policy", "RedrivePolicy"),
    ),
    ResourceType(
        type="AWS::SNS::Topic",
        call="sns:list_topics",
        items="Topics[]",
        id="TopicArn",
        arn="TopicArn",
        details=(
            Detail(
                "get_topic_attributes",
                {"TopicArn": "TopicArn"},
                take="""Attributes.{DisplayName: DisplayName, KmsMasterKeyId: KmsMasterKeyId, Policy: Policy,
                    FifoTopic: FifoTopic == 'true'}""",
            ),
            Detail(
                "list_subscriptions_by_topic",
                {"TopicArn": "TopicArn"},
                take="Subscriptions[].{Protocol: Protocol, SubscriptionArn: SubscriptionArn}",
                into="Subscription",
            ),
            Detail("list_tags_for_resource", {"ResourceArn": "TopicArn"}, take="Tags", into="Tags"),
        ),
        keep=words("TopicArn DisplayName KmsMasterKeyId Policy FifoTopic Subscription"),
        json=("Policy",),
    ),
    ResourceType(
        type="AWS::Events::Rule",
        call="events:list_rules",
        items="Rules[]",
        id="Name",
        arn="Arn",
        details=(
            Detail(
                "list_targets_by_rule",
                {"Rule": "Name", "EventBusName": "EventBusName"},
                take="Targets[].{Id: Id, Arn: Arn, RoleArn: RoleArn, DeadLetterConfig: DeadLetterConfig}",
                into="Targets",
            ),
        ),
        keep=words("Name Arn State EventPattern ScheduleExpression EventBusName ManagedBy Targets"),
        json=("EventPattern",),
    ),
    ResourceType(
        type="AWS::Events::EventBus",
        call="events:list_event_buses",
        items="EventBuses[]",
        id="Name",
        arn="Arn",
        keep=words("Name Arn Policy"),
        json=("Policy",),
    ),
)
