"""AWS Backup."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, setting, words

_ARN = "arn:{partition}:backup:{region}:{account}:"

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::Backup::BackupVault",
        call="backup:list_backup_vaults",
        items="""BackupVaultList[].merge(@, {LockConfiguration: {MinRetentionDays: MinRetentionDays,
            MaxRetentionDays: MaxRetentionDays}})""",
        id="BackupVaultName",
        arn="BackupVaultArn",
        details=(Detail("list_tags", {"ResourceArn": "BackupVaultArn"}, take="Tags", into="Tags"),),
        keep=words(
            "BackupVaultName BackupVaultArn EncryptionKeyArn Locked LockDate LockConfiguration NumberOfRecoveryPoints "
            "CreationDate"
        ),
    ),
    ResourceType(
        type="AWS::Backup::BackupPlan",
        call="backup:list_backup_plans",
        items="BackupPlansList[]",
        id="BackupPlanId",
        arn="BackupPlanArn",
        name="BackupPlanName",
        details=(
            Detail(
                "get_backup_plan",
                {"BackupPlanId": "BackupPlanId"},
                take="""BackupPlan.{BackupPlanName: BackupPlanName, AdvancedBackupSettings: AdvancedBackupSettings,
                    BackupPlanRule: Rules}""",
                into="BackupPlan",
            ),
            Detail("list_tags", {"ResourceArn": "BackupPlanArn"}, take="Tags", into="Tags"),
        ),
        keep=words("BackupPlanId BackupPlanArn BackupPlan CreationDate LastExecutionDate"),
        rename={
            "BackupPlan.BackupPlanRule[].TargetBackupVaultName": "TargetBackupVault",
            "BackupPlan.AdvancedBackupSettings": "AdvancedBackupSettings",
        },
    ),
    ResourceType(
        type="AWS::Backup::BackupSelection",
        call="backup:list_backup_selections",
        each="AWS::Backup::BackupPlan",
        params={"BackupPlanId": "^BackupPlanId"},
        items="BackupSelectionsList[]",
        id="SelectionId",
        arn=_ARN + "selection/{id}",
        name="SelectionName",
        details=(
            Detail(
                "get_backup_selection",
                {"BackupPlanId": "BackupPlanId", "SelectionId": "SelectionId"},
                take="BackupSelection",
                into="BackupSelection",
            ),
        ),
        keep=words("SelectionId BackupPlanId BackupSelection"),
    ),
    ResourceType(
        type="AWS::Backup::RestoreTestingPlan",
        call="backup:list_restore_testing_plans",
        items="RestoreTestingPlans[]",
        id="RestoreTestingPlanName",
        arn="RestoreTestingPlanArn",
        keep=words(
            "RestoreTestingPlanName RestoreTestingPlanArn ScheduleExpression StartWindowHours LastExecutionTime"
        ),
    ),
    ResourceType(
        type="AWS::Backup::RestoreTestingSelection",
        call="backup:list_restore_testing_selections",
        each="AWS::Backup::RestoreTestingPlan",
        params={"RestoreTestingPlanName": "^RestoreTestingPlanName"},
        items="RestoreTestingSelections[]",
        id="RestoreTestingSelectionName",
        arn=_ARN + "restore-testing-plan:{parent_id}/{id}",
        keep=words("RestoreTestingPlanName RestoreTestingSelectionName ProtectedResourceType ValidationWindowHours"),
    ),
    ResourceType(
        type="AWS::Backup::Framework",
        call="backup:list_frameworks",
        items="Frameworks[]",
        id="FrameworkName",
        arn="FrameworkArn",
        keep=words("FrameworkName FrameworkArn DeploymentStatus CreationTime"),
    ),
    ResourceType(
        type="AWS::Backup::ReportPlan",
        call="backup:list_report_plans",
        items="ReportPlans[]",
        id="ReportPlanName",
        arn="ReportPlanArn",
        keep=words("ReportPlanName ReportPlanArn DeploymentStatus LastSuccessfulExecutionTime"),
    ),
    ResourceType(
        type="Account::Backup::ProtectedResource",
        call="backup:list_protected_resources",
        items="Results[]",
        id="ResourceArn",
        arn="ResourceArn",
        name="ResourceName",
        keep=words("ResourceArn ResourceType ResourceName LastBackupTime LastBackupVaultArn"),
    ),
    ResourceType(
        type="Account::Backup::RecoveryPoint",
        call="backup:list_recovery_points_by_backup_vault",
        each="AWS::Backup::BackupVault",
        params={"BackupVaultName": "^BackupVaultName"},
        items="RecoveryPoints[]",
        id="RecoveryPointArn",
        arn="RecoveryPointArn",
        keep=words(
            "RecoveryPointArn BackupVaultName ResourceArn ResourceType CreationDate Status IsEncrypted "
            "EncryptionKeyArn LastRestoreTime"
        ),
    ),
    ResourceType(
        type="Account::Backup::BackupJob",
        call="backup:list_backup_jobs",
        params={"ByCreatedAfter": "$today-2"},
        items="BackupJobs[]",
        id="BackupJobId",
        arn=_ARN + "backup-job/{id}",
        keep=words(
            "BackupJobId BackupVaultName ResourceArn ResourceType State StatusMessage CreationDate CompletionDate"
        ),
    ),
    ResourceType(
        type="Account::Backup::CopyJob",
        call="backup:list_copy_jobs",
        params={"ByCreatedAfter": "$today-2"},
        items="CopyJobs[]",
        id="CopyJobId",
        arn=_ARN + "copy-job/{id}",
        keep=words(
            "CopyJobId SourceBackupVaultArn DestinationBackupVaultArn ResourceArn ResourceType State StatusMessage "
            "CreationDate CompletionDate"
        ),
    ),
    ResourceType(
        type="Account::Backup::RestoreJob",
        call="backup:list_restore_jobs",
        params={"ByCreatedAfter": "$today-180"},
        items="RestoreJobs[]",
        id="RestoreJobId",
        arn=_ARN + "restore-job/{id}",
        keep=words(
            "RestoreJobId RecoveryPointArn ResourceType Status StatusMessage ValidationStatus CreationDate "
            "CompletionDate CreatedBy"
        ),
    ),
    setting(
        "Account::Backup::Plans",
        "backup:{region}:{account}:plans",
        Detail("backup:list_backup_plans", {}, take="BackupPlansList[].BackupPlanName", into="Plans"),
        keep="Plans",
    ),
    setting(
        "Account::Backup::Vaults",
        "backup:{region}:{account}:vaults",
        Detail("backup:list_backup_vaults", {}, take="BackupVaultList[].BackupVaultName", into="Vaults"),
        keep="Vaults",
    ),
    setting(
        "Account::Backup::RestoreTesting",
        "backup:{region}:{account}:restore-testing",
        Detail(
            "backup:list_restore_testing_plans",
            {},
            take="RestoreTestingPlans[].RestoreTestingPlanName",
            into="RestoreTestingPlans",
        ),
        Detail(
            "backup:list_restore_jobs",
            {"ByCreatedAfter": "$today-180"},
            take="RestoreJobs[].{Status: Status, ValidationStatus: ValidationStatus, ResourceType: ResourceType, "
            "CompletionDate: CompletionDate}",
            into="RestoreJobs",
        ),
        keep="RestoreTestingPlans RestoreJobs",
    ),
)
