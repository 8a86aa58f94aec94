"""The resource types that can be collected: one module for each service, or for a few that belong together."""

from __future__ import annotations

from functools import cache

from scanner.aws.declaration import ResourceType, words

MODULES = words("""
    account acm apigateway appsync autoscaling backup cloudfront cloudwatch cognito compute cost developer dms documents
    dynamodb ec2 ecr ecs efs eks elasticache elasticloadbalancing iam kms lambda_ logs messaging mq opensearch rds
    recovery redshift route53 s3 secretsmanager security ssm streams trails vpc wafv2
""")


@cache
def resource_types() -> dict[str, ResourceType]:
    """Every declared type by its name, sorted. The modules are imported when this is first called."""
    from importlib import import_module

    found = {each.type: each for name in MODULES for each in import_module(f"{__name__}.{name}").TYPES}
    return dict(sorted(found.items()))
