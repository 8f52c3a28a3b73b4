"""The speech model: a real download from a real server on this machine, and which model is chosen."""

import hashlib
import io
import re
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.acoustic.openfst import ACCEPTOR, constant
from assistant.errors import ModelError
from assistant.model import BUILT, CHUNK, OFFICIAL, Candidate, Download, candidates, choose, fetch, is_model

NAME = "tiny-model"
FILES = {
    "am/final.mdl": bytes(range(256)) * 1_000,  # several chunks, and stored, so that the archive is as long
    "conf/mfcc.conf": b"--sample-frequency=16000\n",
    "conf/model.conf": b"--min-active=200\n",
    "graph/HCLr.fst": b"lexicon",
    "graph/Gr.fst": constant([[]], {0: 0.0}, ACCEPTOR, ["<eps>", "stop", "pain"]),
    "graph/disambig_tid.int": b"1\n",
    "graph/phones/word_boundary.int": b"1 nonword\n",
    "ivector/final.ie": b"extractor",
    "ivector/final.dubm": b"mixture",
    "ivector/final.mat": b"matrix",
    "ivector/splice.conf": b"--left-context=3\n",
    "ivector/online_cmvn.conf": b"# none\n",
    "ivector/global_cmvn.stats": b"statistics",
}
SHIPPED = Path(__file__).parents[1] / "voices" / "en" / "model"


@dataclass
class Site:
    """What the server holds and how it behaves."""

    body: bytes
    ranges: bool = True
    """Answers a Range with 206; without, it sends everything, as some servers do."""
    shift: int = 0
    """Bytes by which a 206 answer begins too late."""
    sized: bool = True
    """Announces the length of what it sends."""
    cut: int | None = None
    """Closes the connection after so many bytes of an answer."""
    status: int = 200
    asked: list[str | None] = field(default_factory=list)
    """The Range header of every request so far."""
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/model.zip"


class Handler(BaseHTTPRequestHandler):
    """Serves the site of its server."""

    def do_GET(self) -> None:
        site: Site = self.server.site
        asked = self.headers["Range"]
        site.asked.append(asked)
        start = int(re.fullmatch(r"bytes=(\d+)-", asked)[1]) if asked and site.ranges else 0
        if site.status != 200:
            return self.send_error(site.status)
        if start >= len(site.body):
            return self.send_error(416)
        start += site.shift
        self.send_response(206 if asked and site.ranges else 200)
        if asked and site.ranges:
            self.send_header("Content-Range", f"bytes {start}-{len(site.body) - 1}/{len(site.body)}")
        if site.sized:
            self.send_header("Content-Length", str(len(site.body) - start))
        self.end_headers()
        return self.wfile.write(site.body[start:][: site.cut])

    def log_message(self, *_: object) -> None:
        """The test's output is no access log."""


@contextmanager
def online(site: Site) -> Iterator[Site]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.site = site
        site.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return buffer.getvalue()


def pinned(body: bytes) -> Download:
    """What a project would write down about this archive."""
    return Download(NAME, "http://unused.invalid", len(body), hashlib.sha256(body).hexdigest(), "none")


def write_model(folder: Path, files: dict[str, bytes] = FILES) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def quiet(_done: int, _total: int) -> None:
    """For the tests that do not look at the progress."""


BODY = archive({f"{NAME}/{name}": content for name, content in FILES.items()})
TINY = pinned(BODY)


@pytest.fixture(autouse=True)
def _straight_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not" / "yet" / "there"


def part_of(folder: Path) -> Path:
    return folder / f"{NAME}.zip.part"


# ---- fetching


def test_a_download_arrives_whole_and_leaves_nothing_else(folder: Path):
    seen = []
    with online(Site(BODY)) as site:
        path = fetch(TINY, folder, lambda done, total: seen.append((done, total)), site.url)
    assert path == folder / NAME
    assert contents(path) == FILES
    assert list(folder.iterdir()) == [path]
    assert (seen[0], seen[-1]) == ((0, len(BODY)), (len(BODY), len(BODY)))
    assert len(seen) > 2
    assert seen == sorted(seen)


