"""Amazon RDS and Aurora."""

from __future__ import annotations

from scanner.aws.declaration import ResourceType

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::RDS::DBInstance",
        call="rds:describe_db_instances",
        items="DBInstances[]",
        id="DBInstanceIdentifier",
        arn="DBInstanceArn",
        rename={
            "DbiResourceId": "DbiResourceId",
            "IAMDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
        },
    ),
)
