"""A Messages API on loopback that plays a script of tool calls to the real client and keeps every request it sends.

A script is a list of steps, a step is the tool calls of one assistant message (the client runs them in parallel). Which
step comes next is read off the conversation that arrives, not counted: a request that the client repeats gets the same
answer, and its side conversations (titles, summaries) consume nothing. A subagent's conversation is known by
`[play KEY]` in its first message, and gets the script of that key.
"""

import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self

MAIN = "main"
_KEY = re.compile(r"\[play ([a-z0-9-]+)\]")


class ToolCall(NamedTuple):
    """One scripted tool call.

    id: the tool_use id by which its result is found again. fill: (key, pattern): before the call is played, that key of
    the input becomes the pattern's group 1 in the results so far. before: the name of the session's act that is done
    before the call is played.
    """

    name: str
    input: dict[str, Any]
    id: str = ""
    fill: tuple[str, str] | None = None
    before: str = ""


class Result(NamedTuple):
    """What the client sent back for one tool call. error: it was marked as an error, as a denied call is."""

    text: str
    error: bool


Script = Sequence[Sequence[ToolCall]]


def keyed(script: Script, key: str = MAIN) -> list[list[ToolCall]]:
    """The script with an id on every call that has none: `toolu_KEY_STEP_PLACE`."""
    return [
        [call._replace(id=call.id or f"toolu_{key}_{step}_{place}") for place, call in enumerate(calls)]
        for step, calls in enumerate(script)
    ]


class Loopback:
    """The API while the `with` block runs.

    scripts: key -> script; `main` is the session's own conversation. acts: name -> what a call's `before` does, once.
    `bodies` holds every request body as sent, `url` is what `ANTHROPIC_BASE_URL` must be.
    """

    def __init__(self, scripts: Mapping[str, Script], acts: Mapping[str, Callable[[], None]] | None = None) -> None:
        self.scripts = {key: keyed(script, key) for key, script in scripts.items()}
        self.bodies: list[bytes] = []
        self._acts = dict(acts or {})
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def results(self) -> dict[str, Result]:
        """Tool_use id -> what the client sent back for it, the first time it did."""
        found: dict[str, Result] = {}
        for body in self.bodies:
            for message in _messages(parsed(body)):
                for block in _blocks(message):
                    if block.get("type") == "tool_result" and block.get("tool_use_id") not in found:
                        found[block["tool_use_id"]] = Result(
                            text_of(block.get("content")), block.get("is_error") is True
                        )
        return found

    def next_step(self, request: dict[str, Any]) -> list[ToolCall]:
        """The calls that answer a request; none where its script is over or it is a side conversation."""
        if not request.get("tools"):
            return []
        messages = _messages(request)
        opening = next((text_of(m.get("content")) for m in messages if m.get("role") == "user"), "")
        key = _KEY.search(opening)
        played = {block.get("id") for message in messages for block in _blocks(message)}
        for calls in self.scripts.get(key[1] if key else MAIN, []):
            if not played.intersection(call.id for call in calls):
                return [self._ready(call) for call in calls]
        return []

    def _ready(self, call: ToolCall) -> ToolCall:
        with self._lock:
            act = self._acts.pop(call.before, None)
        if act:
            act()
        if call.fill is None:
            return call
        key, pattern = call.fill
        found = re.search(pattern, "\n".join(result.text for result in self.results().values()))
        return call._replace(input={**call.input, key: found[1] if found else ""})


def parsed(body: bytes) -> dict[str, Any]:
    """A request body as an object; empty where it is not one."""
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def text_of(content: Any) -> str:
    """The text of a message's or a tool result's content: a string, or a list of blocks."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = (block.get("text", "") if block.get("type") == "text" else json.dumps(block) for block in content)
    return "\n".join(parts)


def _messages(request: dict[str, Any]) -> list[dict[str, Any]]:
    messages = request.get("messages")
    return [m for m in messages if isinstance(m, dict)] if isinstance(messages, list) else []


def _blocks(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message.get("content")
    return [b for b in content if isinstance(b, dict)] if isinstance(content, list) else []


def _events(model: str, calls: Sequence[ToolCall]) -> list[dict[str, Any]]:
    """The server-sent events of one assistant message: the calls, or a closing word where there are none."""
    cached = {"cache_read_input_tokens": 0, "cache_creation_input_tokens": 0}
    head: dict[str, Any] = {
        "id": "msg_loopback",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 1, **cached},
    }
    events: list[dict[str, Any]] = [{"type": "message_start", "message": head}]
    blocks: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (
            {"type": "tool_use", "id": call.id, "name": call.name, "input": {}},
            {"type": "input_json_delta", "partial_json": json.dumps(call.input)},
        )
        for call in calls
    ] or [({"type": "text", "text": ""}, {"type": "text_delta", "text": "done"})]
    for index, (block, delta) in enumerate(blocks):
        events.append({"type": "content_block_start", "index": index, "content_block": block})
        events.append({"type": "content_block_delta", "index": index, "delta": delta})
        events.append({"type": "content_block_stop", "index": index})
    stop = {"stop_reason": "tool_use" if calls else "end_turn", "stop_sequence": None}
    events.append({"type": "message_delta", "delta": stop, "usage": {"output_tokens": 5}})
    events.append({"type": "message_stop"})
    return events


def _whole(model: str, calls: Sequence[ToolCall]) -> dict[str, Any]:
    """The same message for a request that does not stream."""
    message: dict[str, Any] = _events(model, calls)[0]["message"]
    content: list[dict[str, Any]] = [
        {"type": "tool_use", "id": call.id, "name": call.name, "input": call.input} for call in calls
    ]
    message["content"] = content or [{"type": "text", "text": "done"}]
    message["stop_reason"] = "tool_use" if calls else "end_turn"
    return message


def _handler(api: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            api.bodies.append(body)
            request = parsed(body)
            path = self.path.partition("?")[0]
            if path.endswith("/count_tokens"):
                self._send(200, "application/json", json.dumps({"input_tokens": 10}).encode())
            elif path != "/v1/messages":
                self._send(404, "application/json", b"{}")
            else:
                model = str(request.get("model", ""))
                calls = api.next_step(request)
                if request.get("stream") is True:
                    lines = (f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in _events(model, calls))
                    self._send(200, "text/event-stream", "".join(lines).encode())
                else:
                    self._send(200, "application/json", json.dumps(_whole(model, calls)).encode())

        def do_GET(self) -> None:
            self._send(404, "application/json", b"{}")

        do_HEAD = do_GET

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """The requests are kept, not printed."""

    return Handler
