"""The API answers the main conversation with its script, and nothing else with anything."""

import json
import urllib.request
from typing import Any

from claude_guard.client.loopback import Loopback, Result, ToolCall

TOOLS = [{"name": "Read"}]


def post(api: Loopback, body: dict[str, Any], path: str = "/v1/messages?beta=true") -> str:
    request = urllib.request.Request(api.url + path, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(answer.read().decode())


def talk(text: str, *results: tuple[str, Any]) -> list[dict[str, Any]]:
    """A conversation in which the calls with these ids have these results."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": [{"type": "text", "text": text}]}]
    for identity, content in results:
        messages.append({"role": "assistant", "content": [{"type": "tool_use", "id": identity}]})
        result = {"type": "tool_result", "tool_use_id": identity, "content": content, "is_error": content == "no"}
        messages.append({"role": "user", "content": [result]})
    return messages


SCRIPT = [[ToolCall("Read", {"file_path": "/a"})], [ToolCall("Bash", {"command": "b"}), ToolCall("Bash", {})]]


def test_the_next_step_is_read_off_the_conversation() -> None:
    with Loopback({"main": SCRIPT}) as api:
        first = post(api, {"tools": TOOLS, "messages": talk("hi"), "stream": True})
        again = post(api, {"tools": TOOLS, "messages": talk("hi"), "stream": True})
        assert first == again
        assert '"toolu_main_0_0"' in first
        second = post(api, {"tools": TOOLS, "messages": talk("hi", ("toolu_main_0_0", "x")), "stream": True})
        assert '"toolu_main_1_0"' in second
        assert '"toolu_main_1_1"' in second
        whole = talk("hi", ("toolu_main_0_0", "x"), ("toolu_main_1_0", "no"))
        last = json.loads(post(api, {"tools": TOOLS, "messages": whole}))
        assert last["stop_reason"] == "end_turn"
        assert api.results() == {"toolu_main_0_0": Result("x", False), "toolu_main_1_0": Result("no", True)}
        assert len(api.bodies) == 4


def test_side_conversations_consume_nothing() -> None:
    with Loopback({"main": SCRIPT, "sub": [[ToolCall("Read", {"file_path": "/sub"})]]}) as api:
        side = json.loads(post(api, {"messages": talk("a title, please")}))
        assert side["content"] == [{"type": "text", "text": "done"}]
        assert json.loads(post(api, {}, "/v1/messages/count_tokens")) == {"input_tokens": 10}
        sub = json.loads(post(api, {"tools": TOOLS, "messages": talk("[play sub] go")}))
        assert sub["content"][0]["input"] == {"file_path": "/sub"}
        assert json.loads(post(api, {"tools": TOOLS, "messages": talk("[play none] go")}))["stop_reason"] == "end_turn"
        main = json.loads(post(api, {"tools": TOOLS, "messages": talk("go")}))
        assert main["content"][0]["id"] == "toolu_main_0_0"


def test_a_call_can_refer_to_results_and_act_first_but_once() -> None:
    done: list[str] = []
    script = [
        [ToolCall("Bash", {"command": "x"})],
        [ToolCall("Read", {}, fill=("file_path", r"written to (\S+)"), before="act")],
    ]
    with Loopback({"main": script}, {"act": lambda: done.append("x")}) as api:
        messages = talk("go", ("toolu_main_0_0", [{"type": "text", "text": "written to /tmp/out."}]))
        for _ in range(2):
            answer = json.loads(post(api, {"tools": TOOLS, "messages": messages}))
            assert answer["content"][0]["input"] == {"file_path": "/tmp/out."}
        assert done == ["x"]
