"""Amazon CloudFront."""

from __future__ import annotations

from scanner.aws.declaration import NAME_TAG, Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::CloudFront::Distribution",
        call="cloudfront:list_distributions",
        scope="global",
        items="DistributionList.Items[].{Id: Id, ARN: ARN, Status: Status, DomainName: DomainName}",
        id="Id",
        name=NAME_TAG,
        arn="ARN",
        details=(
            Detail(
                "get_distribution_config",
                {"Id": "Id"},
                take="""DistributionConfig.{Enabled: Enabled, Comment: Comment, DefaultRootObject: DefaultRootObject,
                    WebACLId: WebACLId, HttpVersion: HttpVersion, Aliases: Aliases.Items,
                    ViewerCertificate: ViewerCertificate.{
                        CloudFrontDefaultCertificate: CloudFrontDefaultCertificate,
                        AcmCertificateArn: ACMCertificateArn, IamCertificateId: IAMCertificateId,
                        MinimumProtocolVersion: MinimumProtocolVersion},
                    Restrictions: {GeoRestriction: {RestrictionType: Restrictions.GeoRestriction.RestrictionType,
                        Locations: Restrictions.GeoRestriction.Items}},
                    Logging: Logging.{Bucket: Bucket, Prefix: Prefix},
                    OriginGroups: {Quantity: OriginGroups.Quantity},
                    DefaultCacheBehavior: DefaultCacheBehavior.{TargetOriginId: TargetOriginId,
                        ViewerProtocolPolicy: ViewerProtocolPolicy, RealtimeLogConfigArn: RealtimeLogConfigArn,
                        ResponseHeadersPolicyId: ResponseHeadersPolicyId},
                    CacheBehaviors: CacheBehaviors.Items[].{PathPattern: PathPattern, TargetOriginId: TargetOriginId,
                        ViewerProtocolPolicy: ViewerProtocolPolicy},
                    Origins: Origins.Items[].{Id: Id, DomainName: DomainName, S3OriginConfig: S3OriginConfig,
                        OriginAccessControlId: OriginAccessControlId, CustomOriginConfig: CustomOriginConfig.{
                            HTTPPort: HTTPPort, HTTPSPort: HTTPSPort, OriginProtocolPolicy: OriginProtocolPolicy,
                            OriginSSLProtocols: OriginSslProtocols.Items}}}""",
                into="DistributionConfig",
            ),
            Detail("list_tags_for_resource", {"Resource": "ARN"}, take="Tags.Items", into="Tags"),
        ),
        keep=words("Id Status DomainName DistributionConfig"),
    ),
)