def test_a_model_that_is_there_is_not_asked_for(folder: Path):
    with online(Site(BODY)) as site:
        fetch(TINY, folder, quiet, site.url)
        assert fetch(TINY, folder, quiet, site.url) == folder / NAME
        assert site.asked == [None]


def test_without_an_address_the_pinned_one_is_used(folder: Path):
    with online(Site(BODY)) as site:
        assert fetch(replace(TINY, url=site.url), folder, quiet) == folder / NAME


def test_an_archive_on_a_stick_needs_no_network(folder: Path, tmp_path: Path):
    stick = tmp_path / "stick.zip"
    stick.write_bytes(BODY)
    assert contents(fetch(TINY, folder, quiet, stick.as_uri())) == FILES


@pytest.mark.parametrize("sized", [True, False])
def test_a_cut_connection_is_taken_up_where_it_stopped(folder: Path, sized: bool):
    seen = []
    with online(Site(BODY, cut=2 * CHUNK, sized=sized)) as site:
        with pytest.raises(ModelError, match="resumes where it stopped"):
            fetch(TINY, folder, quiet, site.url)
        kept = part_of(folder).stat().st_size
        assert kept == 2 * CHUNK
        assert not (folder / NAME).exists()
        site.cut = None
        path = fetch(TINY, folder, lambda done, _: seen.append(done), site.url)
        assert site.asked == [None, f"bytes={kept}-"]
    assert contents(path) == FILES
    assert seen[0] == kept


def test_an_interrupt_keeps_what_has_arrived(folder: Path):
    def control_c(done: int, _total: int) -> None:
        if done >= 2 * CHUNK:
            raise KeyboardInterrupt

    with online(Site(BODY)) as site:
        with pytest.raises(KeyboardInterrupt):
            fetch(TINY, folder, control_c, site.url)
        assert part_of(folder).read_bytes() == BODY[: 2 * CHUNK]
        assert contents(fetch(TINY, folder, quiet, site.url)) == FILES


def test_a_server_that_cannot_resume_sends_all_again(folder: Path):
    folder.mkdir(parents=True)
    part_of(folder).write_bytes(BODY[:1_000])
    with online(Site(BODY, ranges=False)) as site:
        assert contents(fetch(TINY, folder, quiet, site.url)) == FILES
        assert site.asked == ["bytes=1000-"]


def test_a_finished_part_is_only_unpacked(folder: Path):
    folder.mkdir(parents=True)
    part_of(folder).write_bytes(BODY)
    with online(Site(BODY)) as site:
        assert contents(fetch(TINY, folder, quiet, site.url)) == FILES
        assert site.asked == []


def test_a_part_that_is_too_long_is_thrown_away(folder: Path):
    folder.mkdir(parents=True)
    part_of(folder).write_bytes(b"x" * (len(BODY) + 1))
    with online(Site(BODY)) as site:
        assert contents(fetch(TINY, folder, quiet, site.url)) == FILES
        assert site.asked == [None]


def test_a_range_that_cannot_be_satisfied_begins_anew(folder: Path):
    folder.mkdir(parents=True)
    part_of(folder).write_bytes(b"x" * 2_000)
    with online(Site(BODY[:1_500], sized=False)) as site:  # the server's own upload is not through yet
        with pytest.raises(ModelError, match=f"cut after 1500 of {len(BODY)} bytes"):
            fetch(TINY, folder, quiet, site.url)
        assert site.asked == ["bytes=2000-", None]
        assert part_of(folder).read_bytes() == BODY[:1_500]


def test_another_part_than_the_one_asked_for_is_not_appended(folder: Path):
    folder.mkdir(parents=True)
    part_of(folder).write_bytes(BODY[:1_000])
    with online(Site(BODY, shift=1)) as site, pytest.raises(ModelError, match="another part"):
        fetch(TINY, folder, quiet, site.url)
    assert part_of(folder).read_bytes() == BODY[:1_000]


def test_a_wrong_checksum_is_named_and_the_next_try_starts_clean(folder: Path):
    spoilt = BODY[:5_000] + b"?" + BODY[5_001:]
    with online(Site(spoilt)) as site:
        with pytest.raises(ModelError, match="wrong checksum"):
            fetch(TINY, folder, quiet, site.url)
        assert list(folder.iterdir()) == []
        site.body = BODY
        assert contents(fetch(TINY, folder, quiet, site.url)) == FILES


