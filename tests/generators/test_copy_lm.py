"""The network's walk through what may be said: exact, the same among neighbours, honest about its sources."""

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM

from adloom.channels import copy_fields, fits, load_channel
from adloom.checks.grounding import check_grounding
from adloom.core.brief import Brief
from adloom.core.drafts import Failure, Source
from generators.base import Stopping
from generators.copy.lm import CopyLM
from generators.copy.shares import SHARES
from generators.network import Network
from generators.registry import GeneratorSettings
from generators.trie import Trie, draw
from tests.generators.copy_requests import BARE, PADDLE, copy_request, made, no_drop, texts_of


@pytest.fixture(scope="module")
def network(tiny_weights: Path) -> Network:
    return Network.read(tiny_weights, "cpu")


@pytest.fixture(scope="module")
def writer(tiny_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> CopyLM:
    writer = CopyLM(GeneratorSettings(cache=tmp_path_factory.mktemp("cache"), threads=1))
    writer.load(str(tiny_weights), "cpu")
    return writer


def test_one_pass_over_a_tree_scores_like_one_pass_per_text(network: Network, tiny_weights: Path) -> None:
    plain = AutoModelForCausalLM.from_pretrained(tiny_weights, dtype=torch.float32)
    prompt = network.tokens("Product: a slim lamp.\n")
    texts = [network.tokens(text) for text in ("Headline: A Lamp\n", "Headline: A Slim Lamp\n", "Button: See\n")]
    trie = Trie()
    paths = [trie.add([prompt[-1], *text]) for text in texts]
    found = network.score_tree(network.remember(prompt[:-1]), trie)
    assert len(trie) < 1 + sum(map(len, texts))  # they share their beginnings
    for text, path in zip(texts, paths, strict=True):
        with torch.no_grad():
            logits = plain(torch.tensor([prompt + text])).logits[0].log_softmax(-1)
        expected = [logits[len(prompt) - 1 + n, token].item() for n, token in enumerate(text)]
        assert [found[node] for node in path[1:]] == pytest.approx(expected, abs=1e-4)


def test_a_draw_never_takes_a_path_twice_and_takes_all_when_asked() -> None:
    trie = Trie()
    paths = [trie.add(path) for path in ([1, 2, 9], [1, 3, 9], [1, 2, 4, 9], [5, 9])]
    drawn = draw(trie, paths, [0.0] * len(trie), np.random.default_rng(1), wanted=10, temperature=1.0)
    assert sorted(drawn) == [0, 1, 2, 3]


def test_a_draw_follows_the_networks_probabilities() -> None:
    trie = Trie()
    paths = [trie.add(path) for path in ([1, 2], [1, 3])]
    log_probs = [0.0, float(np.log(0.9)), float(np.log(0.1))]
    firsts = [
        draw(trie, paths, log_probs, np.random.default_rng(seed), wanted=1, temperature=1.0)[0] for seed in range(400)
    ]
    assert firsts.count(0) / len(firsts) == pytest.approx(0.9, abs=0.05)


def test_an_item_gives_the_same_texts_alone_and_among_others(writer: CopyLM) -> None:
    mine = copy_request(number=3)
    others = [copy_request(BARE, number=n) for n in (0, 5)]
    (alone,) = writer.generate([mine], step=no_drop)
    among = {o.request: o for o in writer.generate([others[0], mine, others[1]], step=no_drop)}
    guided = [[d for d in made(o).drafts if d.source == Source.GUIDED] for o in (alone, among[mine.id])]
    assert guided[0] == guided[1]


def test_every_text_is_guided_or_free_and_may_run(writer: CopyLM) -> None:
    fields = {field.name: field for field in copy_fields(load_channel("google_rsa"), ())}
    (outcome,) = writer.generate([copy_request()], step=no_drop)
    drafts = made(outcome).drafts
    assert len(texts_of(outcome, "headline")) >= 8
    for draft in drafts:
        assert draft.source in (Source.GUIDED, Source.FREE)
        assert fits(draft.text, fields[draft.field])
        assert check_grounding(draft.text, product=PADDLE, brief=Brief(), brand=None) == []
        assert set(draft.details["scores"]) == set(SHARES)


def test_provenance_names_the_weights_and_the_prompt(writer: CopyLM, tiny_weights: Path) -> None:
    (outcome,) = writer.generate([copy_request()], step=no_drop)
    provenance = made(outcome).provenance
    assert provenance["weights"].startswith(f"{tiny_weights}@")
    assert len(provenance["prompt_sha256"]) == 64


def test_what_the_brief_dictates_is_not_called_guided(writer: CopyLM) -> None:
    request = copy_request(channel="iab_fixed", slots=("300x250",), brief=Brief(call_to_action="Paddle off"))
    (outcome,) = writer.generate([request], step=no_drop)
    (button,) = [draft for draft in made(outcome).drafts if draft.field == "creative_cta"]
    assert (button.text, button.source) == ("Paddle off", Source.TEMPLATE)


def test_another_language_is_refused_with_advice(writer: CopyLM) -> None:
    (outcome,) = writer.generate([copy_request(language="fr-FR")], step=no_drop)
    assert isinstance(outcome, Failure)
    assert "copy.served" in outcome.message


def test_a_cancelled_item_is_dropped_and_its_neighbour_is_not(writer: CopyLM) -> None:
    gone, stays = copy_request(number=0), copy_request(number=1)
    outcomes = list(writer.generate([gone, stays], step=lambda: frozenset({gone.id})))
    assert [outcome.request for outcome in outcomes] == [stays.id]


def test_a_drain_stops_between_two_tokens(writer: CopyLM) -> None:
    def stop() -> frozenset[object]:
        raise Stopping

    with pytest.raises(Stopping):
        list(writer.generate([copy_request()], step=stop))  # type: ignore[arg-type]  # it never returns


@pytest.mark.slow
def test_the_real_network_writes_a_whole_ad(tmp_path_factory: pytest.TempPathFactory) -> None:
    writer = CopyLM(GeneratorSettings(cache=tmp_path_factory.mktemp("real"), threads=1))
    writer.load("", "cpu")
    (outcome,) = writer.generate([copy_request()], step=no_drop)
    assert len(texts_of(outcome, "headline")) >= 8
    assert len(texts_of(outcome, "description")) >= 3
    assert made(outcome).provenance["weights"].startswith("smollm2-135m-instruct@")
