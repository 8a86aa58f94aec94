"""Accounts: collecting and judging, in one command: `python benchmarks/aws.py` (three minutes; `--quick`: one).

The account is moto's, with 3,000 resources in two regions: the one of `fixtures/auterity/account`, and many more of what
real accounts have many of. It is collected as it is, with 80 ms added to each call, and through a throttle of 20 requests
a second, which must lose nothing. Snapshots of 3,000 and 100,000 resources are judged by all rules. moto answers from a
process of its own, on the same machine. With `--check`, a broken promise of the README is a failure.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
from run import Run, measure, row  # noqa: E402 - the folder is not a package

GROUNDRULE = str(Path(sys.executable).with_name("groundrule"))
REGIONS = ("eu-central-1", "us-east-1")
FILL = 1260
"""Resources in each region besides those of the fixture."""
LATENCY = 0.08
RATE = 20
MANY = 100_000
AIMS = {
    "collect": {"seconds": 10, "processor": 4, "megabytes": 250},
    "latency": {"seconds": 10},
    "judge": {"seconds": 1.5},
    "many": {"seconds": 60, "megabytes": 1000},
}


def serve(port: Any) -> None:
    """moto's server, in a process of its own; its port goes to `port`."""
    import logging

    from moto.server import ThreadedMotoServer

    logging.disable()
    for number in (1, 2):  # it tells of every operation that it lacks
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    port.send(server.get_host_and_port()[1])
    while True:
        time.sleep(3600)


def delay(upstream: int, seconds: float, port: Any) -> None:
    """A proxy that holds each answer back; connections are kept, as a far region's are."""
    asyncio.run(_delay(upstream, seconds, port))


async def _delay(upstream: int, seconds: float, port: Any) -> None:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_moto, to_moto = await asyncio.open_connection("127.0.0.1", upstream)
        asked = asyncio.Event()

        async def there() -> None:
            while data := await reader.read(65536):
                asked.set()
                to_moto.write(data)
                await to_moto.drain()
            to_moto.close()

        async def back() -> None:
            while data := await from_moto.read(65536):
                if asked.is_set():
                    asked.clear()
                    await asyncio.sleep(seconds)
                writer.write(data)
                await writer.drain()
            writer.close()

        with contextlib.suppress(ConnectionError):
            await asyncio.gather(there(), back())

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


