"""`python -m assistant`, and the console script `assistant`."""

import errno
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

from assistant.errors import AssistantError
from assistant.telling import tell

INTERNAL_ERROR = 70
"""EX_SOFTWARE of sysexits.h, so that it does not read as a check that failed."""

INTERRUPTED = 130
"""What shells make of Ctrl-C."""


NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""What a full or broken disk answers, and a terminal that has gone."""


def main() -> int:
    """Runs a command; returns its exit code: 0 ok, 1 a check that failed, 2 something to put right first, 70 a
    mistake of ours, 130 Ctrl-C."""
    _open_what_is_closed()
    for out in (sys.stdout, sys.stderr):
        if isinstance(out, io.TextIOWrapper):
            out.reconfigure(errors="replace")  # a terminal that knows no "●" gets a "?", and the workout goes on
    code = _code_of(_run)
    code = _code_of(_flush) or code  # what was printed may be written only now, and where that fails it is not told
    _drop_what_cannot_be_told()
    return code


def _run() -> int:
    from assistant import cli  # loads everything, and any of it may be missing on a half-installed machine

    try:
        return cli.run(sys.argv[1:])
    except SystemExit as ended:  # of argparse: a help, or a mistake that it has told
        return int(ended.code or 0)


def _flush() -> int:
    sys.stdout.flush()
    return 0


def _code_of(work: Callable[[], int]) -> int:
    """The exit code of some work; an error is one line and a code of its own."""
    try:
        return work()
    except AssistantError as error:
        tell(f"assistant: {error}")
        return 2
    except KeyboardInterrupt:
        tell("")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left (`assistant ... | head`). Nothing is wrong.
        _print_no_more()
        return 0
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            tell(f"assistant: {error.filename or 'a name'}: is too long for a name; give a shorter one")
            return 2
        if error.errno not in NO_ROOM:
            return _wrong()
        if not error.filename:
            _print_no_more()
        tell(
            f"assistant: {error.filename or 'the output'}: cannot be written ({error.strerror}); free some space, or "
            "choose another place"
        )
        return 2
    except Exception:
        return _wrong()


def _wrong() -> int:
    """A mistake of ours: the details go to a file, a user gets one line."""
    tell(f"assistant: something went wrong that should not; please report {_kept_traceback()}")
    return INTERNAL_ERROR


def _open_what_is_closed() -> None:
    """Who closes our output (`>&-`) wants none. But what is opened next would get its number, and what is printed."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115  (as long as the program runs)


def _print_no_more() -> None:
    """What is still to be written would only fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _drop_what_cannot_be_told() -> None:
    """Python tries once more at its end, and would put a code of its own in the place of ours."""
    try:
        sys.stderr.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _kept_traceback() -> str:
    """Writes the traceback in hand to a file; returns where it is, or the traceback's last line if it cannot."""
    import traceback

    text = traceback.format_exc()
    try:
        import platformdirs  # which may be just what is missing

        file = platformdirs.user_log_path("bench-voice", ensure_exists=True) / "error.txt"
        file.write_text(text, encoding="utf-8")
    except (ImportError, OSError):
        return text.strip().splitlines()[-1]
    return str(file)


if __name__ == "__main__":
    sys.exit(main())