def test_a_wrong_length_is_refused_before_it_costs_what_we_have(folder: Path):
    folder.mkdir(parents=True)
    part_of(folder).write_bytes(BODY[:1_000])
    with (
        online(Site(b"<html>Please log in</html>", ranges=False)) as site,
        pytest.raises(ModelError, match=f"wrong size: 26 bytes instead of {len(BODY)}"),
    ):
        fetch(TINY, folder, quiet, site.url)
    assert part_of(folder).read_bytes() == BODY[:1_000]


def test_more_than_was_pinned_is_cut_off_and_not_kept(folder: Path):
    with online(Site(BODY + b"x" * 5 * CHUNK, sized=False)) as site:
        with pytest.raises(ModelError, match=f"more than {len(BODY)} bytes"):
            fetch(TINY, folder, quiet, site.url)
        site.body = BODY
        assert contents(fetch(TINY, folder, quiet, site.url)) == FILES
        assert site.asked == [None, None]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1/model.zip", "Connection refused"),
        ("gopher://127.0.0.1/model.zip", "unknown url type"),
        ("file:///no/such/stick.zip", "No such file or directory"),
        ("model.zip", "unknown url type"),
    ],
)
def test_no_way_to_the_server_says_what_to_do_in_one_line(folder: Path, url: str, reason: str):
    with pytest.raises(ModelError) as caught:
        fetch(TINY, folder, quiet, url)
    assert reason in str(caught.value)
    assert str(caught.value).endswith("try again with `assistant model fetch`, it resumes where it stopped.")
    assert "\n" not in str(caught.value)


def test_a_page_that_is_not_there_is_named(folder: Path):
    with online(Site(BODY, status=404)) as site, pytest.raises(ModelError, match="HTTP 404 Not Found"):
        fetch(TINY, folder, quiet, site.url)
    assert not (folder / NAME).exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path):
    (tmp_path / "models").write_text("a file where a folder should be")
    with pytest.raises(ModelError, match=r"cannot store a model in .*models"):
        fetch(TINY, tmp_path / "models", quiet)


# ---- unpacking


@pytest.mark.parametrize("name", ["../escaped", f"{NAME}/../../escaped", "/tmp/escaped-from-bench-voice"])
def test_an_archive_cannot_write_outside_its_folder(folder: Path, name: str):
    body = archive({**{f"{NAME}/{inside}": content for inside, content in FILES.items()}, name: b"mine"})
    with online(Site(body)) as site, pytest.raises(ModelError, match="outside its folder"):
        fetch(pinned(body), folder, quiet, site.url)
    assert list(folder.parent.rglob("*escaped*")) == []
    assert not Path("/tmp/escaped-from-bench-voice").exists()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"no archive at all", "not a zip file"),
        (BODY.replace(FILES["am/final.mdl"], FILES["am/final.mdl"][::-1]), "CRC"),
        (archive({f"{NAME}/am/final.mdl": b"x"}), "missing or empty: conf/model.conf"),
        (archive(FILES), "no such folder"),
    ],
)
def test_an_archive_of_no_use_leaves_nothing_half_done(folder: Path, body: bytes, reason: str):
    with online(Site(body)) as site, pytest.raises(ModelError, match=re.escape(reason)):
        fetch(pinned(body), folder, quiet, site.url)
    assert list(folder.iterdir()) == []


def test_a_disk_that_fails_while_unpacking_costs_no_second_download(folder: Path):
    folder.mkdir(parents=True)
    obstacle = folder / f".{NAME}.unpacking"
    obstacle.write_text("a file where the folder for unpacking should be")
    with online(Site(BODY)) as site:
        with pytest.raises(ModelError, match="cannot store a model"):
            fetch(TINY, folder, quiet, site.url)
        assert not (folder / NAME).exists()
        obstacle.unlink()
        assert contents(fetch(TINY, folder, quiet, site.url)) == FILES
        assert len(site.asked) == 1