@contextlib.contextmanager
def process(target: Any, *arguments: Any) -> Iterator[int]:
    """A process that sends its port, ended at the end."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    worker = context.Process(target=target, args=(*arguments, theirs), daemon=True)
    worker.start()
    try:
        yield ours.recv()
    finally:
        worker.terminate()
        worker.join()


def build(port: int, done: Any) -> None:
    """The account of the fixture, and what brings it to 3,000 resources; `done` is sent the number of these."""
    from fixtures.auterity.account.build_account import build as build_fixture

    account = build_fixture(f"http://127.0.0.1:{port}")

    def many(region: str, half: int) -> None:
        ec2, alarms = account.client("ec2", region), account.client("cloudwatch", region)
        logs, ssm = account.client("logs", region), account.client("ssm", region)
        vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        for number in range(half):
            tags = [{"Key": "Name", "Value": f"v-{number}"}, {"Key": "env", "Value": "production"}]
            name = f"many-{number}"
            if number % 2:
                specification = [{"ResourceType": "volume", "Tags": tags}]
                ec2.create_volume(
                    AvailabilityZone=f"{region}a", Size=8, VolumeType="gp3", TagSpecifications=specification
                )
            elif number % 4:
                ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)
            elif number % 8:
                alarms.put_metric_alarm(
                    AlarmName=name,
                    Namespace="AWS/SQS",
                    MetricName="NumberOfMessagesSent",
                    Statistic="Sum",
                    Period=300,
                    EvaluationPeriods=1,
                    Threshold=1,
                    ComparisonOperator="GreaterThanThreshold",
                    AlarmActions=[f"arn:aws:sns:{region}:123456789012:alerts"],
                )
            elif number % 16:
                ssm.put_parameter(Name=f"/many/{number}", Value="info", Type="String")
            else:
                logs.create_log_group(logGroupName=name)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(many, REGIONS, [FILL, FILL]))
    done.send(2 * FILL)


def collect(port: int, file: Path, *options: str, times: int = 1) -> Run:
    """Collects the account behind a port."""
    regions = [part for region in REGIONS for part in ("--region", region)]
    command = [GROUNDRULE, "aws", "collect", "-o", str(file), "--endpoint-url", f"http://127.0.0.1:{port}"]
    return measure([*command, *regions, "--allow-incomplete", *options], times)


def judge(file: Path, times: int = 1) -> Run:
    """Judges a snapshot by all rules; where it has no place in a repository no configuration is read."""
    return measure([GROUNDRULE, "scan", file.name, "-f", "json", "--allow-incomplete"], times, file.parent)


def lines(file: Path) -> list[dict[str, Any]]:
    """The records of a snapshot."""
    return [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines() if b'"properties"' in line]


def multiply(file: Path, target: Path, wanted: int) -> int:
    """A snapshot with each resource of `file` as often as makes `wanted` of all; the number of records."""
    from scanner.aws.snapshot import open_snapshot, record_line, write_snapshot

    snapshot = open_snapshot(file)
    times = wanted // len(lines(file)) + 1

    def copies(records: Any) -> Iterator[bytes]:
        for record in records:
            yield record_line(record)
            for number in range(1, times):
                more = {key: f"{record[key]}-{number}" for key in ("id", "name", "arn")}
                yield record_line({**record, **more})

    sections = (
        (replace(section, count=section.count * times), copies(records)) for section, records in snapshot.sections()
    )
    return write_snapshot(target, snapshot.header, sections)


def broken(what: str, run: Run) -> list[str]:
    """Which promises a run breaks."""
    return [
        f"{what}: {getattr(run, name):.1f} {name}, promised are {aim}"
        for name, aim in AIMS[what].items()
        if getattr(run, name) > aim
    ]


def main() -> int:
    """Prints the table; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="once each, without the throttle and the 100,000")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    times = 1 if arguments.quick else 3
    os.environ |= {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "none"}
    os.environ |= {"AWS_EC2_METADATA_DISABLED": "true"}
    from run import ENVIRONMENT

    ENVIRONMENT.update(os.environ)
    problems: list[str] = []
    print("| what | time | memory | note |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch, process(serve) as moto:
        file = Path(scratch) / "account.json.gz"
        with process(build, moto):
            pass
        plain = collect(moto, file, times=times)
        records = lines(file)
        row(
            f"collect {len(records):,} resources",
            plain,
            f"processor time {plain.processor:.1f} s; aim: 10 s, 4 s, 250 MB",
        )
        problems += broken("collect", plain)
        judged = judge(file, times)
        row(f"judge {len(records):,} resources", judged, f"processor time {judged.processor:.2f} s; aim: 1.5 s")
        problems += broken("judge", judged)
        with process(delay, moto, LATENCY) as proxy:
            slow = collect(proxy, Path(scratch) / "slow.json.gz", times=times)
        row("collect with 80 ms added to each call", slow, f"processor time {slow.processor:.1f} s; aim: 10 s")
        problems += broken("latency", slow)
        if not arguments.quick:
            problems += throttled(moto, scratch, records)
            problems += large(file, Path(scratch) / "large.json.gz")
    for problem in problems:
        print(f"broken: {problem}", file=sys.stderr)
    return 1 if problems and arguments.check else 0


def throttled(moto: int, scratch: str, records: list[dict[str, Any]]) -> list[str]:
    """Collects through a throttle."""
    from tests.aws.servers import bucket_of, in_front_of

    file = Path(scratch) / "throttled.json.gz"
    with in_front_of(f"http://127.0.0.1:{moto}", bucket_of(RATE)) as proxy:
        run = collect(int(proxy.url.rpartition(":")[2]), file)
    found = lines(file)
    refused = proxy.seen["answered"]
    row(f"collect through {RATE} requests a second", run, f"{refused} requests refused, {len(found):,} resources")
    lost = {(each["type"], each["arn"]) for each in records} - {(each["type"], each["arn"]) for each in found}
    gaps = sum("throttled" in json.dumps(each["unknown"]) for each in found)
    named = ", ".join(f"{kind} {arn}" for kind, arn in sorted(lost)[:5])
    return [f"the throttle loses {len(lost)} resources ({named}) and {gaps} facts"] if lost or gaps else []


def large(file: Path, target: Path) -> list[str]:
    """Judges a snapshot of 100,000 resources."""
    number = multiply(file, target, MANY)
    run = judge(target)
    row(f"judge {number:,} resources", run, f"processor time {run.processor:.1f} s; aim: 60 s, 1,000 MB")
    return broken("many", run)


if __name__ == "__main__":
    sys.exit(main())
