"""What no county's certificate may call itself."""

import unicodedata

from banyan.errors import BadInputError

FORBIDDEN = (
    "中华人民共和国", "中华", "中国", "国家", "全国", "国务院", "国徽",
    "职业资格", "执业资格", "从业资格", "岗位资格", "人员资格", "任职资格", "职业技能等级", "职称", "上岗证",
)  # fmt: skip
"""A county's certificate of training must not pass for a state's or an occupation's."""


TRADITIONAL = str.maketrans("國華務職業資執從崗員級稱證", "国华务职业资执从岗员级称证")


def check_words(*texts: str) -> None:
    """Raise BadInputError if a title or an issuer's name claims what a county cannot give."""
    for text in texts:
        signs = unicodedata.normalize("NFKC", text).translate(TRADITIONAL)
        plain = "".join(sign for sign in signs if sign.isalnum())  # neither blanks nor dots nor what cannot be seen hide a word
        for word in FORBIDDEN:
            if word in plain:
                raise BadInputError("证书上不能写“{word}”：{text}；请改用如“培训考核合格证明”", word=word, text=text)
