from claude_guard.shell.commands.git import settings


def test_aliases_of_a_configuration_file() -> None:
    text = (
        '[core]\n\tx = 1\n[alias]\n\tlp = log -p # patch\n\tSh = "!cat \\"a b\\""\n'
        "\tlong = log \\\n --oneline\n[user]\n\tname = alias\n"
    )
    assert settings.aliases(text) == {"lp": "log -p", "sh": '!cat "a b"', "long": "log  --oneline"}


def test_settings_that_run_a_program() -> None:
    for key in ("core.pager", "Core.sshCommand", "filter.x.clean", "credential.https://a.b.helper", "pager.log"):
        assert settings.RUNS.match(key)
    for key in ("core.quotepath", "color.ui", "user.name", "diff.renames"):
        assert not settings.RUNS.match(key)
