"""Amazon Cognito."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::Cognito::UserPool",
        call="cognito-idp:list_user_pools",
        params={"MaxResults": 60},
        items="UserPools[]",
        id="Id",
        arn="Arn",
        name="Name",
        tags="UserPoolTags",
        details=(
            Detail(
                "describe_user_pool",
                {"UserPoolId": "Id"},
                take="UserPool.merge(@, {AdminCreateUserConfig: "
                "AdminCreateUserConfig.{AllowAdminCreateUserOnly: AllowAdminCreateUserOnly}})",
            ),
            Detail(
                "get_user_pool_mfa_config",
                {"UserPoolId": "Id"},
                take="""{MfaConfiguration: MfaConfiguration,
                    SoftwareTokenMfaEnabled: SoftwareTokenMfaConfiguration.Enabled}""",
            ),
            Detail(
                "wafv2:get_web_acl_for_resource",
                {"ResourceArn": "Arn"},
                take="WebACL.ARN",
                into="WebACLArn",
                absent=("WAFNonexistentItemException",),
                after=True,
            ),
        ),
        keep=words(
            "Id Name Arn Policies DeletionProtection LambdaConfig AutoVerifiedAttributes UsernameAttributes "
            "MfaConfiguration SoftwareTokenMfaEnabled EstimatedNumberOfUsers AdminCreateUserConfig UserPoolAddOns "
            "AccountRecoverySetting UserPoolTier DeviceConfiguration CreationDate WebACLArn"
        ),
        rename={"Id": "UserPoolId", "Name": "UserPoolName"},
    ),
    ResourceType(
        type="AWS::Cognito::UserPoolClient",
        call="cognito-idp:list_user_pool_clients",
        each="AWS::Cognito::UserPool",
        params={"UserPoolId": "^Id", "MaxResults": 60},
        items="UserPoolClients[]",
        id="ClientId",
        arn="arn:{partition}:cognito-idp:{region}:{account}:userpool/{parent_id}/client/{id}",
        name="ClientName",
        details=(
            Detail(
                "describe_user_pool_client",
                {"UserPoolId": "UserPoolId", "ClientId": "ClientId"},
                take="UserPoolClient.merge(@, {HasSecret: ClientSecret != `null`, ClientSecret: `null`})",
            ),
        ),
        keep=words(
            "UserPoolId ClientId ClientName HasSecret AllowedOAuthFlows AllowedOAuthFlowsUserPoolClient "
            "AllowedOAuthScopes CallbackURLs LogoutURLs ExplicitAuthFlows PreventUserExistenceErrors "
            "EnableTokenRevocation AccessTokenValidity IdTokenValidity RefreshTokenValidity TokenValidityUnits"
        ),
        rename={"HasSecret": "GenerateSecret"},
    ),
    ResourceType(
        type="AWS::Cognito::IdentityPool",
        call="cognito-identity:list_identity_pools",
        params={"MaxResults": 60},
        items="IdentityPools[]",
        id="IdentityPoolId",
        arn="arn:{partition}:cognito-identity:{region}:{account}:identitypool/{id}",
        name="IdentityPoolName",
        tags="IdentityPoolTags",
        details=(Detail("describe_identity_pool", {"IdentityPoolId": "IdentityPoolId"}, take="@"),),
        keep=words(
            "IdentityPoolId IdentityPoolName AllowUnauthenticatedIdentities AllowClassicFlow CognitoIdentityProviders"
        ),
        rename={"IdentityPoolId": "Id"},
    ),
)
