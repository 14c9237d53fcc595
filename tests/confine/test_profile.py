"""Profiles as values and in the words of bubblewrap, and what programs may use."""

import pytest

from claude_guard.confine import probe, uses
from claude_guard.confine.bwrap import ROOT_DROPS, options
from claude_guard.confine.profile import Masks, Profile, masks

PROFILE = Profile(
    files=("/p/.env", "/p/secrets/a", '/tmp/q"x'),
    folders=("/p/secrets", "/p/secrets/deep"),
    hidden=("/p/secrets/deep",),
    sealed=("/h/key",),
    readonly=("/p/.git/config",),
    variables=("TOKEN",),
    uses=("/p/secrets/ca.pem", "/p/.env.test"),
)


def test_covered_paths_are_merged_and_used_ones_left_out() -> None:
    assert masks(PROFILE) == Masks(("/p/.env", '/tmp/q"x'), ("/p/secrets",), ("/h/key",), ("/p/secrets/ca.pem",))
    assert masks(PROFILE._replace(uses=("/p",))) == Masks(('/tmp/q"x',), (), ("/h/key",), ())


def test_a_store_that_is_used_is_not_hidden() -> None:
    profile = Profile(stores=("/p/.git/objects", "/q/.git/objects"), uses=("/p/.git/objects",))
    assert masks(profile).stores == ("/q/.git/objects",)


def test_bubblewrap_covers_the_program_and_root_loses_capabilities() -> None:
    words = options("/dev/null", "/usr/bin/dash", True)
    assert words[:6] == ["--dev-bind", "/", "/", "--ro-bind", "/dev/null", "/usr/bin/dash"]
    assert words.count("--cap-drop") == len(ROOT_DROPS)
    assert "--cap-drop" not in options("/dev/null", "/usr/bin/dash", False)


REASONS = (
    ({"container": "docker"}, "docker container"),
    ({"max": "0"}, "switched off"),
    ({"clone": "0"}, "root alone"),
    ({"apparmor": "1"}, "AppArmor"),
    ({"seccomp": "2"}, "another sandbox"),
    ({}, "bubblewrap fails"),
)


@pytest.mark.parametrize(("facts", "expected"), REASONS)
def test_why_not_is_said(facts: dict[str, str], expected: str) -> None:
    assert expected in probe.explained("no permissions", facts)[0]


USES = (
    ("aws s3 ls", "/h/.aws"),
    ("aws configure get x", None),
    ("ssh host", "/h/.ssh"),
    ("cat x", None),
    ("npm publish", "/h/.npmrc"),
    ("npm run build", None),
    ("npm test", None),
    ("docker ps", "/h/.docker"),
    ("docker run -v /:/x y", None),
    ("docker inspect x", None),
    ("kubectl get pods", "/h/.kube"),
    ("kubectl get secret x", None),
    ("kubectl config view --raw", None),
    ("gh auth token", None),
    ("gh pr list", "/h/.config/gh"),
    ("git credential fill", None),
    ("terraform output", None),
    ("terraform plan", "/h/.terraform.d"),
    ("/usr/bin/aws s3 ls", "/h/.aws"),
    ("gcloud auth print-access-token", None),
    ("npm config get //r/:_authToken", None),
)


@pytest.mark.parametrize(("command", "path"), USES)
def test_a_program_uses_only_its_own(command: str, path: str | None) -> None:
    found = uses.uses([command.split()], "/h", "/p")
    assert (found is None) if path is None else (path in (found or ()))


def test_one_unknown_program_closes_all() -> None:
    assert uses.uses([["aws", "s3", "ls"], ["python3", "x.py"]], "/h", "/p") is None
    assert uses.uses([["cd", "x"], ["aws", "s3", "ls"]], "/h", "/p") == ("/h/.aws",)


def test_the_policy_adds_programs() -> None:
    assert uses.uses([["pytest", "-q"]], "/h", "/p", [("pytest", ("/p/.env.test",))]) == ("/p/.env.test",)
    assert uses.uses([["pytest2"]], "/h", "/p", [("pytest", ("/p/.env.test",))]) is None
