"""AWS WAF."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, Variant, words

_SCOPES = (
    Variant({"Scope": "=REGIONAL"}, row={"Scope": "REGIONAL"}),
    Variant({"Scope": "=CLOUDFRONT"}, row={"Scope": "CLOUDFRONT"}, home_only=True),
)

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::WAFv2::WebACL",
        call="wafv2:list_web_acls",
        variants=_SCOPES,
        items="WebACLs[]",
        id="ARN",
        arn="ARN",
        name="Name",
        details=(
            Detail("get_web_acl", {"Name": "Name", "Id": "Id", "Scope": "Scope"}, take="WebACL"),
            Detail(
                "get_logging_configuration",
                {"ResourceArn": "ARN"},
                take="LoggingConfiguration",
                into="LoggingConfiguration",
                absent=("WAFNonexistentItemException",),
            ),
            Detail("list_tags_for_resource", {"ResourceARN": "ARN"}, take="TagInfoForResource.TagList", into="Tags"),
        ),
        keep=words(
            "ARN Name Id Scope Description DefaultAction Rules VisibilityConfig Capacity ManagedByFirewallManager "
            "LoggingConfiguration"
        ),
        # What a request has to hold to get through is a password.
        redact=("Rules[].**.SearchString",),
        rename={
            "ARN": "Arn",
            "Rules[].Statement.RuleGroupReferenceStatement.ARN": "Arn",
            "Rules[].Statement.IPSetReferenceStatement.ARN": "Arn",
            "Rules[].Statement.RegexPatternSetReferenceStatement.ARN": "Arn",
        },
    ),
    ResourceType(
        type="AWS::WAFv2::IPSet",
        call="wafv2:list_ip_sets",
        variants=_SCOPES,
        items="IPSets[]",
        id="ARN",
        arn="ARN",
        name="Name",
        keep=words("ARN Name Id Scope Description"),
        rename={"ARN": "Arn"},
    ),
)
