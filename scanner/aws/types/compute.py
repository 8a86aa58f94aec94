"""AWS Step Functions and AWS Batch."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::StepFunctions::StateMachine",
        call="stepfunctions:list_state_machines",
        items="stateMachines[]",
        id="stateMachineArn",
        arn="stateMachineArn",
        name="name",
        details=(
            Detail(
                "describe_state_machine",
                {"stateMachineArn": "stateMachineArn"},
                take="""{status: status, type: type, roleArn: roleArn, loggingConfiguration: loggingConfiguration,
                    tracingConfiguration: tracingConfiguration, encryptionConfiguration: encryptionConfiguration}""",
            ),
            Detail("list_tags_for_resource", {"resourceArn": "stateMachineArn"}, take="tags", into="tags"),
        ),
        keep=words(
            "stateMachineArn name status type roleArn loggingConfiguration tracingConfiguration "
            "encryptionConfiguration creationDate"
        ),
        rename={
            "stateMachineArn": "Arn",
            "name": "StateMachineName",
            "type": "StateMachineType",
            "tracingConfiguration.enabled": "Enabled",
        },
    ),
    ResourceType(
        type="AWS::Batch::ComputeEnvironment",
        call="batch:describe_compute_environments",
        items="computeEnvironments[]",
        id="computeEnvironmentName",
        arn="computeEnvironmentArn",
        keep=words("computeEnvironmentName computeEnvironmentArn type state status computeResources serviceRole"),
        rename={"computeResources.ec2KeyPair": "Ec2KeyPair"},
    ),
    ResourceType(
        type="AWS::Batch::JobQueue",
        call="batch:describe_job_queues",
        items="jobQueues[]",
        id="jobQueueName",
        arn="jobQueueArn",
        keep=words("jobQueueName jobQueueArn state status priority computeEnvironmentOrder"),
    ),
    ResourceType(
        type="AWS::Batch::JobDefinition",
        call="batch:describe_job_definitions",
        params={"status": "=ACTIVE"},
        items="jobDefinitions[]",
        id="jobDefinitionArn",
        arn="jobDefinitionArn",
        name="jobDefinitionName",
        keep=words(
            "jobDefinitionName jobDefinitionArn revision type status platformCapabilities timeout retryStrategy "
            "containerProperties"
        ),
        rename={"containerProperties.volumes[].s3filesVolumeConfiguration": "S3FilesVolumeConfiguration"},
        redact=(
            "containerProperties.environment[].value",
            "containerProperties.command[]",
            "containerProperties.logConfiguration.options.*",
        ),
    ),
)
