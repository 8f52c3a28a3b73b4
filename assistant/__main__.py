"""`python -m assistant`, and the console script `assistant`."""

import os
import sys

from assistant.errors import AssistantError


def main() -> int:
    """Runs a command; returns its exit code: 0 ok, 1 a check that failed, 2 something to put right first."""
    try:
        from assistant import cli  # loads everything, and any of it may be missing on a half-installed machine

        return cli.run(sys.argv[1:])
    except AssistantError as error:
        print(f"assistant: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has left (`assistant ... | head`). Nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:  # a mistake of ours: the details go to a file, a user gets one line
        print(f"assistant: something went wrong that should not; please report {_kept_traceback()}", file=sys.stderr)
        return 1


def _kept_traceback() -> str:
    """Writes the traceback in hand to a file; returns where it is, or the traceback's last line if it cannot."""
    import traceback

    import platformdirs

    text = traceback.format_exc()
    try:
        file = platformdirs.user_log_path("bench-voice", ensure_exists=True) / "error.txt"
        file.write_text(text, encoding="utf-8")
    except OSError:
        return text.strip().splitlines()[-1]
    return str(file)


if __name__ == "__main__":
    sys.exit(main())