def test_what_a_power_cut_left_is_replaced(folder: Path):
    write_model(folder / f".{NAME}.unpacking" / NAME, {"am/final.mdl": b"hal", "stale": b"x"})
    write_model(folder / NAME, {**FILES, "graph/Gr.fst": b"", "stale": b"x"})
    with online(Site(BODY)) as site:
        assert contents(fetch(TINY, folder, quiet, site.url)) == FILES
    assert list(folder.iterdir()) == [folder / NAME]


# ---- is it a model


def test_the_shipped_model_is_one():
    assert is_model(SHIPPED) is None


@pytest.mark.parametrize("name", list(FILES))
def test_a_file_that_is_missing_or_empty_is_named(tmp_path: Path, name: str):
    model = write_model(tmp_path)
    assert is_model(model) is None
    (model / name).write_bytes(b"")
    assert is_model(model) == f"missing or empty: {name}"
    (model / name).unlink()
    assert is_model(model) == f"missing or empty: {name}"


def test_other_layouts_of_vosk_are_known(tmp_path: Path):
    files = {name: content for name, content in FILES.items() if not name.startswith("ivector/")}
    assert is_model(write_model(tmp_path / "without i-vectors", files)) is None
    del files["graph/HCLr.fst"], files["graph/Gr.fst"], files["graph/disambig_tid.int"]
    files |= {"graph/HCLG.fst": b"all in one", "graph/words.txt": b"stop 1\n"}
    assert is_model(write_model(tmp_path / "fixed graph", files)) is None
    files["conf/fbank.conf"] = files.pop("conf/mfcc.conf")
    assert is_model(write_model(tmp_path / "filter bank", files)) is None
    assert is_model(tmp_path / "nowhere") == "no such folder"


