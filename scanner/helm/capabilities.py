"""`.Capabilities`: the Kubernetes that a chart is rendered for, as a profile of its version and API versions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from scanner.core.patterns import late
from scanner.helm.errors import HelmError
from scanner.template.function import Function
from scanner.template.kinds import Struct, declare

HELM_VERSION = "v3.22.0"
GO_VERSION = "go1.26.8"
KUBERNETES_VERSION = "v1.37.0"
"""What Helm 3.22.0 renders for unless it is told otherwise."""

_VERSION = late(r"[\t\n\f\r ]*v?([0-9]+(?:\.[0-9]+)*)[^\n]*\Z")
_LARGEST_PART = 2**64 - 1

API_VERSIONS = tuple(
    """
v1
admissionregistration.k8s.io/v1
admissionregistration.k8s.io/v1alpha1
admissionregistration.k8s.io/v1beta1
internal.apiserver.k8s.io/v1alpha1
apps/v1
apps/v1beta1
apps/v1beta2
authentication.k8s.io/v1
authentication.k8s.io/v1alpha1
authentication.k8s.io/v1beta1
authorization.k8s.io/v1
authorization.k8s.io/v1beta1
autoscaling/v1
autoscaling/v2
batch/v1
batch/v1beta1
certificates.k8s.io/v1
certificates.k8s.io/v1beta1
certificates.k8s.io/v1alpha1
coordination.k8s.io/v1alpha2
coordination.k8s.io/v1beta1
coordination.k8s.io/v1
discovery.k8s.io/v1
discovery.k8s.io/v1beta1
events.k8s.io/v1
events.k8s.io/v1beta1
extensions/v1beta1
flowcontrol.apiserver.k8s.io/v1
flowcontrol.apiserver.k8s.io/v1beta1
flowcontrol.apiserver.k8s.io/v1beta2
flowcontrol.apiserver.k8s.io/v1beta3
lifecycle.k8s.io/v1alpha1
networking.k8s.io/v1
networking.k8s.io/v1beta1
node.k8s.io/v1
node.k8s.io/v1alpha1
node.k8s.io/v1beta1
policy/v1
policy/v1beta1
rbac.authorization.k8s.io/v1
rbac.authorization.k8s.io/v1beta1
rbac.authorization.k8s.io/v1alpha1
resource.k8s.io/v1
resource.k8s.io/v1beta2
resource.k8s.io/v1beta1
resource.k8s.io/v1alpha3
scheduling.k8s.io/v1alpha3
scheduling.k8s.io/v1beta1
scheduling.k8s.io/v1
storage.k8s.io/v1beta1
storage.k8s.io/v1
storage.k8s.io/v1alpha1
storagemigration.k8s.io/v1
storagemigration.k8s.io/v1beta1
apiextensions.k8s.io/v1beta1
apiextensions.k8s.io/v1
""".split()
)
"""The API versions that Helm 3.22.0 knows, in its order."""


class BoxedKubeVersion(Struct):
    """A version of Kubernetes as functions get it: a struct without methods."""

    go_type = "chartutil.KubeVersion"
    fields: ClassVar[dict[str, str]] = {"Version": "version", "Major": "major", "Minor": "minor"}

    def __init__(self, version: str, major: str, minor: str) -> None:
        self.version = version
        self.major = major
        self.minor = minor


class KubeVersion(BoxedKubeVersion):
    """A version of Kubernetes as a field. As the result of an action it is its text; elsewhere, a struct."""

    def boxed(self) -> BoxedKubeVersion:
        """The same without the methods, which are those of a pointer to it."""
        return BoxedKubeVersion(self.version, self.major, self.minor)

    def output_string(self) -> str:
        """What an action writes for it: its String method has a pointer receiver, so that nothing else calls it."""
        return self.version


def _version_text(version: KubeVersion) -> str:
    return version.version


KubeVersion.methods = {
    "String": Function("String", "", _version_text),
    "GitVersion": Function("GitVersion", "", _version_text),
}


class VersionSet(list[str]):
    """Go's chartutil.VersionSet: API versions such as `apps/v1`, and kinds such as `apps/v1/Deployment`."""

    methods: ClassVar[dict[str, Any]] = {}


