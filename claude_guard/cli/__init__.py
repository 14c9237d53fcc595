"""The `claude-guard` command: one file for each verb, imported when it is used."""