# ---- choosing


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A language folder with a shipped model."""
    write_model(tmp_path / "en" / "model")
    return tmp_path / "en"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """Where the official model has been fetched to."""
    write_model(tmp_path / "models" / OFFICIAL.name)
    return tmp_path / "models"


def knows_all(_model: Path) -> list[str]:
    return []


def test_the_configured_model_comes_first_then_the_official_then_the_shipped(pack, models, tmp_path):
    mine = write_model(tmp_path / "mine")
    assert candidates(pack, str(mine), models) == [
        Candidate(mine, "configured", "your settings name it"),
        Candidate(models / OFFICIAL.name, "official", "you fetched it"),
        Candidate(pack / "model", "shipped", "it came with the program"),
    ]
    assert [c.kind for c in candidates(pack, None, models)] == ["official", "shipped"]
    assert [c.kind for c in candidates(pack, "", tmp_path / "nothing fetched")] == ["shipped"]


def test_an_official_model_that_is_not_complete_does_not_count(pack, models):
    (models / OFFICIAL.name / "am" / "final.mdl").unlink()
    assert [c.kind for c in candidates(pack, None, models)] == ["shipped"]


def test_a_configured_model_may_be_below_the_home_folder(pack, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    write_model(tmp_path / "mine")
    assert choose(pack, "~/mine", knows_all, tmp_path / "none").path == tmp_path / "mine"


def test_a_configured_model_that_is_broken_is_never_replaced_in_silence(pack, models, tmp_path):
    mine = write_model(tmp_path / "mine")
    (mine / "graph" / "HCLr.fst").unlink()
    with pytest.raises(ModelError, match=r"mine, cannot be used \(missing or empty: graph/HCLr.fst\)"):
        choose(pack, str(mine), knows_all, models)


def test_a_configured_model_that_takes_no_grammar_is_refused(pack, models, tmp_path):
    mine = write_model(tmp_path / "mine", FILES | {"graph/HCLG.fst": b"all", "graph/words.txt": b"stop 1\n"})
    with pytest.raises(ModelError, match="its graph is fixed"):
        choose(pack, str(mine), knows_all, models)


def test_the_best_model_that_knows_every_word_is_chosen(pack, models):
    choice = choose(pack, None, knows_all, models)
    assert (choice.path, choice.kind, choice.notes) == (models / OFFICIAL.name, "official", ())
    assert choice.why == f"the official model {choice.path}: you fetched it"


def test_a_model_passed_over_is_noted_with_its_words(pack, models):
    official = models / OFFICIAL.name
    choice = choose(pack, None, lambda model: ["deload", "kettlebell"] if model == official else [], models)
    assert choice.kind == "shipped"
    assert choice.notes == (f"the official model {official} lacks deload, kettlebell",)


def test_a_model_that_is_broken_is_passed_over_but_never_the_configured_one(pack, models, tmp_path):
    official, shipped = models / OFFICIAL.name, pack / "model"

    def lacks(path: Path) -> list[str]:
        if path != shipped:
            raise ModelError(f"{path}: not a speech model that can be loaded")
        return []

    choice = choose(pack, None, lacks, models)
    assert choice.kind == "shipped"
    assert choice.notes == (f"the official model is broken: {official}: not a speech model that can be loaded",)
    with pytest.raises(ModelError, match="not a speech model"):
        choose(pack, str(write_model(tmp_path / "mine")), lacks, models)


def test_a_model_built_from_the_shipped_one_is_preferred_to_it(pack, tmp_path):
    built = write_model(tmp_path / "models" / BUILT)
    choice = choose(pack, None, knows_all, tmp_path / "models")
    assert (choice.path, choice.kind, choice.notes) == (built, "built", ())


def test_a_model_built_from_an_earlier_one_serves_only_for_its_words(pack, tmp_path):
    built = write_model(tmp_path / "models" / BUILT, {**FILES, "am/final.mdl": b"of last year"})
    assert choose(pack, None, knows_all, tmp_path / "models").kind == "shipped"
    choice = choose(pack, None, lambda model: [] if model == built else ["kettlebell"], tmp_path / "models")
    assert choice.kind == "built"
    assert choice.notes == (f"the shipped model {pack / 'model'} lacks kettlebell",)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("conf/model.conf", b"--min-active=100\n"),
        ("graph/Gr.fst", constant([[]], {0: 0.0}, ACCEPTOR, ["<eps>", "stop", "kettlebell"])),
        ("graph/Gr.fst", b"damaged"),
    ],
)
def test_a_model_built_before_the_shipped_one_learned_more_comes_after_it(pack, tmp_path, name, content):
    write_model(tmp_path / "models" / BUILT, {**FILES, name: content})
    shipped, built = candidates(pack, None, tmp_path / "models")
    assert (shipped.kind, built.kind) == ("shipped", "built")
    assert "run `assistant model build` again" in built.reason


def test_a_model_with_more_words_comes_before_the_shipped_one(pack, tmp_path):
    more = constant([[]], {0: 0.0}, ACCEPTOR, ["<eps>", "kettlebell", "pain", "stop"])
    write_model(tmp_path / "models" / BUILT, {**FILES, "graph/Gr.fst": more})
    assert [found.kind for found in candidates(pack, None, tmp_path / "models")] == ["built", "shipped"]


def test_a_built_model_serves_when_the_shipped_one_is_gone(pack, tmp_path):
    write_model(tmp_path / "models" / BUILT)
    (pack / "model" / "graph" / "Gr.fst").unlink()
    assert [c.kind for c in candidates(pack, None, tmp_path / "models")] == ["built"]


def test_words_that_no_model_knows_are_named(pack, models):
    with pytest.raises(ModelError, match="missing from the speech model") as caught:
        choose(pack, None, lambda model: ["kettlebell"] if model == pack / "model" else ["deload"], models)
    assert f"official model {models / OFFICIAL.name} lacks deload;" in str(caught.value)
    assert f"shipped model {pack / 'model'} lacks kettlebell." in str(caught.value)
    assert "`assistant model build`" in str(caught.value)


def test_another_language_is_not_offered_what_is_for_english(pack, models):
    write_model(models / BUILT)
    assert [c.kind for c in candidates(pack, None, models, english=False)] == ["shipped"]
    with pytest.raises(ModelError, match=r"lacks zurück\. Put another one into .*en/model, or use other words"):
        choose(pack, None, lambda model: ["zurück"], models, english=False)
    with pytest.raises(ModelError, match=r"no such folder\)\. Put a Vosk model into .*de/model\.$"):
        choose(pack.with_name("de"), None, knows_all, models, english=False)


def test_no_model_at_all_says_how_to_get_one(tmp_path):
    with pytest.raises(ModelError, match=r"no such folder.*`assistant model fetch`"):
        choose(tmp_path / "de", None, knows_all, tmp_path / "none")
