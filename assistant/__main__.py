"""`python -m assistant`, and the console script `assistant`."""

import io
import os
import sys

from assistant.errors import AssistantError
from assistant.telling import tell

INTERNAL_ERROR = 70
"""EX_SOFTWARE of sysexits.h, so that it does not read as a check that failed."""

INTERRUPTED = 130
"""What shells make of Ctrl-C."""


def main() -> int:
    """Runs a command; returns its exit code: 0 ok, 1 a check that failed, 2 something to put right first, 70 a
    mistake of ours, 130 Ctrl-C."""
    for out in (sys.stdout, sys.stderr):
        if isinstance(out, io.TextIOWrapper):
            out.reconfigure(errors="replace")  # a terminal that knows no "●" gets a "?", and the workout goes on
    try:
        from assistant import cli  # loads everything, and any of it may be missing on a half-installed machine

        return cli.run(sys.argv[1:])
    except AssistantError as error:
        tell(f"assistant: {error}")
        return 2
    except KeyboardInterrupt:
        tell("")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left (`assistant ... | head`). Nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:  # a mistake of ours: the details go to a file, a user gets one line
        tell(f"assistant: something went wrong that should not; please report {_kept_traceback()}")
        return INTERNAL_ERROR
    finally:
        _drop_what_cannot_be_told()


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
