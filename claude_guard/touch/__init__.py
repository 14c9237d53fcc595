"""What does this tool call touch? One literal table; a tool that is not in it is asked for every path it names."""

from ..model import Call, Touch
from ..world import World

TOOLS: dict[str, str] = {
    "Read": "files",
    "Edit": "files",
    "MultiEdit": "files",
    "Write": "files",
    "NotebookRead": "files",
    "NotebookEdit": "files",
    "LSP": "files",
    "Artifact": "files",
    "Projects": "files",
    "SendUserFile": "files",
    "ShareOnboardingGuide": "files",
    "Workflow": "files",
    "EnterWorktree": "files",
    "LS": "files",
    "Grep": "search",
    "Glob": "search",
    "Bash": "command",
    "Monitor": "command",
    "PowerShell": "command",
    "Skill": "skill",
    "SlashCommand": "skill",
    # These carry text that the model wrote and no path that the client opens.
    "Agent": "",
    "Task": "",
    "AskUserQuestion": "",
    "BashOutput": "",
    "CronCreate": "",
    "CronDelete": "",
    "CronList": "",
    "EnterPlanMode": "",
    "ExitPlanMode": "",
    "KillShell": "",
    "ListAgents": "",
    "ListMcpResourcesTool": "",
    "PushNotification": "",
    "ReadNotifications": "",
    "ReportFindings": "",
    "ScheduleWakeup": "",
    "SendFeedback": "",
    "SendMessage": "",
    "SendUserMessage": "",
    "SetGoal": "",
    "SubagentHandback": "",
    "TaskCreate": "",
    "TaskGet": "",
    "TaskList": "",
    "TaskOutput": "",
    "TaskStop": "",
    "TaskUpdate": "",
    "TodoWrite": "",
    "ToolSearch": "",
    "WaitForMcpServers": "",
    "WebSearch": "",
}
"""Tool -> the module of this package that reads its input; "" for tools that open no file of their own."""


def touches(call: Call, world: World) -> tuple[Touch, ...]:
    """What a PreToolUse call would touch, in the order of its input."""
    name = TOOLS.get(call.tool, "strings")
    if not name:
        return ()
    module = __import__(f"{__name__}.{name}", fromlist=["touches"])  # `importlib` costs an import on the hot path
    return tuple(module.touches(call, world))
