"""The views: the shapes that rules are written against, one for every target, each attribute with type and meaning.

A type is `string`, `int`, `bool`, `list(T)`, `map(string)` (string keys), or the name of another view. An attribute
marked with a leading `*` is a relation: it comes from the other resources of the scan, so that a rule that reads it
waits until all of them are known. Sizes are bytes, CPU is millicores, durations are milliseconds.
"""

from typing import NamedTuple


class Attribute(NamedTuple):
    """One attribute of a view. `relation` means that it needs the whole inventory."""

    name: str
    type: str
    meaning: str
    relation: bool = False


class View(NamedTuple):
    """A named shape. `subject` tells views that rules can match from shapes that only occur inside others."""

    name: str
    meaning: str
    attributes: dict[str, Attribute]
    subject: bool = True


def _view(name: str, meaning: str, table: str, *, subject: bool = True) -> View:
    attributes: dict[str, Attribute] = {}
    for line in table.strip().splitlines():
        word, kind, text = line.split(None, 2)
        key = word.removeprefix("*")
        attributes[key] = Attribute(key, kind, text, relation=word.startswith("*"))
    return View(name, meaning, attributes, subject)


_ALL = (
    _view(
        "container",
        "A Compose service; a container, init container or ephemeral container of a workload; one of an ECS task.",
        """
        name string its name: the service's or the container's
        kind string service, container, init or ephemeral
        namespace string the Kubernetes namespace, else ''
        workload_kind string service (Compose), Pod, Deployment, Job, CronJob, ..., Task or FargateTask (ECS)
        image string the image reference
        built bool a build section makes the image
        pull_policy string Compose pull_policy or Kubernetes imagePullPolicy, as written
        command list(string) the process that replaces the image's (Compose entrypoint, Kubernetes command)
        arguments list(string) its arguments (Compose command, Kubernetes args)
        user string the user that it runs as: 'name', 'uid' or 'uid:gid'; pod-level runAsUser counts
        group string the primary group where it is set apart from the user
        run_as_non_root bool Kubernetes runAsNonRoot, the pod's where the container has none
        privileged bool it has all rights on the host
        allow_privilege_escalation bool false where no-new-privileges is in force
        read_only_root_filesystem bool the root file system is mounted read-only
        capabilities_add list(string) capabilities added, upper case, without CAP_
        capabilities_drop list(string) capabilities dropped, upper case, without CAP_
        seccomp_profile string unconfined, runtime/default, localhost:PATH; the pod's where the container has none
        apparmor_profile string unconfined, runtime/default, localhost:NAME
        selinux_disabled bool SELinux separation is switched off
        proc_mount string Kubernetes procMount
        windows_host_process bool a Windows host process container
        devices list(string) host devices that it sees
        cpu_limit int the most CPU that it may use
        memory_limit int the most memory that it may use
        ephemeral_storage_limit int the most local storage that it may use
        pids_limit int the most processes that it may start; -1 means no limit
        cpu_request int CPU that is reserved for it
        memory_request int memory that is reserved for it
        health_check probe of Compose and ECS; in Kubernetes the liveness, else the readiness, else the startup probe
        essential bool ECS: the task ends with it
        liveness_probe probe Kubernetes only
        readiness_probe probe Kubernetes only
        startup_probe probe Kubernetes only
        pre_stop_hook bool a preStop hook is set
        environment list(environment_variable) its environment, env_file included
        environment_files list(string) env_file paths of a Compose service
        ports list(port) the ports that it listens on or publishes
        mounts list(mount) what is mounted into it
        restart string Compose restart policy, or Kubernetes restartPolicy
        network_mode string Compose network_mode
        networks list(string) Compose networks it joins ('default' where none is named)
        depends_on list(dependency) Compose dependencies
        logging_driver string Compose logging driver
        logging_options map(string) Compose logging options
        labels map(string) Compose labels, or the pod's labels
        profiles list(string) Compose profiles
        secrets list(string) names of the secrets mounted into it
        init bool Compose runs an init process in it
        run_once bool another Compose service waits until it has completed
        image_health_check bool the Dockerfile that a Compose service is built from has a HEALTHCHECK
        security_options list(string) Compose security_opt as written
        stop_grace_period int time between SIGTERM and SIGKILL
        cgroup_parent string Compose cgroup_parent
        """,
    ),
    _view(
        "workload",
        "A Compose service, a Kubernetes object that runs pods, an ECS task definition or service.",
        """
        name string its name
        namespace string the Kubernetes namespace, else ''
        kind string service (Compose), Pod, Deployment, StatefulSet, ..., TaskDefinition or Service (ECS)
        labels map(string) the labels of the object itself
        annotations map(string) the annotations of the object itself
        pod_labels map(string) the labels of its pods; a Compose service's labels
        pod_annotations map(string) the annotations of its pods
        replicas int how many run; absent where nothing says so
        long_running bool it is meant to go on for ever (no Job, no CronJob)
        scalable bool more than one may run (Deployment, StatefulSet, ReplicaSet, Rollout, ...)
        host_network bool it shares the host's network
        host_pid bool it sees the host's processes
        host_ipc bool it shares the host's IPC
        host_uts bool it shares the host's name (Compose uts: host)
        host_users bool false where a user namespace is in force; Compose userns_mode host is true
        service_account string the service account's name
        automount_token bool the service account's token is mounted
        strategy string RollingUpdate, Recreate, OnDelete, ...
        max_unavailable string of the rolling update, as written
        topology_spread list(spread) how pods spread over zones and nodes
        anti_affinity list(affinity_term) pod anti-affinity
        node_selector map(string) labels that its nodes must have
        priority_class string priorityClassName
        termination_grace_period int time between SIGTERM and SIGKILL
        deadline int activeDeadlineSeconds of a Job
        time_to_live int ttlSecondsAfterFinished of a Job
        starting_deadline int startingDeadlineSeconds of a CronJob
        concurrency_policy string of a CronJob
        fs_group int the pod's fsGroup
        sysctls list(string) names of the kernel parameters set
        dns_policy string dnsPolicy
        service_name string the governing service of a StatefulSet
        selector map(string) matchLabels of its selector
        containers list(container) every container of it
        volumes list(mount) the volumes of the pod, or of the Compose service
        networks list(network) the Compose networks that it joins
        dependents list(string) the Compose services that depend on it
        exposed_neighbours list(string) Compose services that publish a port and share a network with it without need
        *network_policies list(network_policy) the policies that select its pods
        *services list(service) the Services that select its pods
        *autoscalers list(autoscaler) HPA and KEDA objects that scale it
        *vertical_autoscalers list(autoscaler) VPA objects that size it
        *disruption_budgets list(disruption_budget) PDBs that select its pods
        *service_account_exists bool its service account is in the scan ('default' always is)
        *quotas list(quota) ResourceQuotas of its namespace
        *limit_ranges list(quota) LimitRanges of its namespace
        *ingresses list(ingress) the Ingresses that lead to it
        """,
    ),
    _view(
        "environment_variable",
        "One variable in the environment of a container, of a Lambda function or of a build.",
        """
        name string its name
        value string its literal value; absent where it comes from elsewhere
        source string literal, variable (one without a value here), env_file, secret, config_map, field, inherited
        container string the container's or service's name
        ignored bool git ignores the file that it stands in
        secret string the kind of secret that an AWS value was judged to be when it was collected, '' for none
        """,
    ),
    _view(
        "text_setting",
        "A text outside the environment in which a secret may stand.",
        """
        place string command, argument, label, annotation, build_argument, config, health_check, url, config_map, ...
        name string the key or option that it is the value of, '' where it has none
        value string the text
        owner string the service, container or object that it belongs to
        secret string the kind of secret that an AWS text was judged to hold when it was collected, '' for none
        """,
    ),
    _view(
        "port",
        "A port of a container: published on the host (Compose ports, hostPort), or only listened on.",
        """
        container_port int the port inside; 0 where it is a range
        protocol string tcp, udp or sctp
        published bool reachable through the host
        host_port int the host's port; 0 where it is a range or chosen by the runtime
        host_ip string the host's address that it is bound to, '' for all
        name string the port's name
        container string the container's or service's name
        image string the container's image
        """,
    ),
    _view(
        "mount",
        "Something mounted into a container, or a volume of a pod.",
        """
        kind string bind (a host path), volume, tmpfs, secret, config, empty_dir, claim, projected, csi, image, other
        source string the host path or the volume's name
        target string the path inside
        read_only bool it cannot be written
        propagation string bind propagation, lower case: private, slave, shared, rshared, ...
        container string the container's or service's name, '' for a pod's volume
        options list(string) mount options of a tmpfs
        image string the container's image; absent for a pod's volume
        """,
    ),
    _view(
        "capability",
        "A capability that is added to a container.",
        """
        name string upper case, without CAP_
        container string the container's or service's name
        """,
    ),
    _view(
        "probe",
        "How a container's health is found out.",
        """
        kind string command, shell, http, tcp, grpc or none
        command list(string) the command, without its CMD or CMD-SHELL
        path string of an HTTP probe
        port string number or name
        interval int time between probes
        timeout int time until a probe counts as failed
        retries int failures in a row that make it unhealthy
        start_period int time in which failures do not count
        disabled bool the image's own check is switched off
        """,
        subject=False,
    ),
    _view(
        "dependency",
        "A Compose service that another one waits for.",
        """
        service string the service that must start first
        condition string service_started, service_healthy or service_completed_successfully
        required bool the dependent does not start without it
        has_health_check bool the service has a health check in the Compose files
        service_image string the image of that service
        container string the service that waits
        """,
    ),
    _view(
        "spread",
        "A topology spread constraint.",
        """
        topology_key string the node label whose values are the domains
        max_skew int how uneven it may be
        when_unsatisfiable string DoNotSchedule or ScheduleAnyway
        """,
        subject=False,
    ),
    _view(
        "affinity_term",
        "A term of pod anti-affinity.",
        """
        topology_key string the node label whose values are the domains
        required bool requiredDuringScheduling, not preferred
        """,
        subject=False,
    ),
    _view(
        "network",
        "A network of a Compose project.",
        """
        name string the key in the project
        internal bool it has no way out
        external bool it is made elsewhere
        driver string its driver
        services list(string) the services that join it
        """,
    ),
    _view(
        "network_policy",
        "A Kubernetes NetworkPolicy, or Cilium's or Calico's.",
        """
        name string its name
        namespace string its namespace, '' for one of the whole cluster
        kind string NetworkPolicy, CiliumNetworkPolicy, GlobalNetworkPolicy, ...
        selects_all bool its selector takes every pod
        isolates_ingress bool it restricts what comes in
        isolates_egress bool it restricts what goes out
        allows_all_ingress bool one of its rules lets everything in
        allows_all_egress bool one of its rules lets everything out
        *selects_workloads int how many workloads of the scan it selects
        """,
    ),
    _view(
        "service",
        "A Kubernetes Service.",
        """
        name string its name
        namespace string its namespace
        type string ClusterIP, NodePort, LoadBalancer or ExternalName
        external_ips list(string) externalIPs
        source_ranges list(string) loadBalancerSourceRanges
        selector map(string) the pod labels that it selects; absent where it has none
        annotations map(string) its annotations
        *selects_workloads int how many workloads of the scan it selects
        """,
    ),
    _view(
        "ingress",
        "A Kubernetes Ingress.",
        """
        name string its name
        namespace string its namespace
        class string its class, from the field or the annotation
        tls bool it has a tls section
        hosts list(string) its hosts
        annotations map(string) its annotations
        services list(string) names of the Services that it leads to
        *missing_services list(string) those of them that the scan does not hold
        """,
    ),
    _view(
        "autoscaler",
        "A HorizontalPodAutoscaler, a KEDA ScaledObject or a VerticalPodAutoscaler.",
        """
        name string its name
        namespace string its namespace
        kind string HorizontalPodAutoscaler, ScaledObject or VerticalPodAutoscaler
        min int the fewest replicas
        max int the most replicas
        target_kind string the kind that it scales
        target_name string the name of what it scales
        resource_metrics list(string) cpu, memory: metrics relative to requests
        *target_exists bool what it scales is in the scan
        *target_replicas_set bool what it scales sets its own number of replicas
        """,
    ),
    _view(
        "disruption_budget",
        "A PodDisruptionBudget.",
        """
        name string its name
        namespace string its namespace
        min_available string as written
        max_unavailable string as written
        *selects_workloads int how many workloads of the scan it selects
        *fewest_replicas int the fewest replicas among the workloads that it selects; absent where unknown
        """,
    ),
    _view(
        "quota",
        "A ResourceQuota or LimitRange.",
        """
        name string its name
        namespace string its namespace
        kind string ResourceQuota or LimitRange
        """,
    ),
    _view(
        "kubernetes_namespace",
        "A namespace that workloads run in: declared, or only named by its workloads.",
        """
        name string its name
        labels map(string) its labels; absent where it is only named
        declared bool a Namespace object is in the scan
        workloads int how many workloads run in it
        has_quota bool a ResourceQuota stands in it
        has_limit_range bool a LimitRange stands in it
        denies_ingress_by_default bool a policy isolates every pod in it for ingress
        denies_egress_by_default bool a policy isolates every pod in it for egress
        """,
    ),
    _view(
        "role_rule",
        "One rule of a Role or ClusterRole.",
        """
        role string the role's name
        role_kind string Role or ClusterRole
        verbs list(string) what it allows
        resources list(string) on which resources
        api_groups list(string) of which API groups
        resource_names list(string) names of the only objects that it is about
        """,
    ),
    _view(
        "role_binding",
        "A RoleBinding or ClusterRoleBinding.",
        """
        name string its name
        kind string RoleBinding or ClusterRoleBinding
        role string the role's name
        role_kind string Role or ClusterRole
        subjects list(string) kind:namespace/name of those who get it
        """,
    ),
    _view(
        "compose_project",
        "A Compose project as a whole.",
        """
        name string its name
        services list(string) the names of its services
        networks list(string) the names of its networks, 'default' included where it is used
        has_version bool the obsolete top-level version is there
        memory_limits int the sum of the services' memory limits
        """,
    ),
    _view(
        "file_secret",
        "A secret of a Compose project whose source is a file of the repository.",
        """
        kind string secret
        name string the secret's name
        path string the file, relative to the repository
        exists bool the file is there, and not empty
        tracked bool git does not ignore it
        """,
    ),
)

VIEWS: dict[str, View] = {view.name: view for view in _ALL}
