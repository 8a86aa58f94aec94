"""AWS IAM: identities, their policies and keys, and the account's own settings.

Identities come with their policies from one paginated call, so that an account of many roles costs few calls.
"""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, setting, words

_DETAILS = "iam:get_account_authorization_details"
_ATTACHED = "ManagedPolicyArns: AttachedManagedPolicies[].PolicyArn"

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::IAM::Role",
        call=_DETAILS,
        params={"Filter": ["Role"]},
        scope="global",
        items=f"RoleDetailList[].merge(@, {{{_ATTACHED}, PermissionsBoundary: "
        "PermissionsBoundary.PermissionsBoundaryArn})",
        id="RoleName",
        arn="Arn",
        keep=words(
            "RoleName Arn RoleId Path CreateDate AssumeRolePolicyDocument RolePolicyList ManagedPolicyArns "
            "PermissionsBoundary RoleLastUsed"
        ),
        rename={"RolePolicyList": "Policies"},
        json=("AssumeRolePolicyDocument", "RolePolicyList[].PolicyDocument"),
    ),
    ResourceType(
        type="AWS::IAM::User",
        call=_DETAILS,
        params={"Filter": ["User"]},
        scope="global",
        items=f"UserDetailList[].merge(@, {{{_ATTACHED}, PermissionsBoundary: "
        "PermissionsBoundary.PermissionsBoundaryArn})",
        id="UserName",
        arn="Arn",
        details=(
            Detail("list_mfa_devices", {"UserName": "UserName"}, take="MFADevices[].SerialNumber", into="MFADevices"),
            Detail(
                "list_access_keys",
                {"UserName": "UserName"},
                take="AccessKeyMetadata[].{Status: Status, CreateDate: CreateDate}",
                into="AccessKeys",
            ),
            Detail(
                "get_login_profile",
                {"UserName": "UserName"},
                take="LoginProfile.{CreateDate: CreateDate, PasswordResetRequired: PasswordResetRequired}",
                into="LoginProfile",
                absent=("NoSuchEntity",),
            ),
            Detail("get_user", {"UserName": "UserName"}, take="User.PasswordLastUsed", into="PasswordLastUsed"),
        ),
        keep=words(
            "UserName Arn UserId Path CreateDate GroupList UserPolicyList ManagedPolicyArns PermissionsBoundary "
            "MFADevices AccessKeys LoginProfile PasswordLastUsed"
        ),
        rename={"GroupList": "Groups", "UserPolicyList": "Policies"},
        json=("UserPolicyList[].PolicyDocument",),
    ),
    ResourceType(
        type="AWS::IAM::AccessKey",
        call="iam:list_access_keys",
        each="AWS::IAM::User",
        params={"UserName": "^UserName"},
        scope="global",
        items="AccessKeyMetadata[]",
        id="AccessKeyId",
        arn="arn:{partition}:iam::{account}:user/{parent_id}/access-key/{id}",
        details=(
            Detail(
                "get_access_key_last_used",
                {"AccessKeyId": "AccessKeyId"},
                take="AccessKeyLastUsed.LastUsedDate",
                into="LastUsedDate",
            ),
        ),
        keep=words("UserName Status CreateDate LastUsedDate"),
    ),
    ResourceType(
        type="AWS::IAM::Group",
        call=_DETAILS,
        params={"Filter": ["Group"]},
        scope="global",
        items=f"GroupDetailList[].merge(@, {{{_ATTACHED}}})",
        id="GroupName",
        arn="Arn",
        keep=words("GroupName Arn Path CreateDate GroupPolicyList ManagedPolicyArns"),
        rename={"GroupPolicyList": "Policies"},
        json=("GroupPolicyList[].PolicyDocument",),
    ),
    ResourceType(
        type="AWS::IAM::ManagedPolicy",
        call=_DETAILS,
        params={"Filter": ["LocalManagedPolicy"]},
        scope="global",
        items="Policies[].merge(@, {PolicyDocument: PolicyVersionList[?IsDefaultVersion].Document | [0]})",
        id="Arn",
        arn="Arn",
        name="PolicyName",
        keep=words(
            "PolicyName Arn PolicyId Path Description CreateDate UpdateDate AttachmentCount "
            "PermissionsBoundaryUsageCount PolicyDocument"
        ),
        rename={"PolicyName": "ManagedPolicyName", "Arn": "PolicyArn"},
        json=("PolicyDocument",),
    ),
    ResourceType(
        type="AWS::IAM::ServerCertificate",
        call="iam:list_server_certificates",
        scope="global",
        items="ServerCertificateMetadataList[]",
        id="ServerCertificateName",
        arn="Arn",
        keep=words("ServerCertificateName Arn Path UploadDate Expiration"),
    ),
    ResourceType(
        type="AWS::IAM::OIDCProvider",
        call="iam:list_open_id_connect_providers",
        scope="global",
        items="OpenIDConnectProviderList[]",
        id="Arn",
        arn="Arn",
        details=(
            Detail(
                "get_open_id_connect_provider",
                {"OpenIDConnectProviderArn": "Arn"},
                take="{Url: Url, ClientIDList: ClientIDList, CreateDate: CreateDate, Tags: Tags}",
            ),
        ),
        keep=words("Arn Url ClientIDList CreateDate"),
        rename={"ClientIDList": "ClientIdList"},
    ),
    setting(
        "Account::IAM::Summary",
        "iam::{account}:summary",
        Detail(
            "iam:get_account_summary",
            {},
            take="""SummaryMap.{AccountMFAEnabled: AccountMFAEnabled, Users: Users, Roles: Roles,
                AccountAccessKeysPresent: AccountAccessKeysPresent, MFADevicesInUse: MFADevicesInUse,
                AccountPasswordPresent: AccountPasswordPresent,
                AccountSigningCertificatesPresent: AccountSigningCertificatesPresent}""",
        ),
        keep="AccountMFAEnabled AccountAccessKeysPresent AccountPasswordPresent AccountSigningCertificatesPresent "
        "Users Roles MFADevicesInUse",
        scope="global",
    ),
    setting(
        "Account::IAM::PasswordPolicy",
        "iam::{account}:password-policy",
        Detail(
            "iam:get_account_password_policy",
            {},
            take="PasswordPolicy",
            into="PasswordPolicy",
            absent=("NoSuchEntity",),
        ),
        keep="PasswordPolicy",
        scope="global",
    ),
)
