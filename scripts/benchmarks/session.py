"""Measures the program as a user starts it: in processes of its own, with a cache that is warm."""

import argparse
import json
import resource
import subprocess
import sys
import time

ASSISTANT = [sys.executable, "-m", "assistant"]
RUNS = 3


def add_options(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(_: argparse.Namespace) -> int:
    """Cold start to the first word, speed of the default rehearsal, peak memory."""
    subprocess.run([*ASSISTANT, "rehearse", "--json"], stdout=subprocess.DEVNULL, check=False)  # fills the cache
    starts = [first_word_seconds() for _ in range(RUNS)]
    print(f"cold start to the first audible word    {min(starts):5.2f} s (best of {RUNS}; worst {max(starts):.2f})")
    began = time.perf_counter()
    done = subprocess.run([*ASSISTANT, "rehearse", "--json"], capture_output=True, text=True, check=False)
    took = time.perf_counter() - began
    length = json.loads(done.stdout.splitlines()[-1])["at_s"]
    ratio = f"{length:.0f} s of session in {took:.1f} s: {length / took:.1f} x real time"
    print(f"default rehearsal                       {ratio}")
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of a session                {peak_mb:5.0f} MB")
    return 0


def first_word_seconds() -> float:
    """From the start of the process to the record of the first line. Without a sound card it is a rehearsal's,
    which loads the same parts and the person's voice besides; a card adds the time that it takes to open."""
    began = time.perf_counter()
    with subprocess.Popen(
        [*ASSISTANT, "run", "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as child:
        assert child.stdout
        for line in child.stdout:
            if json.loads(line)["event"] == "say":
                took = time.perf_counter() - began
                child.kill()
                return took
    raise SystemExit("the assistant did not say a word; try: assistant run")
