"""AWS Certificate Manager."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::CertificateManager::Certificate",
        call="acm:list_certificates",
        # By default only RSA certificates of 1024 and 2048 bits are listed.
        params={
            "Includes": {
                "keyTypes": [
                    "RSA_1024",
                    "RSA_2048",
                    "RSA_3072",
                    "RSA_4096",
                    "EC_prime256v1",
                    "EC_secp384r1",
                    "EC_secp521r1",
                ]
            }
        },
        items="CertificateSummaryList[]",
        id="CertificateArn",
        arn="CertificateArn",
        name="DomainName",
        details=(
            Detail("describe_certificate", {"CertificateArn": "CertificateArn"}, take="Certificate"),
            Detail("list_tags_for_certificate", {"CertificateArn": "CertificateArn"}, take="Tags", into="Tags"),
        ),
        keep=words(
            "CertificateArn DomainName SubjectAlternativeNames Status Type KeyAlgorithm InUseBy IssuedAt NotBefore "
            "NotAfter RenewalEligibility RenewalSummary"
        ),
    ),
)
