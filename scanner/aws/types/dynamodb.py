"""Amazon DynamoDB."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::DynamoDB::Table",
        call="dynamodb:list_tables",
        items="TableNames[].{TableName: @}",
        id="TableName",
        arn="TableArn",
        details=(
            Detail(
                "describe_table",
                {"TableName": "TableName"},
                take="""Table.merge(@, {BillingMode: BillingModeSummary.BillingMode || 'PROVISIONED',
                    ProvisionedThroughput: ProvisionedThroughput.{ReadCapacityUnits: ReadCapacityUnits,
                        WriteCapacityUnits: WriteCapacityUnits},
                    SSESpecification: SSEDescription.{SSEEnabled: Status == 'ENABLED', SSEType: SSEType,
                        KMSMasterKeyId: KMSMasterKeyArn},
                    Replicas: Replicas[].{Region: RegionName, Status: ReplicaStatus}})""",
            ),
            Detail(
                "describe_continuous_backups",
                {"TableName": "TableName"},
                take="""ContinuousBackupsDescription.PointInTimeRecoveryDescription.{
                    PointInTimeRecoveryEnabled: PointInTimeRecoveryStatus == 'ENABLED',
                    RecoveryPeriodInDays: RecoveryPeriodInDays}""",
                into="PointInTimeRecoverySpecification",
            ),
            Detail("list_tags_of_resource", {"ResourceArn": "TableArn"}, take="Tags", into="Tags", after=True),
        ),
        keep=words(
            "TableName TableArn TableStatus CreationDateTime BillingMode ProvisionedThroughput "
            "DeletionProtectionEnabled SSESpecification StreamSpecification Replicas TableSizeBytes ItemCount "
            "PointInTimeRecoverySpecification"
        ),
        rename={"TableArn": "Arn"},
    ),
)
