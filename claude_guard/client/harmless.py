"""What must stay possible beside a restricted file: calls and prompts that show `%seen%`, and no more than that.

The rows are those of `channels`, all of them harmless: one that shows nothing with the guard is a false denial.
"""

from typing import Any

from .channels import NEW, OLD, SEARCH, Channel, bash, tool
from .loopback import ToolCall


def fine(detail: str, *calls: ToolCall, prompt: str = "play", **more: Any) -> Channel:
    session = "" if prompt != "play" else more.pop("session", "fine")
    return Channel("harmless", detail, calls, prompt, session=session, harmless=True, **more)


HARMLESS: tuple[Channel, ...] = (
    fine("Read an allowed file", tool("Read", file_path="%dir%/src/main.py")),
    fine("Read .env.example", tool("Read", file_path="%dir%/.env.example")),
    fine(
        "Edit an allowed file",
        tool("Read", file_path="%dir%/src/edit.py"),
        tool("Edit", file_path="%dir%/src/edit.py", old_string="old", new_string="new"),
        bash("grep -c new src/edit.py && cat src/edit.py"),
    ),
    fine(
        "Write a new file, and read it",
        tool("Write", file_path="%dir%/new.txt", content="%seen%\n"),
        bash("cat new.txt"),
    ),
    fine("ls -la", bash("ls -la && echo %seen%")),
    fine("git status and log", bash("git status --short && git log --oneline -1 && echo %seen%")),
    fine("grep -rn in a folder of allowed files", bash("grep -rn '%seen%' src")),
    fine("cat two allowed files", bash("cat README.md src/main.py")),
    fine("python3 -c", bash("python3 -c 'print(open(\"src/main.py\").read())'"), needs="python3"),
    fine("the name in a message", bash("echo 'never commit .env files' && echo %seen%")),
    fine("the name in a search", bash("grep -n 'env' README.md")),
    fine("test for existence", bash("test -e %path% && echo %seen%")),
    fine("a pipeline", bash("cat src/main.py | sort | uniq -c | head -20")),
    fine(
        "Grep over the tree",
        tool("Grep", pattern="%seen%", path="%dir%", output_mode="content"),
        tools=SEARCH,
        session="fine search",
        versions=NEW,
    ),
    fine(
        "Grep over the tree, as the refusal says",
        tool("Grep", pattern="%seen%", path="%dir%", output_mode="content"),
        ToolCall(
            "Grep",
            {"pattern": "%seen%", "path": "%dir%", "output_mode": "content"},
            fill=("glob", "`glob` set to `([^`]+)`"),
        ),
        tools=SEARCH,
        session="fine search",
        versions=OLD,
    ),
    fine(
        "Grep an allowed folder",
        tool("Grep", pattern="%seen%", path="%dir%/src", output_mode="content"),
        tools=SEARCH,
        session="fine search",
    ),
    fine("Glob", tool("Glob", pattern="src/*.py"), bash("echo %seen%"), tools=SEARCH, session="fine search"),
    fine("MCP reads an allowed file", tool("mcp__files__read_file", path="%dir%/src/main.py"), session="mcp", mcp=True),
    fine("a prompt that speaks of the file", bash("echo %seen%"), prompt="why is %path% not in git? (see .env, a@b.c)"),
    fine("a mention of an allowed file", prompt="look at @src/main.py"),
    fine(
        "a slash command",
        prompt="/hello",
        files={".claude/commands/hello.md": "!`git log --oneline -1; echo %seen%`\n"},
    ),
    fine("an import of an allowed file", files={"CLAUDE.md": "See @src/main.py\n"}, session=""),
)
