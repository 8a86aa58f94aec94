"""The account itself: its Organization, its contacts and its quotas."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, Variant, setting, words

_QUOTAS = words("vpc ec2 ebs rds lambda ecs eks elasticloadbalancing autoscaling dynamodb s3 iam sqs logs")


def _contact(kind: str) -> Detail:
    return Detail(
        "account:get_alternate_contact",
        {"AlternateContactType": f"={kind.upper()}"},
        take="AlternateContact.AlternateContactType",
        into=kind,
        absent=("ResourceNotFoundException",),
    )


TYPES: tuple[ResourceType, ...] = (
    setting(
        "Account::Account::AlternateContacts",
        "account::{account}:alternate-contacts",
        _contact("security"),
        _contact("operations"),
        _contact("billing"),
        keep="security operations billing",
        scope="global",
    ),
    ResourceType(
        type="AWS::Organizations::Account",
        call="organizations:list_accounts",
        scope="global",
        items="Accounts[]",
        id="Id",
        arn="Arn",
        name="Name",
        absent=("AWSOrganizationsNotInUseException",),
        keep=words("Id Arn Name Status State JoinedMethod JoinedTimestamp"),
        rename={"Id": "AccountId", "Name": "AccountName"},
    ),
    ResourceType(
        type="Account::ServiceQuotas::Quota",
        call="service-quotas:list_service_quotas",
        variants=tuple(Variant({"ServiceCode": f"={code}"}) for code in _QUOTAS),
        items="Quotas[]",
        id="join('/', [ServiceCode || '', QuotaCode || ''])",
        arn="QuotaArn",
        name="join('/', [ServiceCode || '', QuotaName || ''])",
        keep=words("ServiceCode ServiceName QuotaCode QuotaName Value Adjustable GlobalQuota UsageMetric"),
        iam=("servicequotas:ListServiceQuotas",),
    ),
)
