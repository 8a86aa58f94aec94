"""AWS CodeBuild, CodePipeline and CloudFormation."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::CodeBuild::Project",
        call="codebuild:list_projects",
        items="projects[].{name: @}",
        id="name",
        arn="arn",
        details=(Detail("batch_get_projects", {"names": "name"}, take="projects", key="name", batch=100),),
        keep=words(
            "name arn description source environment artifacts logsConfig encryptionKey serviceRole vpcConfig "
            "timeoutInMinutes projectVisibility lastModified"
        ),
        rename={"projectVisibility": "Visibility", "source.buildspec": "BuildSpec"},
        redact=("environment.environmentVariables[].value", "source.buildspec"),
    ),
    ResourceType(
        type="AWS::CodePipeline::Pipeline",
        call="codepipeline:list_pipelines",
        items="pipelines[]",
        id="name",
        arn="arn:{partition}:codepipeline:{region}:{account}:{id}",
        keep=words("name version pipelineType executionMode created updated"),
    ),
    ResourceType(
        type="AWS::CloudFormation::Stack",
        call="cloudformation:describe_stacks",
        items="Stacks[]",
        id="StackId",
        arn="StackId",
        name="StackName",
        keep=words(
            "StackId StackName StackStatus CreationTime LastUpdatedTime EnableTerminationProtection Outputs "
            "Parameters RoleARN DriftInformation NotificationARNs Capabilities ParentId RootId"
        ),
        redact=("Outputs[].OutputValue", "Parameters[].ParameterValue", "Parameters[].ResolvedValue"),
    ),
)
