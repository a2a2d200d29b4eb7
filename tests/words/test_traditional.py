"""繁體: every entry of the glossary is needed and applied; names and tags stay; what no glossary knows blocks nothing."""

import pytest
from opencc import OpenCC

from banyan.words.language import language
from banyan.words.traditional import glossary, traditional, traditional_all, traditional_html

PLAIN, BACK = OpenCC("s2t"), OpenCC("t2s")
WITH = {"麪": "面条", "覈": "核对", "纔": "刚才", "唸": "念书", "柺": "拐杖"}
"""A word in which OpenCC writes a shape that alone it would not write."""
READ = {
    "里头发展": "裡頭發展",
    "复核干部的电话": "複核幹部的電話",
    "台风过后": "颱風過後",
    "只有一只手": "只有一隻手",
    "系统和联系人": "系統和聯繫人",
    "松了口气，看松树": "鬆了口氣，看松樹",
    "面对面，一碗面": "面對面，一碗麵",
    "没有采用，已采样": "沒有採用，已採樣",
    "请注意备注": "請注意備註",
    "石头冲下来，人被冲走": "石頭衝下來，人被沖走",
    "网格里没有人": "網格裡沒有人",
    "楼道里，群里，这里": "樓道裡，群裡，這裡",
    "被发证单位撤销": "被發證單位撤銷",
    "告诉大家什么时候能回家": "告訴大家什麼時候能回家",
    "为了群众，刚才吃饭": "為了群眾，剛才吃飯",
    "制定计划，绘制地图": "制定計劃，繪製地圖",
    "十四周岁，一周里": "十四周歲，一週裡",
}


@pytest.mark.parametrize(("phrase", "meant"), glossary().phrases.items())
def test_a_phrase_of_the_glossary_is_needed_and_applied(phrase: str, meant: str) -> None:
    shapes = str.maketrans(dict(glossary().shapes))
    assert PLAIN.convert(phrase).translate(shapes) != meant
    assert traditional(f"他说：{phrase}。") == f"他說：{meant}。"


@pytest.mark.parametrize(("shape", "meant"), glossary().shapes.items())
def test_a_shape_of_the_glossary_is_needed_and_applied(shape: str, meant: str) -> None:
    word = WITH.get(shape, BACK.convert(shape))
    assert shape in PLAIN.convert(word)
    assert meant in traditional(word)
    assert shape not in traditional(word)


@pytest.mark.parametrize(("simplified", "meant"), READ.items())
def test_what_was_proof_read_stays_right(simplified: str, meant: str) -> None:
    assert traditional(simplified) == meant


def test_a_phrase_nobody_thought_of_is_converted_all_the_same() -> None:
    assert traditional("蹚过齐膝的溪水𠮷") == "蹚過齊膝的溪水𠮷"


def test_a_name_stays_as_its_owner_writes_it() -> None:
    spoken = language("zh-Hant")
    assert spoken.say("{name}，晚上好", name="叶后松") == "叶后松，晚上好"
    assert spoken.count("还有{n}天", 3) == "還有3天"


def test_in_html_only_what_is_read_is_turned() -> None:
    html = '<p class="里"><a href="/课/里" title="出处">这里</a><img alt="地图" src="data:图"></p>'
    assert traditional_html(html) == '<p class="里"><a href="/课/里" title="出處">這裡</a><img alt="地圖" src="data:图"></p>'


def test_data_is_turned_to_its_depth_and_keys_stay() -> None:
    asked = {"id": "a", "options": [{"id": "B", "text": "打电话"}], "值": 3, "none": None}
    assert traditional_all(asked) == {"id": "a", "options": [{"id": "B", "text": "打電話"}], "值": 3, "none": None}


def test_a_long_text_is_turned_like_a_short_one() -> None:
    assert traditional("这里" * 5000) == "這裡" * 5000
