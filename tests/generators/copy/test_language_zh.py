"""Chinese rows become Chinese texts: no spaces, marks of full width, clauses as the row has them."""

import re
from pathlib import Path
from typing import Any

import pytest

from adloom.channels import copy_fields, fits, load_channel, measure
from adloom.checks.grounding import check_grounding
from adloom.checks.law import check_law
from adloom.core.brief import Brief, Offer
from adloom.core.drafts import Drafts, Source
from adloom.core.products import Product
from generators.copy.extract import read_sheet
from generators.copy.facts import FactKind
from generators.copy.frames import load_frames, repeats
from generators.copy.lm import CopyLM
from generators.copy.plan import is_free_line, plan_request
from generators.copy.template import write
from generators.registry import GeneratorSettings
from tests.generators.copy.chinese_rows import BUDS, CREAM, DUVET, LAMP, MUG, POOR, SHOES
from tests.generators.copy_requests import copy_request, made, no_drop, texts_of
from tests.tiny import make_tiny_weights

ROWS = [SHOES, MUG, BUDS, CREAM, DUVET, LAMP, POOR]
HAN = "[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(rf"{HAN}[,.:;!?]|[,:;!?]{HAN}")
LOOSE = re.compile(rf"{HAN} +{HAN}|[，。：、] | [，。：、]|[，、：]$|[，、：][，。、：]")


def described(description: str, title: str = "云朵 马克杯", **row: object) -> Product:
    """A row that has little more than its *description*."""
    fixed = {"id": "D", "title": title, "description": description, "language": "zh-CN", "category": "餐厨 > 马克杯"}
    return Product.model_validate(fixed | row)


def read(product: Product, kind: str, link: str = "") -> list[str]:
    """The facts of one *kind* that followed *link*."""
    return [fact.text for fact in read_sheet(product, Brief(), "zh-Hans").of(FactKind(kind)) if fact.link == link]


def advertised(product: Product, channel: str = "google_rsa", **spec: Any) -> Drafts:
    """What `copy.template` makes of *product* in Chinese.  Any: whatever CopySpec takes."""
    return made(write(copy_request(product, channel=channel, language="zh-Hans", **spec)))


def all_texts(*channels: str) -> list[str]:
    """The texts of all rows for *channels*, of two seeds."""
    jobs = [advertised(row, one, seed=seed) for row in ROWS for one in channels for seed in range(2)]
    return [draft.text for job in jobs for draft in job.drafts]


@pytest.mark.parametrize(
    ("description", "kind", "link", "expected"),
    [
        ("配有竹木杯盖和硅胶杯垫。", "feature", "with", ["竹木杯盖", "硅胶杯垫"]),
        ("配有杯盖、杯垫、吸管。", "feature", "with", ["杯盖", "杯垫", "吸管"]),
        ("配备可拆卸的杯盖。", "feature", "with", ["可拆卸的杯盖"]),
        ("配有杯盖可以防尘。", "feature", "with", ["杯盖"]),
        ("配有柔和灯光与定时开关。", "feature", "with", ["柔和灯光", "定时开关"]),
        ("未配有杯盖。", "feature", "with", []),
        ("附带工具与说明书。", "feature", "with", []),
        ("内置温度显示。", "feature", "having", ["温度显示"]),
        ("云朵马克杯采用骨瓷和银线。", "feature", "using", ["骨瓷和银线"]),
        ("杯盖采用竹木。", "feature", "using", []),
        ("材质为骨瓷。", "material", "made", ["骨瓷"]),
        ("适合办公室与居家使用。", "use", "for", ["办公室与居家使用"]),
        ("适合徒步、登山。", "use", "for", ["徒步、登山"]),
        ("不适合婴儿使用。", "use", "for", []),
        ("适合您的杯子。", "use", "for", []),
        ("适用于微波炉。", "use", "suits", ["微波炉"]),
        ("加厚把手让端握不烫手。", "benefit", "let", ["端握不烫手"]),
        ("让早晨更加从容。", "benefit", "let", []),
        ("小巧杯身方便携带。", "benefit", "easy", ["携带"]),
        ("不方便携带。", "benefit", "easy", []),
        ("可煮方便面。", "benefit", "easy", []),
    ],
)
def test_a_phrase_is_read_behind_its_marker(description: str, kind: str, link: str, expected: list[str]) -> None:
    assert read(described(description), kind, link) == expected


@pytest.mark.parametrize(
    ("highlight", "kind", "expected"),
    [
        ("竹木杯盖", "feature", ["竹木杯盖"]),
        ("350ml大容量", "feature", ["350ml大容量"]),
        ("宽大手柄，方便端握", "feature", ["宽大手柄，方便端握"]),
        ("防漏", "quality", ["防漏"]),
        ("可放进微波炉", "statement", ["可放进微波炉"]),
        ("【双层杯壁】久握不烫", "statement", ["双层杯壁", "久握不烫"]),
        ("双层杯壁：久握不烫", "statement", ["双层杯壁", "久握不烫"]),
        ("容量：350毫升", "measure", ["350毫升容量"]),
        ("顺丰包邮", "feature", []),
        ("不含双酚A", "feature", []),
    ],
)
def test_a_highlight_says_what_it_is_by_its_form(highlight: str, kind: str, expected: list[str]) -> None:
    assert read(described("", highlights=(highlight,)), kind) == expected


