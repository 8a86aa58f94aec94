"""An account in moto's server with defects in the many forms that people write them in, and right ones that look alike.

`build` returns the secrets that it planted: none of them may stand in anything that is written.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

Client = Callable[..., Any]
REGION = "eu-west-1"
ACCOUNT = "123456789012"
KEY_ID = "AKIA" + "Q3EGRN2LX7YHVW4T"
KEY = "q7Bk2mZpX9vR4tLw8sNd" + "Yc1HgJf6Ua3TeOi5PzQx"
GITHUB = "ghp_" + "a8Kd93mZqL0vT5rXw2YbN7cPfJ6hG1sUeIoR"
STRIPE = "sk_live_" + "51HqLyjWDarjtT1zdp7dcXyZ"
PASSWORDS = tuple(f"Gr4ndma-Kn0ws-{number:02d}" for number in range(24))

FUNCTIONS: dict[str, dict[str, str]] = {
    "password": {"DB_PASSWORD": PASSWORDS[0], "LOG_LEVEL": "info"},
    "access-key": {"KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": KEY},
    "token-in-url": {"REMOTE": f"https://x:{GITHUB}@github.com/x/y.git"},
    "connection": {"DATABASE_URL": f"postgresql://app:{PASSWORDS[1]}@db.internal:5432/orders"},
    "connection-string": {"ConnectionStrings__Main": f"Server=db;User Id=sa;Password={PASSWORDS[2]};"},
    "json": {"CONFIG": json.dumps({"stripe": {"key": STRIPE}})},
    "packed": {"SETTINGS": base64.b64encode(json.dumps({"db_password": PASSWORDS[3]}).encode()).decode()},
    "json-compact": {"CONFIG": json.dumps({"smtp": {"password": PASSWORDS[15]}}, separators=(",", ":"))},
    "java-options": {"JAVA_TOOL_OPTIONS": f"-Xmx512m -Dspring.datasource.password={PASSWORDS[16]} -Dx=y"},
    "basic": {"UPSTREAM": "Basic " + base64.b64encode(f"app:{PASSWORDS[17]}".encode()).decode()},
    "data-source": {"DSN": f"app:{PASSWORDS[18]}@tcp(db.internal:3306)/orders"},
    "names-only": {
        "API_KEY_PARAMETER": "/prod/api/key",
        "COMMIT": "9fceb02d0ae598e95dc970b74767f19372d61af8",
        "DB_PASSWORD_FILE": "/opt/secret",
        "DB_SECRET_ARN": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:prod/orders/db-AbCdEf",
        "DB_SECRET": "prod/orders/db",
        "ENCRYPTION_KEY_ALIAS": "alias/orders",
        "IMAGE_DIGEST": "sha256:" + "e" * 64,
        "KMS_KEY_ID": "1234abcd-12ab-34cd-56ef-1234567890ab",
        "OAUTH_TOKEN_URL": "https://auth.example.com/oauth2/token",
        "PARTITION_KEY": "customerId",
        "PASSWORD_MIN_LENGTH": "12",
        "SECRET_NAME": "prod/orders/db",
        "STRIPE_KEY": "pk_live_" + "51HqLyjWDarjtT1zdp7dcXyZ",
        "TOKEN_TTL": "3600",
    },
}

_PACKED = base64.b64encode(f"[client]\npassword={PASSWORDS[4]}\n".encode()).decode()
USER_DATA: dict[str, str | bytes] = {
    "data-script": f"#!/bin/bash\nexport DB_PASSWORD='{PASSWORDS[5]}'\n./start\n",
    "data-compressed": gzip.compress(f"#cloud-config\nwrite_files:\n- content: API_TOKEN={GITHUB}\n".encode()),
    "data-packed-file": f"#cloud-config\nwrite_files:\n- path: /root/.my.cnf\n  encoding: b64\n  content: {_PACKED}\n",
    "data-parts": (
        'Content-Type: multipart/mixed; boundary="B"\nMIME-Version: 1.0\n\n--B\n'
        f"Content-Type: text/x-shellscript\n\n#!/bin/sh\nmysql -u root -p{PASSWORDS[6]} -e 'select 1'\n--B--\n"
    ),
    "data-powershell": f'<powershell>\n$AdminPassword = "{PASSWORDS[19]}"\n</powershell>',
    "data-chpasswd": f'#!/bin/sh\necho "root:{PASSWORDS[20]}" | chpasswd\n',
    "data-fetched": (
        "#!/bin/bash\nDB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id db --query SecretString)\n"
        "aws ecr get-login-password | docker login --username AWS --password-stdin 1.dkr.ecr.eu-west-1.amazonaws.com\n"
        "docker run -e PASSWORD_FILE=/run/secrets/db app\n"
    ),
}

_ANY = {"CidrIp": "0.0.0.0/0"}
INGRESS: dict[str, list[dict[str, Any]]] = {
    "any-ssh": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}, _ANY]}],
    "any-ssh-six": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}],
    "any-range": [{"IpProtocol": "tcp", "FromPort": 20, "ToPort": 25, "IpRanges": [_ANY]}],
    "any-protocol": [{"IpProtocol": "-1", "IpRanges": [_ANY]}],
    "any-halves": [
        {
            "IpProtocol": "tcp",
            "FromPort": 3389,
            "ToPort": 3389,
            "IpRanges": [{"CidrIp": "0.0.0.0/1"}, {"CidrIp": "128.0.0.0/1"}],
        }
    ],
    "any-cache": [{"IpProtocol": "udp", "FromPort": 11211, "ToPort": 11211, "IpRanges": [_ANY]}],
    "web-only": [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [_ANY], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
        {"IpProtocol": "udp", "FromPort": 443, "ToPort": 443, "IpRanges": [_ANY]},
    ],
    "office-only": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "203.0.113.0/24"}]}],
}


def _allow(principal: Any, condition: Any = None, *, key: str = "Principal") -> dict[str, Any]:
    statement = {"Effect": "Allow", key: principal, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::*/*"}
    return {**statement, "Condition": condition} if condition else statement


POLICIES: dict[str, Any] = {
    "open-string": _allow("*"),
    "open-list": [_allow({"AWS": ["*"]})],
    "open-but-one": [_allow({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, key="NotPrincipal")],
    "open-any-network": _allow("*", {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}),
    "open-by-referer": _allow("*", {"StringLike": {"aws:Referer": ["https://www.example.com/*"]}}),
    "open-unless": _allow({"AWS": "*"}, {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}),
    "kept-organization": _allow("*", {"StringEquals": {"aws:PrincipalOrgID": "o-abc1234567"}}),
    "kept-endpoint": _allow({"AWS": "*"}, {"StringEquals": {"aws:sourceVpce": "vpce-0123456789abcdef0"}}),
    "kept-service": [_allow({"Service": "cloudfront.amazonaws.com"})],
}
QUEUE_POLICIES: dict[str, Any] = {
    "open-to-all": [{"AWS": "*"}, None],
    "open-to-any-bucket": ["*", {"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:*"}}],
    "kept-for-bucket": ["*", {"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:orders"}}],
    "kept-for-topic": ["*", {"ArnEquals": {"aws:SourceArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:topic"}}],
    "kept-for-partner": [{"AWS": ["210987654321"]}, None],
}
_GITHUB = "token.actions.githubusercontent.com"
ROLES: dict[str, dict[str, Any]] = {
    "any-repository": {"StringEquals": {f"{_GITHUB}:aud": "sts.amazonaws.com"}},
    "any-branch": {"StringLike": {f"{_GITHUB}:sub": "repo:*:ref:refs/heads/main"}},
    "one-repository": {"StringLike": {f"{_GITHUB}:sub": "repo:acme/orders:*"}},
}


def build(client: Client) -> tuple[str, ...]:
    """Builds everything, in one region, and returns the secrets in it."""
    role = client("iam").create_role(RoleName="app", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    _roles(client("iam"))
    _functions(client("lambda", REGION), role)
    _tasks(client("ecs", REGION))
    _builds(client("codebuild", REGION), role.replace("role/", "role/service-role/"))
    _stacks(client("cloudformation", REGION))
    _machines(client("ec2", REGION), client("autoscaling", REGION))
    _zones(client)
    _buckets(client("s3", REGION))
    _queues(client("sqs", REGION))
    return (KEY, GITHUB, STRIPE, _PACKED, *PASSWORDS)


def _roles(roles: Any) -> None:
    provider = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{_GITHUB}"}
    for name, condition in ROLES.items():
        statement = {"Effect": "Allow", "Principal": provider, "Action": "sts:AssumeRoleWithWebIdentity"}
        document = json.dumps({"Version": "2012-10-17", "Statement": {**statement, "Condition": condition}})
        roles.create_role(RoleName=name, AssumeRolePolicyDocument=document)


def _functions(functions: Any, role: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", "")
    for name, variables in FUNCTIONS.items():
        functions.create_function(
            FunctionName=name,
            Role=role,
            Runtime="python3.13",
            Handler="index.handler",
            Code={"ZipFile": packed.getvalue()},
            Environment={"Variables": variables},
        )
    kept = {"SourceArn": "arn:aws:s3:::orders", "SourceAccount": ACCOUNT}
    for name, principal, more in (
        ("password", "*", {}),
        ("json", "s3.amazonaws.com", {}),
        ("names-only", "s3.amazonaws.com", kept),
    ):
        functions.add_permission(
            FunctionName=name, StatementId="one", Action="lambda:InvokeFunction", Principal=principal, **more
        )


def _tasks(tasks: Any) -> None:
    image = "example.com/app@sha256:" + "a" * 64
    for name, container in (
        ("task-variable", {"environment": [{"name": "CACHE", "value": f"redis://:{PASSWORDS[7]}@cache:6379/0"}]}),
        ("task-argument", {"command": ["redis-server", "--requirepass", PASSWORDS[8]]}),
        ("task-label", {"dockerLabels": {"db.password": PASSWORDS[9]}}),
        ("task-check", {"healthCheck": {"command": ["CMD-SHELL", f"curl -fu app:{PASSWORDS[21]} http://localhost/"]}}),
        ("task-reference", {"secrets": [{"name": "DB_PASSWORD", "valueFrom": "/prod/db/password"}]}),
    ):
        containers = [{"name": "app", "image": image, "memory": 64, **container}]
        tasks.register_task_definition(family=name, containerDefinitions=containers)


def _builds(builds: Any, role: str) -> None:
    spec = f"version: 0.2\nenv:\n  variables:\n    DB_PASSWORD: {PASSWORDS[10]}\n"
    for name, variables, source in (
        ("build-variable", [{"name": "DEPLOY_PASSWORD", "value": PASSWORDS[11]}], {}),
        ("build-spec", [], {"buildspec": spec}),
        ("build-source", [], {"type": "GITHUB", "location": f"https://x-access-token:{GITHUB}@github.com/x/y.git"}),
        ("build-reference", [{"name": "DEPLOY_PASSWORD", "value": "/ci/password", "type": "PARAMETER_STORE"}], {}),
    ):
        builds.create_project(
            name=name,
            source={"type": "S3", "location": "bucket/source.zip", **source},
            artifacts={"type": "NO_ARTIFACTS"},
            environment={
                "type": "LINUX_CONTAINER",
                "image": "aws/codebuild/standard:7.0",
                "computeType": "BUILD_GENERAL1_SMALL",
                "environmentVariables": variables,
            },
            serviceRole=role,
        )


def _stacks(stacks: Any) -> None:
    topic = {"Topic": {"Type": "AWS::SNS::Topic"}}
    for name, outputs in (
        ("stack-output", {"AdminPassword": {"Value": PASSWORDS[12]}}),
        ("stack-address", {"Connection": {"Value": f"mysql://root:{PASSWORDS[13]}@db/x"}}),
        ("stack-reference", {"SecretArn": {"Value": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-AbCdEf"}}),
    ):
        stacks.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": topic, "Outputs": outputs}))


def _machines(ec2: Any, groups: Any) -> None:
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    for name, data in USER_DATA.items():
        ec2.run_instances(
            ImageId=image,
            MinCount=1,
            MaxCount=1,
            UserData=data,
            TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}],
        )
    script = base64.b64encode(f"#!/bin/sh\nexport PGPASSWORD={PASSWORDS[14]}\n".encode()).decode()
    clean: dict[str, str] = {"ImageId": image}
    leaking = {**clean, "UserData": script}
    for name, versions in (
        ("template-latest", [clean, leaking]),
        ("template-default", [leaking, clean]),
        ("template-clean", [clean]),
    ):
        ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=versions[0])
        for version in versions[1:]:
            ec2.create_launch_template_version(LaunchTemplateName=name, LaunchTemplateData=version)
    groups.create_launch_configuration(
        LaunchConfigurationName="configuration", ImageId=image, InstanceType="t3.micro", UserData=script
    )
    for name, entry in (("any-listed", "0.0.0.0/0"), ("office-listed", "203.0.113.0/24")):
        prefix_list = ec2.create_managed_prefix_list(
            PrefixListName=name, AddressFamily="IPv4", MaxEntries=2, Entries=[{"Cidr": entry}]
        )["PrefixList"]["PrefixListId"]
        group = ec2.create_security_group(GroupName=name, Description="ingress")["GroupId"]
        listed = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": prefix_list}]}]
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=listed)
    for name, permissions in INGRESS.items():
        group = ec2.create_security_group(GroupName=name, Description="ingress")["GroupId"]
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=permissions)


def _zones(client: Client) -> None:
    """Two subnets in one zone are one zone; a classic load balancer in subnets has its zones by them."""
    ec2, groups, balancers = client("ec2", REGION), client("autoscaling", REGION), client("elb", REGION)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    first, beside, other = (
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=REGION + zone)["Subnet"][
            "SubnetId"
        ]
        for index, zone in enumerate("aab")
    )
    listeners = [{"Protocol": "TCP", "LoadBalancerPort": 443, "InstancePort": 443}]
    for name, subnets in (("zones-one", [first, beside]), ("zones-two", [first, other])):
        groups.create_auto_scaling_group(
            AutoScalingGroupName=name,
            MinSize=0,
            MaxSize=2,
            VPCZoneIdentifier=",".join(subnets),
            LaunchConfigurationName="configuration",
        )
    for name, subnets in (("entry-one", [first]), ("entry-two", [first, other])):
        balancers.create_load_balancer(LoadBalancerName=name, Listeners=listeners, Subnets=subnets)


def _buckets(buckets: Any) -> None:
    for name, statements in POLICIES.items():
        buckets.create_bucket(Bucket=f"{name}-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        buckets.put_bucket_policy(Bucket=f"{name}-bucket", Policy=document)


def _queues(queues: Any) -> None:
    for name, (principal, condition) in QUEUE_POLICIES.items():
        statement = {"Effect": "Allow", "Principal": principal, "Action": "sqs:SendMessage", "Resource": "*"}
        if condition:
            statement["Condition"] = condition
        document = json.dumps({"Version": "2012-10-17", "Statement": statement})
        queues.create_queue(QueueName=name, Attributes={"Policy": document})
