"""The examples: the workflow by its linters and by running its steps, the script, the CronJob by our own rules."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Command, tool
from tests.scan.snapshots import record, write

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
WORKFLOW = EXAMPLES / "nightly.yml"
PROGRAMS = Path(sys.executable).parent
BASH = shutil.which("bash")


def test_the_workflow_is_secure() -> None:
    command = [
        tool("zizmor"),
        "--offline",
        "--no-progress",
        "--no-config",
        "--format",
        "json",
        "--pedantic",
        WORKFLOW,
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (json.loads(ran.stdout), ran.returncode) == ([], 0)


def test_the_workflow_is_one() -> None:
    command = [tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", WORKFLOW]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.go
def test_the_workflow_is_linted() -> None:
    ran = subprocess.run([tool("actionlint"), "-shellcheck=", WORKFLOW], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_a_wrong_workflow_is_seen(tmp_path: Path) -> None:
    wrong = tmp_path / ".github" / "workflows" / "wrong.yml"
    wrong.parent.mkdir(parents=True)
    text = re.sub(r"(actions/checkout)@\w+ # v\S+", r"\1@main", WORKFLOW.read_text("utf-8"))
    wrong.write_text(text)
    ran = subprocess.run([tool("zizmor"), "--offline", "--no-config", wrong], capture_output=True, check=False)
    assert ran.returncode != 0


def job() -> dict[str, Any]:
    jobs: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]["account"]
    return jobs


def test_actions_are_pinned_and_rights_are_few() -> None:
    text = WORKFLOW.read_text("utf-8")
    used = re.findall(r"uses: (\S+)(.*)", text)
    assert len(used) == 6
    assert [each for each, comment in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each)] == []
    assert [comment for _, comment in used if not re.fullmatch(r" # v\d+\.\d+\.\d+", comment)] == []
    assert yaml.safe_load(text)["permissions"] == {}
    assert job()["permissions"] == {
        "contents": "read",
        "id-token": "write",
        "actions": "read",
        "security-events": "write",
    }
    assert [step["name"] for step in job()["steps"] if "${{" in step.get("run", "")] == []


FAKES = {
    "gh": """
        if [ "$2" = list ]; then printf '3\\n2\\n1\\n'; exit 0; fi
        [ "$3" = 2 ] && [ -f ../kept/results.json ] || exit 1
        mkdir -p last && cp ../kept/results.json last/
    """,
    "curl": "cat > ../posted.json; printf '%s\\n' \"$@\" > ../posted.arguments",
    "jq": """python3 -c 'import json,sys; json.dump({"text": open(sys.argv[1]).read()}, sys.stdout)' "$4" """,
}
"""Programs of the runner: gh, which knows three runs, of which the second has results; a curl that keeps what it is
given; jq for the one thing that it does here."""


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a text in bash with fake programs; `account.json.gz` of the folder is what collecting finds."""
    if BASH is None:
        pytest.skip("no bash")
    programs = tmp_path / "bin"
    programs.mkdir()
    real = PROGRAMS / "groundrule"
    collecting = f"""
        if [ "$1 $2" = "aws collect" ]; then
          while [ "$1" != -o ]; do shift; done
          cp "$NIGHT" "$2"
          printf '%s\\n' "$@" > "{tmp_path}/collected.arguments"
          exit 3
        fi
        exec "{real}" "$@"
    """
    for name, text in {**FAKES, "groundrule": collecting}.items():
        file = programs / name
        file.write_text(f"#!{BASH}\n{text}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
    folder = tmp_path / "work"
    folder.mkdir()
    path = os.pathsep.join([str(programs), str(PROGRAMS), os.environ["PATH"]])

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        given = {**os.environ, "PATH": path, "GITHUB_REPOSITORY": "a/b", "GITHUB_STEP_SUMMARY": "../summary.md"}
        return subprocess.run(
            [BASH, *arguments], cwd=folder, env=given | environment, capture_output=True, text=True, check=False
        )

    return run


def night(path: Path, *names: str) -> str:
    """A snapshot with instances in one zone."""
    write(path, [record("AWS::RDS::DBInstance", name, MultiAZ=False, Engine="postgres") for name in names])
    return str(path)


@pytest.mark.skipif(os.name == "nt", reason="a workflow for Linux")
def test_the_steps_of_the_workflow(runner: Any, tmp_path: Path) -> None:
    steps = {step["name"]: step["run"] for step in job()["steps"] if "run" in step}
    assert list(steps) == [
        "Install",
        "Fetch the results of the night before",
        "Collect",
        "Judge",
        "Compare with the night before",
    ]
    del steps["Install"]

    def run(snapshot: str) -> tuple[int, str]:
        shutil.rmtree(tmp_path / "work")
        (tmp_path / "work").mkdir()
        (tmp_path / "summary.md").write_text("")
        for name, text in steps.items():
            ran = runner("--noprofile", "--norc", "-eo", "pipefail", "-c", text, NIGHT=snapshot, WEBHOOK="https://chat")
            if name != "Compare with the night before":
                assert ran.returncode == 0, (name, ran.stderr)
        kept = tmp_path / "kept" / "results.json"
        kept.parent.mkdir(exist_ok=True)
        shutil.copy(tmp_path / "work" / "results.json", kept)
        return ran.returncode, ran.stdout

    first = night(tmp_path / "first.json.gz", "a", "b")
    assert run(first) == (0, "::notice::nothing to compare with: these results are the first\n")
    assert not (tmp_path / "posted.json").exists()
    status, _ = run(night(tmp_path / "second.json.gz", "a", "b", "c"))
    assert status == 1
    posted = json.loads((tmp_path / "posted.json").read_text())["text"]
    assert "medium `rds-instance-single-az` RDS DBInstance c in xxxxxxxx9012/eu-west-1" in posted
    assert posted in (tmp_path / "summary.md").read_text("utf-8")
    assert "# groundrule" in (tmp_path / "summary.md").read_text("utf-8")
    assert (tmp_path / "posted.arguments").read_text().splitlines()[-1] == "https://chat"
    (tmp_path / "posted.json").unlink()
    sarif = json.loads((tmp_path / "work" / "results.sarif").read_text())
    assert sarif["runs"][0]["automationDetails"]["id"].startswith("aws-account")


@pytest.mark.skipif(os.name == "nt", reason="a script for bash")
def test_the_script_for_cron(runner: Any, tmp_path: Path) -> None:
    script = str(EXAMPLES / "nightly.sh")
    settings = {
        "NIGHTLY_WEBHOOK": "https://chat",
        "NIGHTLY_COLLECT": "--rate 20 --region eu-west-1",
        "NIGHTLY_KEEP": "2",
    }
    ran = runner(script, NIGHT=night(tmp_path / "a.json.gz", "a"), **settings)
    assert (ran.returncode, ran.stderr.splitlines()[-1]) == (
        0,
        "nothing to compare with: these results are the first",
    )
    assert (tmp_path / "collected.arguments").read_text().splitlines()[2:] == ["--rate", "20", "--region", "eu-west-1"]
    for number, names in enumerate(("ab", "abc")):
        _age(tmp_path / "work")
        ran = runner(script, NIGHT=night(tmp_path / f"{number}.json.gz", *names), **settings)
        assert ran.returncode == 1, ran.stderr
        posted = json.loads((tmp_path / "posted.json").read_text())["text"]
        assert f"RDS DBInstance {names[-1]} in" in posted
        assert ran.stdout.endswith(posted)
    kept = sorted(path.name for path in (tmp_path / "work").iterdir())
    assert [name.split(".", 1)[1] for name in kept if name[0].isdigit()] == 2 * [
        "account.json.gz",
        "report.html",
        "results.json.gz",
    ]
    assert [name for name in kept if not name[0].isdigit()] == ["last.results.json.gz"]


def _age(folder: Path) -> None:
    """Makes the nights of a folder a day older, so that two of one second have different names."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            target = str(path.readlink())
            path.unlink()
            path.symlink_to(_older(target))
        else:
            path.rename(path.with_name(_older(path.name)))


def _older(name: str) -> str:
    return re.sub(r"^(\d{4})", lambda match: str(int(match[1]) - 1), name)


def test_the_manifests_are_right_by_our_own_rules(groundrule: Command) -> None:
    ran = groundrule("scan", EXAMPLES / "nightly-cronjob.yaml", "-f", "json")
    found = json.loads(ran.out)
    assert [(each["rule"], each["message"]) for each in found["results"]] == []
    assert (ran.status, found["scanned"][0]["resources"]) == (0, 7)


def test_the_job_runs_the_script() -> None:
    documents = list(yaml.safe_load_all((EXAMPLES / "nightly-cronjob.yaml").read_text("utf-8")))
    spec = documents[-1]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    names = {each["name"] for each in container["env"]}
    script = (EXAMPLES / "nightly.sh").read_text("utf-8")
    assert container["command"] == ["nightly.sh"]
    assert {name for name in names if name.startswith("NIGHTLY_")} <= set(re.findall(r"NIGHTLY_\w+", script))