@pytest.mark.parametrize(
    ("clause", "link"),
    [
        ("杯口圆润不割手", ""),
        ("保温24小时", ""),
        ("它可以放进微波炉", "it"),
        ("马克杯由师傅手工上釉", "named"),
        ("云朵杯口圆润", "named"),
        ("长时间握持时", None),
        ("也可放进洗碗机", None),
        ("让早晨从容", None),
        ("云朵马克杯", None),
        ("杯子", None),
        ("我们手工上釉", None),
        ("请勿干烧杯身", None),
        ("全网销量第一", None),
        ("送礼最好的选择", None),
        ("还在为喝水烦恼？", None),
    ],
)
def test_a_clause_that_stands_alone_is_a_statement(clause: str, link: str | None) -> None:
    found = read_sheet(described(f"{clause}，"), Brief(), "zh").of(FactKind.STATEMENT)
    assert [fact.link for fact in found] == ([] if link is None else [link])


@pytest.mark.parametrize("product", ROWS, ids=lambda row: row.title)
def test_every_fact_says_where_it_stands(product: Product) -> None:
    for fact in read_sheet(product, Brief(), "zh").facts:
        if fact.source == "description":
            assert product.description[slice(*fact.span)] == fact.text


@pytest.mark.parametrize(
    ("title", "brand", "category", "name", "noun"),
    [
        ("漫步者 登山鞋 男款 防水", "漫步者", "鞋靴/登山鞋", "登山鞋", "登山鞋"),
        ("漫步者登山鞋男款防水", "漫步者", "鞋靴/登山鞋", "登山鞋", "登山鞋"),
        ("漫步者登山鞋垫", "漫步者", "鞋靴/登山鞋", "登山鞋垫", ""),
        ("栖木 云朵 陶瓷马克杯 350ml", "栖木", "", "云朵陶瓷马克杯", "陶瓷马克杯"),
        ("栖木 云朵杯 男女通用 防漏", "栖木", "", "云朵杯", "云朵杯"),
        ("【包邮】素野冲锋衣女款三合一", "素野", "服饰>冲锋衣", "冲锋衣", "冲锋衣"),
        ("HUASU 智能扫地机器人 X3 Pro 120W", "HUASU", "家电 > 扫地机器人", "智能扫地机器人 X3 Pro", "扫地机器人"),
        ("Nordly Air 2 蓝牙耳机", "Nordly", "数码 > 蓝牙耳机", "Air 2 蓝牙耳机", "蓝牙耳机"),
        ("卫衣 XL 落肩", "", "", "卫衣", "卫衣"),
        ("云朵 防漏", "", "", "云朵", ""),
        ("每日果干 30包", "", "", "每日果干 30包", ""),
    ],
)
def test_a_title_is_taken_apart(title: str, brand: str, category: str, name: str, noun: str) -> None:
    names = read_sheet(described("", title, brand=brand, category=category), Brief(), "zh").names
    assert (names.name, names.noun) == (name, noun)


def test_words_of_the_title_tell_qualities_that_the_name_has_not() -> None:
    assert read(described("", "防漏马克杯 防漏 保温 男款"), "quality") == ["保温"]


def test_materials_of_a_column_are_a_list_in_chinese() -> None:
    product = described("", material="棉/麻,丝", details={"适用场景": "办公、居家"})
    assert read(product, "material", "made") == ["棉、麻、丝"]
    assert read(product, "use", "for") == ["办公、居家"]


CHANNELS = ["google_rsa", "meta_feed", "xiaohongshu_note", "taobao_tmall", "oceanengine_feed", "google_pmax"]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("product", ROWS, ids=lambda row: row.title)
def test_every_text_fits_and_stands_in_the_row(product: Product, channel: str) -> None:
    fields = {field.name: field for field in copy_fields(load_channel(channel), ())}
    drafts = advertised(product, channel).drafts
    written = {field.name for field in fields.values() if field.max_items}
    assert product is POOR or {draft.field for draft in drafts} == written
    told = product.model_dump_json().lower()
    for draft in drafts:
        assert fits(draft.text, fields[draft.field])
        assert check_grounding(draft.text, product=product, brief=Brief(), brand=None, language="zh-Hans") == []
        assert all(word.lower() in told for word in re.findall(r"[A-Za-z]{2,}", draft.text))
        assert draft.source == Source.TEMPLATE


