"""Exercises of recovery: AWS Resilience Hub, Fault Injection Service and Elastic Disaster Recovery."""

from __future__ import annotations

from scanner.aws.declaration import NAME_TAG, Detail, ResourceType, setting, words

_NOT_SET_UP = ("UninitializedAccountException",)

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::ResilienceHub::App",
        call="resiliencehub:list_apps",
        items="appSummaries[]",
        id="appArn",
        arn="appArn",
        name="name",
        details=(
            Detail("describe_app", {"appArn": "appArn"}, take="app"),
            Detail(
                "list_app_assessments",
                {"appArn": "appArn"},
                take="assessmentSummaries[].{assessmentName: assessmentName, assessmentStatus: assessmentStatus, "
                "complianceStatus: complianceStatus, endTime: endTime}",
                into="assessments",
            ),
        ),
        keep=words(
            "appArn name status complianceStatus resiliencyScore assessmentSchedule policyArn driftStatus "
            "lastAppComplianceEvaluationTime creationTime assessments"
        ),
        rename={"policyArn": "ResiliencyPolicyArn", "assessmentSchedule": "AppAssessmentSchedule"},
    ),
    ResourceType(
        type="AWS::FIS::ExperimentTemplate",
        call="fis:list_experiment_templates",
        items="experimentTemplates[]",
        id="id",
        arn="arn",
        name=NAME_TAG,
        keep=words("id arn description creationTime lastUpdateTime"),
    ),
    ResourceType(
        type="Account::FIS::Experiment",
        call="fis:list_experiments",
        items="experiments[].merge(@, {status: state.status})",
        id="id",
        arn="arn",
        keep=words("id experimentTemplateId status creationTime"),
    ),
    setting(
        "Account::FIS::Experiments",
        "fis:{region}:{account}:experiments",
        Detail(
            "fis:list_experiments",
            {},
            take="experiments[].{Id: id, Status: state.status, CreationTime: creationTime}",
            into="Experiments",
        ),
        keep="Experiments",
    ),
    ResourceType(
        type="Account::DRS::SourceServer",
        call="drs:describe_source_servers",
        items="""items[].merge(@, {hostname: sourceProperties.identificationHints.hostname,
            lastLaunchResult: lastLaunchResult,
            replicationState: dataReplicationInfo.dataReplicationState,
            lastTest: lifeCycle.lastLaunch.initiated})""",
        id="sourceServerID",
        arn="arn",
        name="hostname",
        absent=_NOT_SET_UP,
        keep=words("sourceServerID arn hostname lastLaunchResult replicationState lastTest"),
    ),
    ResourceType(
        type="Account::DRS::Job",
        call="drs:describe_jobs",
        items="items[]",
        id="jobID",
        arn="arn",
        absent=_NOT_SET_UP,
        keep=words("jobID type status initiatedBy creationDateTime endDateTime"),
    ),
)
