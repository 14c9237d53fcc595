"""A small MCP server over standard input and output that reads files by itself: a channel of its own.

It stands in for the file servers that people have configured, and is started only in a throwaway project.
"""

import json
import sys
from typing import Any
from urllib.parse import unquote, urlsplit

_TEXT = {"type": "string"}
TOOLS = [
    ("read_file", "Reads a file.", {"path": _TEXT}),
    ("read_many", "Reads files.", {"options": {"type": "object"}}),
    ("fetch", "Reads a URL.", {"url": _TEXT}),
    ("read_code", "Reads a file by the numbers of its letters.", {"code": _TEXT}),
]
"""Name, description, arguments. `read_many` takes `{"options": {"paths": [...]}}`: a path deep in the arguments;
`read_code` takes `"46 101 110 118"`: one that nobody sees in them."""


def respond(request: dict[str, Any]) -> dict[str, Any]:
    """The result of one JSON-RPC request of the protocol."""
    method, params = request.get("method"), request.get("params") or {}
    if method == "initialize":
        return {
            "protocolVersion": params.get("protocolVersion", "2025-06-18"),
            "capabilities": {"tools": {}, "resources": {}},
            "serverInfo": {"name": "files", "version": "1"},
        }
    if method == "tools/list":
        return {"tools": [_tool(*row) for row in TOOLS]}
    if method == "tools/call":
        given = params.get("arguments") or {}
        coded = "".join(chr(int(number)) for number in str(given.get("code", "")).split())
        paths = given.get("options", {}).get("paths") or [
            given.get("path") or coded or _local(str(given.get("url", "")))
        ]
        return {"content": [{"type": "text", "text": "\n".join(map(_read, paths))}]}
    if method == "resources/list":
        return {"resources": []}
    if method == "resources/read":
        uri = str(params.get("uri", ""))
        return {"contents": [{"uri": uri, "mimeType": "text/plain", "text": _read(_local(uri))}]}
    return {}


def _tool(name: str, description: str, arguments: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": arguments}
    return {"name": name, "description": description, "inputSchema": schema}


def _local(uri: str) -> str:
    return unquote(urlsplit(uri).path)


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError as error:
        return f"{path}: {error.strerror}"


def main() -> None:
    """Answers requests, one on each line, until the input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        if "id" in request:
            answer = {"jsonrpc": "2.0", "id": request["id"], "result": respond(request)}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
