"""The sound card as a room: one full-duplex stream, which comes back by itself when the card does."""

import atexit
import itertools
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import suppress

import numpy as np
import soxr

from assistant import sound_devices
from assistant.errors import SoundError
from assistant.room import BLOCK, RATE, Block, Play
from assistant.sound_devices import NO_CARD, Device

CHUNK = RATE // 50
"""Samples we ask `play` for at a time, 20 ms; BLOCK is a multiple."""
LATENCIES_SECONDS = (0.1, 0.2)
"""What we ask of the card in each direction, so how long a hush may take; a card that dies gets the next one.
Below 90 ms PulseAudio dies now and then where it has to change the rate."""
FALLBACK_RATES = (48_000, 44_100)
"""Tried in this order where the card does not take 16 kHz."""
FIRST_CALL_SECONDS = 3.0
"""How long an opened card may take to deliver its first samples."""
DEAD_SECONDS = 0.5
"""No callback for so long: the card has gone, or hangs."""
PAUSES_SECONDS = (0.5, 1.0, 2.0, 4.0)
"""Waits before each attempt to reopen; the last one repeats."""
CLOSE_SECONDS = 2.0
"""How long we wait for a card that is being closed; one that hangs may never answer."""


class SoundCard:
    """A room with a real speaker and microphone.

    The clock counts the samples that the card delivers. Three things make it jump ahead, each told in `lost`
    of the next block: an overflow or underflow, the start of a silence, and its end. A silence is what we
    yield while the card is gone: blocks of zeros in real time, so that the session goes on and can tell that
    it is deaf. `play` is asked for these samples too, by the thread that reads the blocks, but nobody hears
    them, and `played` is zero. PortAudio is restarted to find a card that comes back: have one at a time.
    """

    def __init__(
        self, input_name: str | None = None, output_name: str | None = None, rate: int | None = None
    ) -> None:
        """Names are parts of device names, in any case; None is the system's default, or one device with both (see
        sound_devices.choose). `rate`, in samples a second, opens the card at that rate only. Raises SoundError if
        there is no such device.
        """
        self._names = {"input": input_name, "output": output_name}
        self._rates = (rate,) if rate else (RATE, *FALLBACK_RATES)
        self._latencies_seconds = LATENCIES_SECONDS
        self._closing = threading.Event()
        self._line: _Line | None = None
        self._reopener: threading.Thread | None = None
        self._choose()

    def blocks(self, play: Play) -> Iterator[Block]:
        """Yields what is heard and played. Leaving the iterator closes the card, and `close` ends it."""
        self._closing.clear()
        at = lost = 0
        try:
            self._line = self._connect(play)
            while not self._closing.is_set():
                self._line.start(at, lost)
                end = yield from self._listen(self._line, at)
                if not self._closing.is_set():
                    at, since_seconds = self._line.hold()
                    at, lost = yield from self._wait(play, at, at - end, since_seconds)
        finally:
            self.close()

    def close(self) -> None:
        """Lets what was played run out, and closes the card. Again is harmless."""
        self._closing.set()
        # A card or sound server that hangs can hold PortAudio for ever, but must not hold the program.
        worker = threading.Thread(target=self._tidy, name="sound card close", daemon=True)
        worker.start()
        worker.join(CLOSE_SECONDS)
        if worker.is_alive():
            atexit.unregister(_portaudio()._exit_handler)  # it would wait for the same card

    def report(self) -> str:
        """Which microphone and speaker are used, at which rate and latency: one line for the user.

        Opens the card for a moment if it is not open. Raises SoundError if it cannot be opened.
        """
        if self._line is not None:
            return self._line.description
        self._closing.clear()
        try:
            self._line = self._connect(lambda _at, count: np.zeros(count, np.float32))
            return self._line.description
        finally:
            self.close()

    def _listen(self, line: "_Line", end: int) -> Generator[Block, None, int]:
        """Yields blocks until the card falls silent or is closed; returns the end of the last block."""
        heard, played = np.zeros(0, np.float32), deque()
        while not self._closing.is_set():
            try:
                item = line.items.get(timeout=DEAD_SECONDS)
            except queue.Empty:
                break
            match item:
                case BaseException():
                    raise item  # from `play`: PortAudio would have swallowed it
                case tuple():
                    played.append(item)
                case np.ndarray():
                    heard = np.concatenate((heard, line.from_card(item)))
            while len(heard) >= BLOCK:  # and as much has been played, because the callback asks first
                at, lost, _ = played[0]
                chunks = [played.popleft()[2] for _ in range(BLOCK // CHUNK)]
                yield Block(at, heard[:BLOCK], np.concatenate(chunks), lost)
                end, heard = at + BLOCK, heard[BLOCK:]
        return end

    def _wait(self, play: Play, at: int, lost: int, since_seconds: float) -> Generator[Block, None, tuple[int, int]]:
        """Yields silence in real time until the card is back; returns where to go on, and how much was lost.

        `since_seconds` is the time, on the monotonic clock, of the position `at`.
        """
        found = threading.Event()
        self._reopener = threading.Thread(
            target=self._reopen, args=(self._line, play, found), name="sound card reopen", daemon=True
        )
        self._reopener.start()
        start = at
        while not self._closing.is_set():
            due_seconds = since_seconds + (at + BLOCK - start) / RATE
            if found.wait(max(0.0, due_seconds - time.monotonic())):
                break
            play(at, BLOCK)
            yield Block(at, np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32), lost)
            at, lost = at + BLOCK, 0
        # At least one sample, because whoever follows the echo must find its delay anew.
        missed = max(1, round((time.monotonic() - since_seconds) * RATE) - (at - start))
        return at + missed, lost + missed

    def _reopen(self, dead: "_Line", play: Play, found: threading.Event) -> None:
        """Closes a dead line and tries until there is a living one, or the card is to be closed."""
        portaudio = _portaudio()
        dead.close()
        self._latencies_seconds = self._latencies_seconds[1:] or self._latencies_seconds
        for pause in itertools.chain(PAUSES_SECONDS, itertools.repeat(PAUSES_SECONDS[-1])):
            if self._closing.wait(pause):
                return
            with suppress(portaudio.PortAudioError):  # not running, if the last attempt failed half-way
                portaudio._terminate()
            with suppress(portaudio.PortAudioError, SoundError):
                portaudio._initialize()  # devices are listed only now
                self._line = self._connect(play)
                found.set()
                return

    def _tidy(self) -> None:
        if self._reopener is not None:
            self._reopener.join()
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _connect(self, play: Play) -> "_Line":
        """Opens the card in the first way that works."""
        devices, why = self._choose()
        channels = [
            sorted({1, min(2, sound_devices.channels(device, kind))})
            for kind, device in zip(self._names, devices, strict=True)
        ]
        ways = itertools.product(self._rates, *channels, self._latencies_seconds)
        for rate, *channel_counts, latency_seconds in ways:
            line = _Line(play, rate)
            problem = line.open(devices, channel_counts, latency_seconds)
            if not problem:
                line.description += f"; {why}" if why else ""
                self._latencies_seconds = LATENCIES_SECONDS[LATENCIES_SECONDS.index(latency_seconds) :]
                return line
            line.close()
        raise SoundError(
            f"the sound card does not work ({problem}): close other programs that use it, or "
            "unplug it and plug it in again"
        )

    def _choose(self) -> tuple[list[Device], str]:
        """The microphone and the speaker that we are to use, and what to tell about that."""
        portaudio = _portaudio()
        defaults = {kind: portaudio.default.device[kind] for kind in self._names}
        return sound_devices.choose(portaudio.query_devices(), defaults, self._names)


class _Line:
    """An opened stream: the callback that PortAudio's thread calls, and the queue that it fills."""

    def __init__(self, play: Play, rate: int):
        self.description = ""
        self.items: queue.SimpleQueue = queue.SimpleQueue()
        """Chunks played: (at, lost, samples); what was heard: samples at the card's rate; or an exception."""
        self._play, self._rate, self._stream = play, rate, None
        self._at = self._lost = self._asked = 0
        self._called_at_seconds = 0.0  # time of the last callback, on the monotonic clock
        self._works = self._is_closing = False
        # Only the holder of the turn may call `play`. The callback does not wait for it, but plays silence.
        self._turn = threading.Lock()
        self._turn.acquire()
        self._ready = np.zeros(0, np.float32)  # asked for and not yet written, at the card's rate
        self.from_card = self._to_card = lambda samples: samples
        if rate != RATE:
            self.from_card = soxr.ResampleStream(rate, RATE, 1, dtype="float32").resample_chunk
            self._to_card = soxr.ResampleStream(RATE, rate, 1, dtype="float32").resample_chunk

    def open(self, devices: list[Device], channels: list[int], latency_seconds: float) -> str:
        """Opens the stream, silent until `start`; returns what is wrong with it, or an empty string."""
        portaudio = _portaudio()
        try:
            # The card chooses the block size. If we do, PortAudio plays uninitialised memory first, loudly.
            self._stream = portaudio.Stream(
                device=[device["index"] for device in devices],
                channels=channels,
                dtype="float32",
                samplerate=self._rate,
                blocksize=0,
                latency=latency_seconds,
                callback=self.callback,
            )
            self._stream.start()
            deadline_seconds = time.monotonic() + FIRST_CALL_SECONDS
            while not self._works:
                if not self._stream.active or time.monotonic() > deadline_seconds:
                    return "it delivers no sound"
                time.sleep(0.01)
        except portaudio.PortAudioError as error:
            return error.args[0]
        microphone, speaker = (device["name"] for device in devices)
        delay_ms = round(1000 * sum(self._stream.latency))
        self.description = (
            f"microphone: {microphone}; speaker: {speaker}; {self._rate} Hz; {delay_ms} ms from speaker to microphone"
        )
        return ""

    def start(self, at: int, lost: int) -> None:
        """Gives the turn to the callback; `at` counts what was lost before it."""
        self._at, self._lost = at - lost, lost
        self._turn.release()

    def hold(self) -> tuple[int, float]:
        """Takes the turn back for good; returns the position that `play` has got to, and when (monotonic)."""
        self._turn.acquire()
        return self._at, self._called_at_seconds

    def close(self) -> None:
        """Plays out and closes the stream; takes as long as the card does, perhaps for ever."""
        self._is_closing = True
        stream, self._stream = self._stream, None
        if stream is not None:
            if stream.active:
                time.sleep(sum(stream.latency))  # PortAudio's own stop does not play out
            stream.close()

    def callback(self, indata, outdata, frames, _times, status) -> None:
        """Plays and hears some frames, in PortAudio's thread."""
        now_seconds, last_seconds = time.monotonic(), self._called_at_seconds
        self._called_at_seconds = now_seconds
        self._works = self._works or not status  # a stream that will die shows it in the first callbacks
        if not self._is_closing and self._turn.acquire(blocking=False):
            try:
                if status:
                    # ALSA restarts both directions and does not tell how much went missing: an estimate.
                    missed_seconds = now_seconds - last_seconds - frames / self._rate
                    self._lost += max(1, round(missed_seconds * RATE))
                while len(self._ready) < frames:
                    self._ready = np.concatenate((self._ready, self._to_card(self._ask())))
                self.items.put(indata[:, 0].copy())
            except BaseException as error:
                outdata.fill(0)
                self.items.put(error)
                raise _portaudio().CallbackAbort from error
            finally:
                self._turn.release()
        now, self._ready = self._ready[:frames, np.newaxis], self._ready[frames:]
        outdata[: len(now)] = now
        outdata[len(now) :] = 0

    def _ask(self) -> np.ndarray:
        """Asks `play` for the next chunk."""
        lost = 0
        if self._asked % BLOCK == 0:  # the clock jumps where a block begins, because blocks have no holes
            lost, self._lost = self._lost, 0
        at = self._at + lost
        played = np.clip(self._play(at, CHUNK), -1, 1, dtype=np.float32)
        self.items.put((at, lost, played))
        self._at, self._asked = at + CHUNK, self._asked + CHUNK
        return played


def names() -> dict[str, list[str]]:
    """All that could be the "input" or the "output", by name. Raises SoundError."""
    devices = _portaudio().query_devices()
    return {
        kind: [device["name"] for device in devices if sound_devices.channels(device, kind)]
        for kind in sound_devices.THINGS
    }


def _portaudio():
    """The sounddevice module; its first import starts PortAudio."""
    os.environ.setdefault("PA_ALSA_PLUGHW", "1")  # lets ALSA convert the rate; read when PortAudio starts
    try:
        import sounddevice
    except OSError as error:
        raise SoundError("the PortAudio library is not installed: apt install libportaudio2") from error
    except Exception as error:  # PortAudioError, which has no name here: the import failed
        raise SoundError(f"PortAudio does not start ({error}): {NO_CARD}") from error
    return sounddevice