def _has(versions: VersionSet, wanted: str) -> bool:
    return wanted in versions


VersionSet.methods = {"Has": Function("Has", "string", _has)}
declare(VersionSet, "chartutil.VersionSet", "slice")


class BuildInfo(Struct):
    """What is known about the build of Helm."""

    go_type = "version.BuildInfo"
    fields: ClassVar[dict[str, str]] = {
        "Version": "version",
        "GitCommit": "git_commit",
        "GitTreeState": "git_tree_state",
        "GoVersion": "go_version",
    }

    def __init__(
        self, version: str = HELM_VERSION, git_tree_state: str = "clean", go_version: str = GO_VERSION
    ) -> None:
        self.version = version
        self.git_commit = ""
        self.git_tree_state = git_tree_state
        self.go_version = go_version

    def json_fields(self) -> list[tuple[str, Any]]:
        """The fields that are not empty, under their names in JSON."""
        return [(name, value) for name in self.fields.values() if (value := getattr(self, name))]


class Capabilities(Struct):
    """What the templates see as `.Capabilities`."""

    go_type = "chartutil.Capabilities"
    is_pointer = True
    fields: ClassVar[dict[str, str]] = {
        "KubeVersion": "kube_version",
        "APIVersions": "api_versions",
        "HelmVersion": "helm_version",
    }

    def __init__(
        self,
        kube_version: KubeVersion,
        api_versions: Iterable[str] = API_VERSIONS,
        helm_version: BuildInfo | None = None,
    ) -> None:
        self.kube_version = kube_version
        self.api_versions = VersionSet(api_versions)
        self.helm_version = helm_version or BuildInfo()


def _copied(capabilities: Capabilities) -> Capabilities:
    return Capabilities(capabilities.kube_version, capabilities.api_versions, capabilities.helm_version)


Capabilities.methods = {"Copy": Function("Copy", "", _copied)}


def capabilities(kube_version: str = KUBERNETES_VERSION, more_api_versions: Iterable[str] = ()) -> Capabilities:
    """The profile of a Kubernetes version: Helm's API versions and, as with `--api-versions`, more of them.

    Raises HelmError for a version that Helm does not read.
    """
    return Capabilities(parse_kube_version(kube_version), (*API_VERSIONS, *more_api_versions))


def parse_kube_version(text: str) -> KubeVersion:
    """A version as `--kube-version` takes it: two or more numbers, a `v` in front or not, and anything behind, which is
    dropped: `1.30.1-gke.1` is v1.30.1. Raises HelmError with Helm's message.
    """
    match = _VERSION.match(text)
    if match is None:
        raise _refused(text, f"could not parse {_quoted(text)} as version")
    parts = match[1].split(".")
    if len(parts) < 2:
        raise _refused(text, f"illegal version string {_quoted(text)}")
    if parts[0].startswith("0") and parts[0] != "0":
        raise _refused(text, f"illegal zero-prefixed version component {_quoted(parts[0])} in {_quoted(text)}")
    for part in parts:
        if len(part.lstrip("0")) > 20 or int(part) > _LARGEST_PART:
            problem = f"strconv.ParseUint: parsing {_quoted(part)}: value out of range"
            message = f"illegal non-numeric version component {_quoted(part)} in {_quoted(text)}: {problem}"
            raise _refused(text, message)
    numbers = [str(int(part)) for part in parts]
    return KubeVersion("v" + ".".join(numbers), numbers[0], numbers[1])


def _refused(text: str, problem: str) -> HelmError:
    return HelmError(f"invalid kube version '{text}': {problem}", hint="give two or three numbers, such as 1.33.0")


def _quoted(text: str) -> str:
    from scanner.template.printing import quote

    return quote(text)
