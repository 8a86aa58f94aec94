"""Servers that AWS is not: one that hangs, one that answers with set errors, and one that throttles moto."""

from __future__ import annotations

import socket
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

_HOP = ("host", "connection", "content-length", "transfer-encoding", "accept-encoding", "expect")


class Reply(NamedTuple):
    """An answer of a server's own."""

    status: int
    body: str
    headers: dict[str, str] = {}  # noqa: RUF012 - nobody changes it


Rule = Callable[[str, bytes, dict[str, str]], Reply | None]
"""Path, body and headers of a request → the answer, None to hand it on to moto."""


class Proxy(NamedTuple):
    url: str
    seen: Counter[str]


@contextmanager
def hanging() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        taken: list[socket.socket] = []
        stop = threading.Event()

        def accept() -> None:
            listening.settimeout(0.1)
            while not stop.is_set():
                try:
                    taken.append(listening.accept()[0])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        stop.set()
        thread.join()
        for each in taken:
            each.close()


@contextmanager
def in_front_of(moto: str, rule: Rule) -> Iterator[Proxy]:
    """A server that answers what `rule` has an answer for, and hands everything else on."""
    seen: Counter[str] = Counter()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = rule(self.path, body, headers)
            seen["handed on" if reply is None else "answered"] += 1
            status, data, more = (reply.status, reply.body.encode(), reply.headers) if reply else self.hand_on(body)
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = handle_any  # noqa: N815 - the names of the base class

        def hand_on(self, body: bytes) -> tuple[int, bytes, dict[str, str]]:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            asked = urllib.request.Request(moto + self.path, data=body or None, headers=headers, method=self.command)
            try:
                with urllib.request.urlopen(asked, timeout=20) as answer:
                    return answer.status, answer.read(), _kept(dict(answer.headers))
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, error.read(), _kept(dict(error.headers))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Proxy(f"http://127.0.0.1:{server.server_address[1]}", seen)
    server.shutdown()
    server.server_close()
    thread.join()


def _kept(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in (*_HOP, "server", "date")}


def bucket_of(rate: float) -> Rule:
    """Throttles to `rate` requests a second, as AWS's token buckets do."""
    lock = threading.Lock()
    state = {"tokens": rate, "at": time.monotonic()}

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        with lock:
            now = time.monotonic()
            state["tokens"] = min(rate, state["tokens"] + (now - state["at"]) * rate)
            state["at"] = now
            if state["tokens"] >= 1:
                state["tokens"] -= 1
                return None
        if "x-amz-target" in headers or path.startswith("/20"):
            return json_error("ThrottlingException")
        return xml_error("Throttling") if b"Action=" in body else xml_error("SlowDown", status=503)

    return rule


def xml_error(code: str, message: str = "", status: int = 400, headers: dict[str, str] | None = None) -> Reply:
    """An error as the query services (EC2, IAM, STS, ...) and S3 write it."""
    body = f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors></Response>"
    body = body.replace("Response>", "ErrorResponse>").replace("<Errors>", "").replace("</Errors>", "")
    return Reply(status, body, {"Content-Type": "text/xml", **(headers or {})})


def json_error(code: str, status: int = 400, message: str = "") -> Reply:
    """An error as the JSON services write it."""
    text = f'{{"__type":"{code}","message":"{message}"}}'
    return Reply(status, text, {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": code})


def target(name: str, reply: Reply) -> Rule:
    """Answers one operation of a JSON service."""
    return lambda path, body, headers: reply if headers.get("x-amz-target", "").endswith(f".{name}") else None
