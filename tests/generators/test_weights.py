"""Weights are found, verified, converted once and versioned."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from adloom.core.errors import TransientError
from adloom.core.weights import CATALOGUE, resolve_version
from generators.gguf import _unpermuted
from generators.network import Network
from generators.weights import BrokenWeights, UnknownWeights, fetch, main


def test_the_default_resolves_to_its_hash_without_loading_anything() -> None:
    assert resolve_version("smollm2-135m-instruct") == "smollm2-135m-instruct@b179c9523d0e"
    assert resolve_version("smollm2-135m-instruct@b179c9523d0e") == "smollm2-135m-instruct@b179c9523d0e"


def test_a_folder_loads_as_it_is_and_its_version_follows_its_files(tiny_weights: Path, tmp_path: Path) -> None:
    local = fetch(str(tiny_weights), tmp_path)
    assert local.folder == tiny_weights
    assert local.version == resolve_version(str(tiny_weights))
    assert Network.read(local.folder, "cpu").tokens("a lamp")
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "config.json").write_text("{}")
    before = resolve_version(str(copy))
    (copy / "config.json").write_text("{ }")
    assert resolve_version(str(copy)) != before


def test_a_folder_with_its_version_is_the_same_folder(tiny_weights: Path, tmp_path: Path) -> None:
    version = resolve_version(str(tiny_weights))
    assert fetch(version, tmp_path).folder == tiny_weights


@pytest.mark.parametrize("name", ["no-such-weights", "../up/and/away", "bad name"])
def test_an_unknown_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownWeights):
        fetch(name, tmp_path)


def test_a_hub_that_does_not_answer_is_worth_another_attempt(tmp_path: Path) -> None:
    with pytest.raises(TransientError):
        fetch("some-org/some-model", tmp_path)  # the tests are offline


def test_a_file_with_another_hash_is_never_converted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forged = replace(CATALOGUE[0], name="forged", sha256="0" * 64)
    monkeypatch.setattr("adloom.core.weights.CATALOGUE", (forged,))
    with pytest.raises(BrokenWeights):
        fetch("forged", tmp_path)
    assert not list(tmp_path.glob("*@*"))


def test_a_finished_folder_is_used_as_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / CATALOGUE[0].version
    folder.mkdir()
    assert fetch(CATALOGUE[0].name, tmp_path).folder == folder


def test_unpermuting_undoes_what_the_packer_did() -> None:
    heads, width, columns = 3, 8, 5
    rows = torch.arange(heads * width * columns, dtype=torch.float32).reshape(heads * width, columns)
    packed = rows.reshape(heads, 2, width // 2, columns).swapaxes(1, 2).reshape(rows.shape)
    assert torch.equal(_unpermuted(packed, heads), rows)
    assert not torch.equal(packed, rows)


def test_the_command_lists_what_is_known_as_json_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--cache", str(tmp_path)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {**json.loads(line), "name": "smollm2-135m-instruct", "ready": False}


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "no-such-weights", "--cache", str(tmp_path)]) == 1
    assert "no-such-weights" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["noop", "copy.template"])
def test_a_generator_without_a_network_never_imports_torch(kind: str) -> None:
    code = (
        "import sys; from generators.registry import GeneratorSettings, create; "
        f"create({kind!r}, GeneratorSettings()); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
def test_two_processes_convert_the_default_once(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "generators.weights", "fetch", "--cache", str(tmp_path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(2)]
    folders = {json.loads(process.communicate()[0])["folder"] for process in both}
    assert len(folders) == 1
    assert not list(tmp_path.glob("unfinished-*"))
    network = Network.read(Path(folders.pop()), "cpu")
    trie_text = network.tokens("The capital of France is")
    prefix = network.remember(trie_text)
    assert prefix.length == len(trie_text)
