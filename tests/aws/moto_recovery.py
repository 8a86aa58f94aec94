"""An account in moto's server with pairs of resources, one right and one not, for backups, copies, recovery and scans.

What moto lacks is answered here, in the form of the services.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable
from typing import Any

from tests.aws.servers import Reply, json_error

Client = Callable[..., Any]
# Moto keeps global clusters in the first region of a partition.
HOME, FAR = "us-east-1", "eu-central-1"
ACCOUNT = "123456789012"
PASSWORD = "Kq83hdPz0aLmx7Qw"
USER = {"MasterUsername": "root", "MasterUserPassword": PASSWORD}
CRITICAL = [{"Key": "criticality", "Value": "high"}]
PAIR = ("good", "bad")
_DAY = 86400


def build(client: Client) -> None:
    """Builds everything."""
    key = client("kms", HOME).create_key()["KeyMetadata"]["Arn"]
    for part in (plans, databases, stores, buckets, names, exercises, scanners):
        part(client, key)


def plans(client: Client, key: str) -> None:
    backup = client("backup", HOME)
    backup.create_backup_vault(BackupVaultName="vault-bad")
    backup.create_backup_vault(BackupVaultName="vault-good", EncryptionKeyArn=key)
    backup.put_backup_vault_lock_configuration(BackupVaultName="vault-good", MinRetentionDays=7)
    copy = {"DestinationBackupVaultArn": f"arn:aws:backup:{FAR}:{ACCOUNT}:backup-vault:copies"}
    rules = {
        "good": {
            "ScheduleExpression": "cron(0 5 ? * * *)",
            "Lifecycle": {"DeleteAfterDays": 35},
            "CopyActions": [copy],
        },
        "bad": {"ScheduleExpression": "cron(0 5 ? * SUN *)", "Lifecycle": {"DeleteAfterDays": 7}},
    }
    for end, rule in rules.items():
        named = {"RuleName": "only", "TargetBackupVaultName": f"vault-{end}", **rule}
        backup.create_backup_plan(BackupPlan={"BackupPlanName": f"plan-{end}", "Rules": [named]})


def databases(client: Client, key: str) -> None:
    rds, redshift = client("rds", HOME), client("redshift", HOME)
    for end in PAIR:
        right = end == "good"
        instance = rds.create_db_instance(
            DBInstanceIdentifier=f"database-{end}",
            DBInstanceClass="db.t3.medium",
            Engine="postgres",
            AllocatedStorage=20,
            BackupRetentionPeriod=7 if right else 3,
            DeletionProtection=right,
            **USER,
        )["DBInstance"]
        cluster = rds.create_db_cluster(
            DBClusterIdentifier=f"aurora-{end}",
            Engine="aurora-postgresql",
            DeletionProtection=right,
            Tags=CRITICAL,
            **USER,
        )["DBCluster"]
        redshift.create_cluster(
            ClusterIdentifier=f"warehouse-{end}",
            NodeType="ra3.large",
            NumberOfNodes=2,
            AutomatedSnapshotRetentionPeriod=7 if right else 1,
            **USER,
        )
        if right:
            far = client("rds", FAR)
            far.create_db_instance_read_replica(
                DBInstanceIdentifier="database-copy", SourceDBInstanceIdentifier=instance["DBInstanceArn"]
            )
            rds.create_global_cluster(
                GlobalClusterIdentifier="world", SourceDBClusterIdentifier=cluster["DBClusterArn"]
            )
            far.create_db_cluster(
                DBClusterIdentifier="aurora-copy",
                Engine="aurora-postgresql",
                GlobalClusterIdentifier="world",
                DeletionProtection=True,
            )
            redshift.enable_snapshot_copy(ClusterIdentifier="warehouse-good", DestinationRegion=FAR)


def stores(client: Client, key: str) -> None:
    cache = client("elasticache", HOME)
    for region, name in ((HOME, "table-good"), (HOME, "table-bad"), (FAR, "table-far")):
        client("dynamodb", region).create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            DeletionProtectionEnabled=name != "table-bad",
            Tags=CRITICAL if name == "table-bad" else [],
        )
    for region, name in ((HOME, "table-good"), (FAR, "table-far")):
        client("dynamodb", region).update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
    for end in PAIR:
        cache.create_replication_group(
            ReplicationGroupId=f"cache-{end}",
            ReplicationGroupDescription=end,
            NumCacheClusters=2,
            AutomaticFailoverEnabled=True,
            CacheNodeType="cache.t3.small",
            Engine="redis",
            SnapshotRetentionLimit=7 if end == "good" else 0,
        )
    cache.create_cache_cluster(
        CacheClusterId="pages-good", Engine="memcached", CacheNodeType="cache.t3.small", NumCacheNodes=1
    )
    for name, automatic in (("files-good", True), ("files-planned", False), ("files-bad", False)):
        tags = [{"Key": "Name", "Value": name}, {"Key": "backup", "Value": "daily" if "bad" not in name else "no"}]
        client("efs", HOME).create_file_system(CreationToken=name, Backup=automatic, Tags=tags)


def buckets(client: Client, key: str) -> None:
    far, home = client("s3", FAR), client("s3", HOME)
    far.create_bucket(Bucket="ledger-copy", CreateBucketConfiguration={"LocationConstraint": FAR})
    for name in ("ledger-good", "ledger-bad"):
        home.create_bucket(
            Bucket=name,
            ObjectLockEnabledForBucket=name == "ledger-good",
        )
        home.put_bucket_tagging(Bucket=name, Tagging={"TagSet": CRITICAL})
    for store, name in ((far, "ledger-copy"), (home, "ledger-good")):
        store.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    rule = {
        "ID": "all",
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": "arn:aws:s3:::ledger-copy"},
    }
    home.put_bucket_replication(
        Bucket="ledger-good",
        ReplicationConfiguration={"Role": f"arn:aws:iam::{ACCOUNT}:role/copy", "Rules": [rule]},
    )


def names(client: Client, key: str) -> None:
    dns = client("route53", FAR)
    check = dns.create_health_check(
        CallerReference="check", HealthCheckConfig={"Type": "HTTPS", "IPAddress": "192.0.2.1", "Port": 443}
    )["HealthCheck"]["Id"]
    for end in PAIR:
        zone = dns.create_hosted_zone(Name=f"{end}.example.", CallerReference=end)["HostedZone"]["Id"]
        record = {
            "Name": f"www.{end}.example.",
            "Type": "A",
            "TTL": 60,
            "SetIdentifier": "first",
            "Failover": "PRIMARY",
            "ResourceRecords": [{"Value": "192.0.2.1"}],
        }
        if end == "good":
            record["HealthCheckId"] = check
        dns.change_resource_record_sets(
            HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        )
    kms = client("kms", HOME)
    for end in PAIR:
        made = kms.create_key(MultiRegion=end == "good", Tags=[{"TagKey": "tier", "TagValue": "1"}])["KeyMetadata"]
        kms.create_alias(AliasName=f"alias/{end}", TargetKeyId=made["KeyId"])


def exercises(client: Client, key: str) -> None:
    hub, fis = client("resiliencehub", HOME), client("fis", HOME)
    goals = {kind: {"rpoInSecs": 60, "rtoInSecs": 60} for kind in ("Software", "Hardware", "AZ", "Region")}
    policy = hub.create_resiliency_policy(policyName="goals", tier="Critical", policy=goals)["policy"]["policyArn"]
    hub.create_app(name="app-good", policyArn=policy)
    hub.create_app(name="app-bad")
    for end in PAIR:
        template = fis.create_experiment_template(
            clientToken=end,
            description=end,
            stopConditions=[{"source": "none"}],
            targets={},
            actions={"wait": {"actionId": "aws:fis:wait", "parameters": {"duration": "PT1M"}}},
            roleArn=f"arn:aws:iam::{ACCOUNT}:role/experiments",
            tags={"Name": f"experiment-{end}"},
        )["experimentTemplate"]["id"]
        if end == "good":
            run = fis.start_experiment(clientToken="run", experimentTemplateId=template)["experiment"]["id"]
            while fis.get_experiment(id=run)["experiment"]["state"]["status"] != "completed":
                pass


def scanners(client: Client, key: str) -> None:
    ecr = client("ecr", HOME)
    for end in PAIR:
        right = end == "good"
        ecr.create_repository(
            repositoryName=f"image-{end}",
            imageScanningConfiguration={"scanOnPush": right},
            imageTagMutability="IMMUTABLE" if right else "MUTABLE",
        )
    for tag in ("1", "2"):
        layer = f"sha256:{hashlib.sha256(tag.encode()).hexdigest()}"
        content = {"schemaVersion": 2, "layers": [{"digest": layer, "size": 1}], "config": {"digest": layer, "size": 1}}
        manifest = json.dumps({"mediaType": "application/vnd.docker.distribution.manifest.v2+json", **content})
        ecr.put_image(repositoryName="image-bad", imageManifest=manifest, imageTag=tag)
    ecr.start_image_scan(repositoryName="image-bad", imageId={"imageTag": "2"})
    client("guardduty", HOME).create_detector(Enable=True)
    client("securityhub", HOME).enable_security_hub()
    client("inspector2", HOME).enable(accountIds=[ACCOUNT], resourceTypes=["EC2", "ECR", "LAMBDA"])
    config = client("config", HOME)
    recorder = {
        "name": "recorder",
        "roleARN": f"arn:aws:iam::{ACCOUNT}:role/config",
        "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
    }
    config.put_configuration_recorder(ConfigurationRecorder=recorder)
    config.put_delivery_channel(DeliveryChannel={"name": "channel", "s3BucketName": "ledger-good"})
    config.start_configuration_recorder(ConfigurationRecorderName="recorder")
    client("macie2", FAR).disable_macie()


def answers(client: Client) -> Callable[[str, bytes, dict[str, str]], Reply | None]:
    """What stands for the operations that moto lacks, by path and region."""
    backup = client("backup", HOME)
    ids = {each["BackupPlanName"]: each["BackupPlanId"] for each in backup.list_backup_plans()["BackupPlansList"]}
    systems = client("efs", HOME).describe_file_systems()["FileSystems"]
    replicated = next(each["FileSystemId"] for each in systems if each["Name"] == "files-good")
    now = time.time()
    arn = f"arn:aws:rds:{HOME}:{ACCOUNT}:db:"
    selection = {"SelectionName": "by-name", "SelectionId": "s-1", "BackupPlanId": ids["plan-good"]}
    chosen = {
        "SelectionName": "by-name",
        "IamRoleArn": f"arn:aws:iam::{ACCOUNT}:role/backup",
        "Resources": ["arn:aws:rds:*:*:db:*-good", "arn:aws:dynamodb:*:*:table/table-good"],
        "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "daily"}],
    }
    job = {"ResourceType": "RDS", "CreationDate": now - 3600}
    point = {"Status": "COMPLETED", "ResourceType": "RDS", "CreationDate": now - 3600}
    launch = {"lifeCycle": {"lastLaunch": {"initiated": {"apiCallDateTime": _text(now - 9 * _DAY), "type": "DRILL"}}}}
    replicas = [{"Destinations": [{"Region": FAR, "Status": "ENABLED", "FileSystemId": "fs-copy"}]}]
    home: list[tuple[str, Any]] = [
        (rf"/backup/plans/{ids['plan-good']}/selections/s-1", {"BackupSelection": chosen}),
        (rf"/backup/plans/{ids['plan-good']}/selections/", {"BackupSelectionsList": [selection]}),
        (r"/resources/", {"Results": [{"ResourceArn": f"{arn}database-good", "ResourceType": "RDS"}]}),
        (
            r"/backup-vaults/vault-bad/recovery-points/",
            {"RecoveryPoints": [{"RecoveryPointArn": "arn:bad", "IsEncrypted": False, **point}]},
        ),
        (
            r"/backup-vaults/vault-good/recovery-points/",
            {"RecoveryPoints": [{"RecoveryPointArn": "arn:good", "IsEncrypted": True, **point}]},
        ),
        (
            r"/backup-jobs/",
            {
                "BackupJobs": [
                    {"BackupJobId": "job-good", "ResourceArn": f"{arn}database-good", "State": "COMPLETED", **job},
                    {"BackupJobId": "job-bad", "ResourceArn": f"{arn}database-bad", "State": "FAILED", **job},
                ]
            },
        ),
        (
            r"/restore-jobs/",
            {
                "RestoreJobs": [
                    {"RestoreJobId": "restore-bad", "Status": "FAILED", "RecoveryPointArn": "arn:bad", **job}
                ]
            },
        ),
        (
            r"/DescribeSourceServers",
            {
                "items": [
                    {"sourceServerID": "s-good", "arn": "arn:s-good", "lastLaunchResult": "SUCCEEDED", **launch},
                    {"sourceServerID": "s-bad", "arn": "arn:s-bad", "lastLaunchResult": "NOT_STARTED"},
                ]
            },
        ),
        (r"/analyzer", {"analyzers": [{"name": "external", "arn": "arn:a", "type": "ACCOUNT", "status": "ACTIVE"}]}),
        (
            r"/standards/get",
            {"StandardsSubscriptions": [{"StandardsArn": "arn:cis", "StandardsStatus": "READY"}]},
        ),
    ]
    empty: list[tuple[str, Any]] = [
        (r"/backup/plans/[^/]+/selections/", {"BackupSelectionsList": []}),
        (r"/resources/", {"Results": []}),
        (r"/backup-vaults/[^/]+/recovery-points/", {"RecoveryPoints": []}),
        (r"/backup-jobs/", {"BackupJobs": []}),
        (r"/restore-jobs/", {"RestoreJobs": []}),
        (r"/restore-testing/plans", {"RestoreTestingPlans": []}),
        (r"/DescribeSourceServers", {"items": []}),
        (r"/analyzer", {"analyzers": []}),
        (r"/standards/get", {"StandardsSubscriptions": []}),
    ]

    def answer(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        known = home + empty if f"/{HOME}/" in headers.get("authorization", "") else empty
        plain, _, query = path.partition("?")
        if plain == "/2015-02-01/file-systems/replication-configurations":
            if replicated not in query:
                return json_error("ReplicationNotFound", 404)
            return Reply(200, json.dumps({"Replications": replicas}), {"Content-Type": "application/json"})
        for pattern, found in known:
            if re.fullmatch(pattern, plain):
                return Reply(200, json.dumps(found), {"Content-Type": "application/json"})
        return None

    return answer


def _text(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
