"""The floor is Chrome 66 (Android 8, webviews of 2019): esbuild lowers syntax, so what is left are names it does not know.

A name here is found in the built files as code, not in their strings. One that appears is either given in
assets/widgets/polyfills.js (and then its own test proves it) or must not be used.
"""

import gzip
import re
import subprocess
from pathlib import Path

import pytest

from tests.house import ROOT

STATIC = ROOT / "banyan" / "portal" / "static"
WIDGETS = ROOT / "widgets"  # their scripts and styles reach the page as they are written
SCRIPTS = sorted([*STATIC.glob("*.js"), *WIDGETS.glob("*.js")])
STYLES = sorted([*STATIC.glob("*.css"), *WIDGETS.glob("*.css")])
POLYFILLS = ROOT / "banyan" / "portal" / "assets" / "widgets" / "polyfills.js"

METHODS = [  # called on a value: .name(
    *(
        "replaceAll",
        "matchAll",
        "flat",
        "flatMap",
        "trimStart",
        "trimEnd",
        "at",
        "findLast",
        "findLastIndex",
        "toSorted",
        "toReversed",
    ),
    *("toSpliced", "replaceChildren", "allSettled", "any", "fromEntries", "hasOwn", "groupBy", "withResolvers", "randomUUID"),
    *("toggleAttribute", "getAnimations", "showModal", "showPopover", "scrollIntoViewIfNeeded", "throwIfAborted"),
    *("arrayBuffer", "setHTML", "showPicker", "isWellFormed", "structuredClone", "requestSubmit", "moveBefore", "formatRange"),
]
NAMES = [  # stand alone or are made with new
    *("globalThis", "queueMicrotask", "structuredClone", "BigInt", "WeakRef", "FinalizationRegistry"),
    *("AggregateError", "CompressionStream", "OffscreenCanvas", "visualViewport", "navigation", "scheduler"),
    *(
        "AbortSignal.timeout",
        "AbortSignal.any",
        "Intl.RelativeTimeFormat",
        "Intl.ListFormat",
        "Intl.Segmenter",
        "Intl.DisplayNames",
    ),
    *("URL.canParse", "navigator.locks", "navigator.wakeLock", "Array.fromAsync", "Promise.try"),
    *("Promise.any", "Promise.allSettled", "Object.fromEntries", "Object.hasOwn", "CSSStyleSheet()", "adoptedStyleSheets"),
]
LOOKED_FOR_FIRST = {"globalThis", "visualViewport", "queueMicrotask"}  # harmless behind typeof
OWN = {"at": r"(?:this(?:\._collection)?|\w+\.collection)\.at\("}  # Backbone's collections have an `at` of their own
SYNTAX = {
    "optional chaining": r"[\w)\]]\?\.(?![0-9])[\w[(]",
    "nullish": r"\?\?",
    "private field": r"this\.#\w",
    "rest of an object": r"[{,]\s*\.\.\.\w+\s*\}\s*=",
    "logical assignment": r"(?:&&|\|\||\?\?)=",
    "named group or look behind": r"\(\?<[!=\w]",
    "import.meta": r"\bimport\.meta\b",
    "numeric separator": r"\b\d+_\d+\b",
    "date and time style": r"\b(?:dateStyle|timeStyle|notation|compactDisplay):",
    "who submitted": r"\.submitter\b",
}
STYLE = {
    ":has(": r":has\(",
    ":is( or :where(": r":(?:is|where)\(",
    ":focus-visible beside others": r"(?:^|[}])(?:[^{}@]*,[^{}]*:focus-visible[^{}]*|[^{}@]*:focus-visible[^{}]*,[^{}]*)\{",
    "inset": r"[{;]inset(?:-block|-inline)?:",
    "aspect-ratio": r"[{;]aspect-ratio:",
    "dvh and its kin": r"\d(?:dvh|svh|lvh|dvw|svw|lvw)\b",
    "clamp, min, max": r":[^;{}\"']*\b(?:clamp|min|max)\(",
    "color functions": r"\b(?:color-mix|oklch|lab|lch|light-dark)\(",
    "nesting or layers": r"@layer|@container|@scope|@starting-style|@property",
    "range media queries": r"@media[^{]*[<>]",
    "logical shorthands": r"[{;](?:margin|padding)-(?:block|inline):",
    "text-wrap": r"[{;]text-wrap:[^;}]*;?[^}]*$",
    "a list in :not(": r":not\([^()]*,",
    "a list in :lang(": r":lang\([^()]*,",
    "logical sides": r"[{;](?:margin|padding|border|inset)-(?:inline|block)-(?:start|end)",
    "logical corners": r"[{;]border-(?:start|end)-(?:start|end)-radius:",
    "single transforms": r"[{;](?:rotate|scale|translate):",
    "overflow: clip": r"[{;]overflow(?:-[xy])?:clip",
    "a new pseudo-element before others": r"[^{}]*::(?:marker|file-selector-button)[^{}]*,[^{}]*\{",
    "a new pseudo-element after others": r",[^{}]*::(?:marker|file-selector-button)[^{}]*\{",
}
PLACED = r"display:(?:inline-)?grid|(?:^|;)columns?(?:-count|-width)?:"  # where gaps are as old as the floor
COMMENTS = re.compile(r"/\*.*?\*/|(?<![:\"'\\\\])//[^\"'`\n]*$", re.DOTALL | re.MULTILINE)
STRINGS = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\$])*`")


def code(text: str) -> str:
    """Return a script without its strings and comments."""
    return STRINGS.sub('""', COMMENTS.sub("", text))


def newer_calls(script: str) -> list[str]:
    plain = code(script)
    found = [name for name in METHODS if re.search(rf"\.{name}\(", re.sub(OWN[name], "", plain) if name in OWN else plain)]
    for name in NAMES:
        if re.search(rf"(?<![.\w$]){re.escape(name)}(?![\w$:])", plain) and not (
            name in LOOKED_FOR_FIRST and _asked_for(name, plain)
        ):
            found.append(name)
    return found + [name for name, shape in SYNTAX.items() if re.search(shape, plain)]


def _asked_for(name: str, plain: str) -> bool:
    return bool(re.search(rf"typeof {name}\b", plain))


def newer_rules(style: str) -> list[str]:
    found = [name for name, shape in STYLE.items() if re.search(shape, style)]
    for rule in re.findall(r"\{([^{}]*)\}", style):
        if re.search(r"(?:^|;)(?:row-|column-)?gap:", rule) and not re.search(PLACED, rule):  # flex may stand in another rule
            found.append(f"gap outside a grid: {rule[:60]}")
    return found


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_calls_nothing_newer_than_the_floor(path: Path) -> None:
    given = (
        set(re.findall(r"prototype\.(\w+) = function", POLYFILLS.read_text(encoding="utf-8")))
        if path.stem == "widgets"
        else set()
    )
    assert [each for each in newer_calls(path.read_text(encoding="utf-8")) if each not in given] == []


def lowered(script: str, target: str) -> str:
    """Return a script as esbuild writes it for a target."""
    esbuild = next((ROOT / "node_modules" / "@esbuild").glob("*/bin/esbuild"))
    return subprocess.run([esbuild, f"--target={target}"], input=script, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("path", sorted(WIDGETS.glob("*.js")), ids=lambda path: path.name)
def test_a_script_that_is_not_built_is_written_for_the_floor(path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    assert lowered(script, "chrome66") == lowered(script, "esnext")


def test_a_script_that_is_not_written_for_the_floor_is_found() -> None:
    newer = "class A { b = 1; }"
    assert lowered(newer, "chrome66") != lowered(newer, "esnext")


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_uses_nothing_newer_than_the_floor(path: Path) -> None:
    assert newer_rules(path.read_text(encoding="utf-8")) == []


def inside(page: Path, element: str) -> str:
    """Return what stands in a page's own elements of a kind, tight as the built files are."""
    found = re.findall(rf"<{element}>(.*?)</{element}>", page.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return re.sub(r"\s*([{};:,])\s*", r"\1", "\n".join(found))


def test_the_page_shown_when_a_service_is_down_is_written_for_the_floor() -> None:
    page = ROOT / "hub_config" / "errors" / "error.html"
    assert newer_calls(inside(page, "script")) == []
    assert newer_rules(inside(page, "style")) == []
    assert newer_rules(inside(ROOT / "hub_config" / "templates" / "fallback.css.html", "style")) == []


@pytest.mark.parametrize(
    "newer",
    [
        *(
            "x.replaceAll(a,b)",
            "[1].flat()",
            "Object.fromEntries(x)",
            "crypto.randomUUID()",
            "structuredClone(a)",
            "queueMicrotask(f)",
        ),
        *(
            "Promise.allSettled(a)",
            "a?.b",
            "a??b",
            "list.at(-1)",
            "el.replaceChildren()",
            "new WeakRef(a)",
            "AbortSignal.timeout(9)",
        ),
        *(
            "form.requestSubmit()",
            "event.submitter",
            'new Intl.DateTimeFormat("zh",{dateStyle:"long"})',
            "navigator.locks.query()",
        ),
        *("globalThis.x", "class A{#a;f(){return this.#a}}", "/(?<year>x)/.test(a)"),
    ],
)
def test_what_is_newer_is_found_in_a_script(newer: str) -> None:
    assert newer_calls(f"var a=1;{newer};") != []


@pytest.mark.parametrize(
    "newer",
    [
        *(
            "a:has(b){color:red}",
            "a{inset:0}",
            "a{aspect-ratio:1}",
            "a{height:100dvh}",
            "a{display:flex;gap:8px}",
            "a:is(b,c){top:0}",
        ),
        *(
            "a{display:flex}.b{gap:8px}",
            "a:not(b,c){top:0}",
            "a{margin-inline-start:4px}",
            "a{rotate:9deg}",
            "a::marker,b{top:0}",
        ),
        *("a{width:clamp(1px,2px,3px)}", "@media (width>=9px){a{top:0}}", "a{color:color-mix(in srgb,red,blue)}"),
    ],
)
def test_what_is_newer_is_found_in_a_style(newer: str) -> None:
    assert newer_rules(newer) != []


@pytest.mark.parametrize("older", ['say("a.replaceAll(b)")', "typeof globalThis", "a?.5:b", "var flat=1", "this.at(0)"])
def test_what_only_looks_newer_is_let_be(older: str) -> None:
    assert newer_calls(f"{older};") == []


LOADED = ["lesson.js", "questions.js", "widgets.js", "offline.js", "app.css", "lesson.css", "widgets.css"]


@pytest.mark.parametrize("name", LOADED)
def test_what_a_lesson_loads_is_built(name: str) -> None:
    assert (STATIC / name).is_file()


def test_what_a_lesson_with_widgets_loads_leaves_its_page_the_room_it_needs() -> None:
    """The whole first visit is 250 kB; the page itself, with its text, figures and embedded state, may take 90."""
    loads = ["lesson.js", "questions.js", "widgets.js", "app.css", "lesson.css", "widgets.css"]
    assert sum(len(gzip.compress((STATIC / each).read_bytes(), 6)) for each in loads) <= 160_000
    assert len(gzip.compress((STATIC / "widgets.js").read_bytes(), 6)) <= 150_000
