"""AWS Lambda."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::Lambda::Function",
        call="lambda:list_functions",
        items="""Functions[].merge(@, {Layers: Layers[].Arn,
            VpcConfig: VpcConfig.{SubnetIds: SubnetIds, SecurityGroupIds: SecurityGroupIds, VpcId: VpcId}})""",
        id="FunctionName",
        arn="FunctionArn",
        details=(
            Detail(
                "get_policy",
                {"FunctionName": "FunctionName"},
                take="Policy",
                into="Policy",
                absent=("ResourceNotFoundException",),
            ),
            Detail(
                "get_function_concurrency",
                {"FunctionName": "FunctionName"},
                take="ReservedConcurrentExecutions",
                into="ReservedConcurrentExecutions",
            ),
            Detail("list_tags", {"Resource": "FunctionArn"}, take="Tags", into="Tags"),
        ),
        keep=words(
            "FunctionName FunctionArn Runtime PackageType Handler Role Description Timeout MemorySize "
            "EphemeralStorage Architectures LastModified VpcConfig Environment KMSKeyArn TracingConfig "
            "DeadLetterConfig Layers LoggingConfig State StateReasonCode SigningJobArn ReservedConcurrentExecutions "
            "Policy"
        ),
        rename={
            "FunctionArn": "Arn",
            "KMSKeyArn": "KmsKeyArn",
        },
        json=("Policy",),
        redact=("Environment.Variables.*",),
    ),
    ResourceType(
        type="AWS::Lambda::Url",
        call="lambda:list_function_url_configs",
        each="AWS::Lambda::Function",
        params={"FunctionName": "^FunctionName"},
        items="FunctionUrlConfigs[]",
        id="FunctionArn",
        arn="FunctionArn",
        name="'url'",
        keep=words("FunctionArn FunctionUrl AuthType Cors InvokeMode"),
    ),
    ResourceType(
        type="AWS::Lambda::EventSourceMapping",
        call="lambda:list_event_source_mappings",
        items="EventSourceMappings[]",
        id="UUID",
        arn="EventSourceMappingArn || ''",
        keep=words("UUID FunctionArn EventSourceArn State DestinationConfig MaximumRetryAttempts BatchSize"),
        rename={"UUID": "Id", "FunctionArn": "FunctionName"},
    ),
)
