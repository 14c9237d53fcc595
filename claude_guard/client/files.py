"""Files that belong to somebody else: read as they are, replaced whole or not at all."""

import os
import tempfile

from ..errors import GuardError


def read(path: str) -> str | None:
    """A file's text, line ends kept; None where it does not exist. Raises GuardError where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise GuardError(
            f"`{path}` is not UTF-8 (byte {error.start})", "save it as UTF-8, then run this again"
        ) from None
    except OSError as error:
        raise GuardError(f"`{path}` cannot be read: {_reason(error)}", "nothing was changed") from None


def replace(path: str, text: str, mode: int | None = None, before: str | None = None) -> None:
    """Replaces a file's contents in one step that survives a crash; a link stays, and what it leads to is replaced.

    mode: of the new file; None keeps the old file's, or 0644. before: what the file held when it was read; a
    GuardError is raised where it now holds something else, as when the client changed it meanwhile.
    """
    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    temporary = ""
    try:
        os.makedirs(folder, exist_ok=True)
        if mode is None:
            mode = os.stat(target).st_mode & 0o7777 if os.path.exists(target) else 0o644
        descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".claude-guard-")
        with open(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        if read(target) != before and before is not None:
            raise GuardError(f"`{path}` was changed by another program meanwhile", "run this again")
        os.replace(temporary, target)
        temporary = ""
        _settle(folder)
    except OSError as error:
        raise GuardError(f"`{path}` cannot be written: {_reason(error)}") from None
    finally:
        if temporary:
            os.unlink(temporary)


def delete(path: str) -> None:
    """Deletes a file where it exists. GuardError where it cannot be deleted."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise GuardError(f"`{path}` cannot be deleted: {_reason(error)}") from None


def delete_empty(folder: str) -> None:
    """Deletes a folder where it is empty."""
    try:
        os.rmdir(folder)
    except OSError:
        pass


def _settle(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
