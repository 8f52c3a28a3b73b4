"""Measures the program, and prints tables: scripts/benchmark WHAT [options]."""

import argparse
import sys

from assistant.errors import AssistantError
from scripts.benchmarks import diary, hearing, recognition, session, triage

MEASURES = {
    "session": (session, "cold start, rehearsal speed, memory"),
    "hearing": (hearing, "whether commands are heard: in noise, over the coach's own voice, and by mistake"),
    "triage": (triage, "which level reports of pain come to"),
    "diary": (diary, "a diary of ten years"),
    "recognition": (recognition, "which clips of a list are recognised, in silence and in noise"),
}


def main() -> int:
    """Runs the benchmark that is asked for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/benchmark", description=__doc__)
    subs = parser.add_subparsers(title="what is measured", metavar="WHAT", required=True)
    for name, (module, summary) in MEASURES.items():
        sub = subs.add_parser(name, help=summary, description=module.__doc__)
        sub.set_defaults(run=module.run)
        module.add_options(sub)
    options = parser.parse_args()
    try:
        return options.run(options)
    except AssistantError as error:
        print(f"scripts/benchmark: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
