"""Amazon API Gateway: REST APIs, and HTTP and WebSocket APIs."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

_GET = ("apigateway:GET",)
_ARN = "arn:{partition}:apigateway:{region}::"

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::ApiGateway::RestApi",
        call="apigateway:get_rest_apis",
        items="items[]",
        id="id",
        arn=_ARN + "/restapis/{id}",
        name="name",
        iam=_GET,
        details=(
            Detail(
                "get_resources",
                {"restApiId": "id", "embed": ["methods"]},
                take="""items[].{path: path, methods: values(resourceMethods || `{}`)[].{httpMethod: httpMethod,
                    authorizationType: authorizationType, authorizerId: authorizerId, apiKeyRequired: apiKeyRequired,
                    requestValidatorId: requestValidatorId}}""",
                into="resources",
                iam=_GET,
            ),
            Detail(
                "get_authorizers",
                {"restApiId": "id"},
                take="items[].{name: name, type: type}",
                into="authorizers",
                iam=_GET,
            ),
            Detail("get_request_validators", {"restApiId": "id"}, take="items", into="requestValidators", iam=_GET),
        ),
        keep=words(
            "id name description createdDate endpointConfiguration disableExecuteApiEndpoint minimumCompressionSize "
            "apiKeySource policy resources authorizers requestValidators"
        ),
        rename={"id": "RestApiId", "apiKeySource": "ApiKeySourceType"},
        json=("policy",),
    ),
    ResourceType(
        type="AWS::ApiGateway::Stage",
        call="apigateway:get_stages",
        each="AWS::ApiGateway::RestApi",
        params={"restApiId": "^id"},
        items="""item[].merge(@, {methodSettings: values(methodSettings || `{}`),
            accessLogSetting: accessLogSettings.{DestinationArn: destinationArn, Format: format}})""",
        id="stageName",
        arn=_ARN + "/restapis/{parent_id}/stages/{id}",
        iam=_GET,
        keep=words(
            "stageName deploymentId description tracingEnabled accessLogSetting methodSettings cacheClusterEnabled "
            "cacheClusterSize clientCertificateId variables webAclArn createdDate lastUpdatedDate"
        ),
        redact=("variables.*",),
    ),
    ResourceType(
        type="AWS::ApiGateway::UsagePlan",
        call="apigateway:get_usage_plans",
        items="items[]",
        id="id",
        arn=_ARN + "/usageplans/{id}",
        name="name",
        iam=_GET,
        keep=words("id name description quota throttle apiStages"),
        rename={"name": "UsagePlanName"},
    ),
    ResourceType(
        type="AWS::ApiGateway::DomainName",
        call="apigateway:get_domain_names",
        items="items[]",
        id="domainName",
        arn="domainNameArn || ''",
        iam=_GET,
        keep=words(
            "domainName securityPolicy endpointConfiguration mutualTlsAuthentication certificateArn "
            "regionalCertificateArn domainNameStatus"
        ),
    ),
    ResourceType(
        type="AWS::ApiGatewayV2::Api",
        call="apigatewayv2:get_apis",
        items="Items[]",
        id="ApiId",
        arn=_ARN + "/apis/{id}",
        name="Name",
        iam=_GET,
        keep=words("ApiId Name ProtocolType ApiEndpoint CorsConfiguration DisableExecuteApiEndpoint CreatedDate"),
    ),
    ResourceType(
        type="AWS::ApiGatewayV2::Stage",
        call="apigatewayv2:get_stages",
        each="AWS::ApiGatewayV2::Api",
        params={"ApiId": "^ApiId"},
        items="Items[]",
        id="StageName",
        arn=_ARN + "/apis/{parent_id}/stages/{id}",
        iam=_GET,
        keep=words(
            "StageName AutoDeploy AccessLogSettings DefaultRouteSettings RouteSettings StageVariables CreatedDate"
        ),
        redact=("StageVariables.*",),
    ),
    ResourceType(
        type="AWS::ApiGatewayV2::Route",
        call="apigatewayv2:get_routes",
        each="AWS::ApiGatewayV2::Api",
        params={"ApiId": "^ApiId"},
        items="Items[]",
        id="RouteId",
        arn=_ARN + "/apis/{parent_id}/routes/{id}",
        name="RouteKey",
        iam=_GET,
        keep=words("RouteId RouteKey AuthorizationType AuthorizerId ApiKeyRequired"),
    ),
)