@pytest.mark.parametrize(
    ("product", "least"), [(SHOES, 8), (MUG, 8), (BUDS, 8), (CREAM, 8), (DUVET, 8), (LAMP, 3), (POOR, 3)]
)
def test_a_richer_row_gives_more_headlines(product: Product, least: int) -> None:
    headlines = texts_of(advertised(product), "headline")
    assert len(set(headlines)) == len(headlines) >= least


@pytest.mark.parametrize("channel", CHANNELS)
def test_texts_are_set_as_chinese_is(channel: str) -> None:
    for text in all_texts(channel):
        assert not HALF_WIDTH.search(text)
        assert not LOOSE.search(text)


def test_a_latin_name_keeps_its_spaces() -> None:
    texts = texts_of(advertised(BUDS), "headline") + texts_of(advertised(BUDS, seed=1), "headline")
    assert any("Nordly Air 2 无线蓝牙耳机" in text for text in texts)
    assert any("选购 Nordly" in text or "了解 Nordly" in text for text in texts)


@pytest.mark.parametrize("language", ["zh", "zh-CN", "zh-Hans", "zh-Hans-CN"])
def test_a_script_and_a_region_are_chinese_too(language: str) -> None:
    outcome = write(copy_request(MUG, language=language))
    assert texts_of(outcome, "headline") == texts_of(advertised(MUG), "headline")


def test_no_frame_breaks_the_advertising_law_of_china() -> None:
    frames, _ = load_frames("zh")
    broken = {one.text: found for one in frames if (found := check_law(one.text, markets=["cn"]))}
    assert broken == {}


def test_what_the_law_forbids_stays_in_the_row() -> None:
    boasts = "全网最好的马克杯。销量第一，杯口圆润不割手。适合第一杯咖啡。让您永久健康。7天见效。"
    boasting = described(f"{boasts}双层杯壁不烫手。")
    texts = [draft.text for seed in range(4) for draft in advertised(boasting, seed=seed).drafts]
    assert any("杯口圆润不割手" in text for text in texts)
    assert {text: found for text in texts if (found := check_law(text, markets=["cn"]))} == {}


def test_a_description_says_more_than_a_line() -> None:
    for product in ROWS:
        for text in texts_of(advertised(product), "description"):
            assert measure(text, "google_width") >= 40
            assert text.endswith("。")


def test_prices_and_offers_are_written_as_chinese_shops_do() -> None:
    brief = Brief(offer=Offer(text="全场满200减20"))
    texts = " ".join(draft.text for seed in range(3) for draft in advertised(BUDS, brief=brief, seed=seed).drafts)
    assert "¥249" in texts
    assert "¥299" not in texts
    assert "全场满200减20" in texts


def test_nothing_follows_a_call_or_a_price() -> None:
    texts = all_texts("meta_feed")
    assert any("立即选购。" in text for text in texts)
    assert any("售价" in text for text in texts)
    for text in texts:
        assert not re.search(r"。(?:立即|欢迎|售价)[^。]*。.", text)


def test_a_clause_that_says_why_follows_no_other_clause() -> None:
    for text in all_texts("google_rsa", "meta_feed"):
        before = re.split(r"，(?:让|方便)", text)[0]
        assert before == text or "，" not in re.split("。", before)[-1] or "方便端握" in text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("栖木马克杯，杯口圆润", True),
        ("栖木马克杯的", False),
        ("栖木马克杯，杯口圆润和", False),
        ("栖木不锈钢马克杯", False),
        ("杯子", False),
    ],
)
def test_a_line_that_a_network_wrote_has_an_end(line: str, expected: bool) -> None:
    plan = plan_request(copy_request(MUG, language="zh"))
    assert is_free_line(line, plan, plan.fields[0]) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("马克杯，骨瓷马克杯", True),
        ("适合徒步的猫咪的马克杯", True),
        ("防滑的杯垫，耐热的硅胶盖", False),
        ("手机壳适用于 iPhone，iPhone 的壳", True),
    ],
)
def test_a_chinese_text_repeats_itself_in_pairs_of_characters(text: str, expected: bool) -> None:
    assert repeats(text, language="zh") is expected


def test_a_network_that_writes_no_chinese_ranks_what_the_row_says(tmp_path: Path) -> None:
    weights = make_tiny_weights(tmp_path / "weights")
    writer = CopyLM(GeneratorSettings(cache=tmp_path, threads=1))
    writer.load(str(weights), "cpu")
    (outcome,) = writer.generate([copy_request(MUG, language="zh-CN")], step=no_drop)
    drafts = made(outcome).drafts
    assert len(texts_of(outcome, "headline")) >= 8
    assert {draft.source for draft in drafts} == {Source.GUIDED}
    fields = {field.name: field for field in copy_fields(load_channel("google_rsa"), ())}
    for draft in drafts:
        assert fits(draft.text, fields[draft.field])
        assert check_grounding(draft.text, product=MUG, brief=Brief(), brand=None, language="zh-CN") == []
