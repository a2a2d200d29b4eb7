"""HTML in a widget's label: whatever is written there runs nothing, fetches nothing and leaves its label in nobody's way."""

import json
import platform
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.house import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

MACHINE = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
ESBUILD = ROOT / "node_modules" / "@esbuild" / f"linux-{MACHINE}" / "bin" / "esbuild"
SHIM = ROOT / "banyan" / "portal" / "assets" / "widgets" / "shims" / "sanitize-html.js"
ALLOWED = {  # as @jupyter-widgets/base-manager asks for it
    "allowedTags": ["a", "abbr", "b", "code", "em", "i", "img", "li", "ol", "span", "strong", "ul"],
    "allowedAttributes": {"*": ["aria-*", "class", "style", "title"], "a": ["href"], "img": ["src"], "style": ["media", "type"]},
}
HOSTILE = [
    "<script>ran()</script>",
    "<img src=x onerror=ran()>",
    "<img src=https://elsewhere.example/x.png>",
    "<img src=//elsewhere.example/x.png>",
    r"<img src=\\elsewhere.example/x.png>",
    "<img srcset='https://elsewhere.example/x.png 1x'>",
    "<svg onload=ran()></svg>",
    "<svg><script>ran()</script></svg>",
    "<svg><style><img src=x onerror=ran()></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=ran()&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=ran()>'>",
    "<template><img src=x onerror=ran()></template>",
    "<textarea><img title='</textarea><img src=x onerror=ran()>'>",
    "<xmp><p title='</xmp><img src=x onerror=ran()>'>",
    "<style>@import 'https://elsewhere.example/x.css';</style>",
    "<link rel=stylesheet href=https://elsewhere.example/x.css>",
    "<iframe srcdoc='<script>parent.ran()</script>'></iframe>",
    "<iframe src='javascript:parent.ran()'></iframe>",
    "<object data=https://elsewhere.example/x></object>",
    "<embed src=https://elsewhere.example/x>",
    "<form action=javascript:ran()><button>x</button></form>",
    "<base href=https://elsewhere.example/>",
    "<meta http-equiv=refresh content='0;url=https://elsewhere.example/'>",
    "<a href='javascript:ran()'>x</a>",
    "<a href='java&#10;script:ran()'>x</a>",
    "<a href=' &#1; javascript:ran()'>x</a>",
    "<a href='JaVaScRiPt:ran()'>x</a>",
    "<a href='data:text/html,<script>ran()</script>'>x</a>",
    "<a href='vbscript:ran()'>x</a>",
    "<a xlink:href='javascript:ran()' href='blob:x'>x</a>",
    "<span style='background:url(https://elsewhere.example/x.png)'>x</span>",
    r"<span style='background:\75rl(https://elsewhere.example/x.png)'>x</span>",
    "<span style='background:u/**/rl(https://elsewhere.example/x.png)'>x</span>",
    "<span style='background:image-set(\"https://elsewhere.example/x.png\" 1x)'>x</span>",
    "<b title='\"><img src=x onerror=ran()>'>x</b>",
    "<b class='\"onmouseover=ran() x=\"'>x</b>",
    "&lt;img src=x onerror=ran()&gt;",
    "<b" + "<b" * 3000 + " onclick=ran()>x",
    "<" + "i><" * 3000 + "img src=x onerror=ran()>",
    "</span></label></div><img src=x onerror=ran()>",
]
HARMLESS = {
    "<b>粗</b> &amp; <i>斜</i>": "<b>粗</b> &amp; <i>斜</i>",
    "<a href='https://a.example/?b=1&c=2'>去</a>": '<a href="https://a.example/?b=1&amp;c=2">去</a>',
    "<a href='#next'>下</a><a href='/x?y:z'>y</a>": '<a href="#next">下</a><a href="/x?y:z">y</a>',
    "<span style='color: red' class=a aria-label=b>x</span>": '<span style="color: red" class="a" aria-label="b">x</span>',
    "<img src='data:image/png;base64,iVBORw0KGgo='>": '<img src="data:image/png;base64,iVBORw0KGgo=">',
    "<p>段<u>落</u></p>": "段落",
    "3 < 4 & 5 > 2": "3 &lt; 4 &amp; 5 &gt; 2",
    "": "",
}


@pytest.fixture(scope="module")
def page(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page without any policy, so that nothing but the sanitiser stands in the way."""
    built = tmp_path_factory.mktemp("s") / "s.js"
    subprocess.run(
        [ESBUILD, SHIM, "--bundle", "--target=chrome66", "--format=iife", "--global-name=S", f"--outfile={built}"], check=True
    )
    context = chromium.new_context()
    page = context.new_page()
    page.asked = []  # type: ignore[attr-defined]

    def answer(route: Route) -> None:
        page.asked.append(route.request.url)  # type: ignore[attr-defined]
        route.abort()

    page.route("**/*", answer)
    page.set_content("<!doctype html><body></body>")
    page.evaluate(Path(built).read_text(encoding="utf-8").replace("var S =", "window.S =", 1))
    page.evaluate("() => { window.ran = () => { window.RAN = true; }; }")
    yield page
    context.close()


def clean(page: Page, html: str) -> str:
    return str(page.evaluate(f"html => S.default(html, {json.dumps(ALLOWED)})", html))


@pytest.mark.parametrize("html", HOSTILE, ids=lambda html: html[:40])
def test_hostile_html_does_nothing(page: Page, html: str) -> None:
    page.asked.clear()  # type: ignore[attr-defined]
    said = page.evaluate(
        f"""async html => {{
          const label = document.body.appendChild(document.createElement('label'));
          const cleaned = S.default(html, {json.dumps(ALLOWED)});
          label.innerHTML = cleaned;
          const again = label.innerHTML === cleaned;
          label.querySelectorAll('a').forEach(a => a.click());
          label.querySelectorAll('*').forEach(el => ['mouseover', 'click', 'focus'].forEach(n => el.dispatchEvent(new Event(n))));
          await new Promise(go => setTimeout(go, 40));
          const odd = Array.from(label.querySelectorAll('*')).some(el => el.namespaceURI !== 'http://www.w3.org/1999/xhtml'
            || Array.from(el.attributes).some(a => a.name.startsWith('on')));
          const out = label.parentNode !== document.body || document.body.children.length !== 1;
          label.remove();
          return {{ again, odd, out, ran: Boolean(window.RAN) }};
        }}""",
        html,
    )
    assert said == {"again": True, "odd": False, "out": False, "ran": False}
    assert [each for each in page.asked if "elsewhere" in each] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(("html", "kept"), HARMLESS.items(), ids=lambda html: html[:30])
def test_harmless_html_is_kept(page: Page, html: str, kept: str) -> None:
    assert clean(page, html) == kept


def test_this_page_would_have_let_it_run(page: Page) -> None:
    page.evaluate("document.body.innerHTML = '<img src=x onerror=ran()>'")
    page.wait_for_function("window.RAN")
