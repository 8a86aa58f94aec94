"""AWS Systems Manager."""

from __future__ import annotations

from scanner.aws.declaration import READ_PARAMETERS, Detail, ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::SSM::Parameter",
        call="ssm:describe_parameters",
        items="Parameters[]",
        id="Name",
        arn="arn:{partition}:ssm:{region}:{account}:parameter/{bare_id}",
        details=(
            # Texts alone, if the user asks for it: a SecureString is never asked for.
            Detail(
                "get_parameters",
                {"Names": "Name"},
                take="Parameters",
                key="Name",
                value="Value",
                into="Value",
                batch=10,
                when="Type == 'String' || Type == 'StringList'",
                option=READ_PARAMETERS,
            ),
        ),
        keep=words("Name Type KeyId Tier DataType LastModifiedDate Version Value"),
        redact=("Value",),
    ),
    ResourceType(
        type="Account::SSM::ManagedInstance",
        call="ssm:describe_instance_information",
        items="InstanceInformationList[]",
        id="InstanceId",
        arn="arn:{partition}:ssm:{region}:{account}:managed-instance/{id}",
        keep=words(
            "InstanceId PingStatus AgentVersion IsLatestVersion PlatformType PlatformName "
            "PlatformVersion ResourceType AssociationStatus"
        ),
    ),
    ResourceType(
        type="Account::SSM::ComplianceSummary",
        call="ssm:list_resource_compliance_summaries",
        items="""ResourceComplianceSummaryItems[].merge(@, {
            NonCompliantCount: NonCompliantSummary.NonCompliantCount})""",
        id="join('/', [ComplianceType || '', ResourceId || ''])",
        arn="arn:{partition}:ssm:{region}:{account}:compliance/{id}",
        keep=words("ComplianceType ResourceType ResourceId Status OverallSeverity NonCompliantCount"),
    ),
    ResourceType(
        type="AWS::SSM::PatchBaseline",
        call="ssm:describe_patch_baselines",
        params={"Filters": [{"Key": "OWNER", "Values": ["Self"]}]},
        items="BaselineIdentities[]",
        id="BaselineId",
        arn="arn:{partition}:ssm:{region}:{account}:patchbaseline/{id}",
        name="BaselineName",
        keep=words("BaselineId BaselineName OperatingSystem BaselineDescription DefaultBaseline"),
        rename={"BaselineId": "Id", "BaselineName": "Name", "BaselineDescription": "Description"},
    ),
    ResourceType(
        type="AWS::SSM::MaintenanceWindow",
        call="ssm:describe_maintenance_windows",
        items="WindowIdentities[]",
        id="WindowId",
        arn="arn:{partition}:ssm:{region}:{account}:maintenancewindow/{id}",
        name="Name",
        keep=words("WindowId Name Enabled Schedule Duration Cutoff NextExecutionTime"),
    ),
)
