"""A lesson's page as the front end's contract has it, without anything else a lesson has."""

import json
from typing import Any

WORDS = {
    "preparing": "正在准备互动部分…",
    "place": "前面还有{n}位，排到就开始",
    "cut": "断线了，正在重连；您动过的都留着",
    "connected": "已连上",
    "changed": "这一课换了新的，请刷新",
    "unavailable": "互动部分暂时打不开，文字和练习可以照常学",
    "signed-out": "登录过期了，没发出去的内容还在这部手机里。",
    "failed": "这一下没有算出来，换一个数试试；文字和练习可以照常学。",
    "part-failed": "这一小块暂时打不开，其余内容可以照常学。",
    "reload": "刷新",
    "sign-in": "重新登录",
}
PAGE = """<!doctype html>
<html lang="zh-Hans"{size}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>试一试</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/static/app.css">
<link rel="stylesheet" href="/static/lesson.css"><link rel="stylesheet" href="/static/widgets.css"></head>
<body class="lesson-page" data-api="/api/" data-course="x-1" data-lesson="trial" data-snapshot="s1" data-reader="r">
<main class="page lesson"><p class="notice" id="notice" role="status" hidden {words}></p>
<h1>试一试</h1><div class="prose">{slots}</div></main>
<script type="application/json" id="widget-state">{state}</script>
<script src="/static/widgets.js"></script></body></html>"""


def page(told: dict[str, Any], elder: bool) -> str:
    slots = "".join(
        f'<h2>{name}</h2><div class="slot here" id="cell-{name}"><div class="output" data-model="{model}"></div></div>'
        for name, model in told["shown"].items()
    )
    words = " ".join(f'data-{about}="{said}"' for about, said in WORDS.items())
    state = json.dumps(told["state"], ensure_ascii=False).replace("<", "\\u003c")
    return PAGE.format(size=' class="elder"' if elder else "", words=words, slots=slots, state=state)
