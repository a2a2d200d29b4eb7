"""Any question of any type, and answers to it: right, wrong, hostile."""

from hypothesis import strategies as st

from grading import questions
from grading.questions import (
    case,
    cloze,
    file,
    first_report,
    hotspot,
    match,
    multiple,
    numeric,
    open,
    order,
    short_text,
    simulation,
    single,
    true_false,
)

SECRET = "钥匙"
"""Stands in everything a learner must not see."""
CODE = ("C5.2.a",)

LETTERS = "AB九９1.,+-e 　。\n\x00\x1b\u202e<&`$𠮷\ud800"
ids = st.lists(st.sampled_from("ABCDEFGH"), min_size=2, max_size=6, unique=True)


def options(names):
    return {name: f"选项{name}" for name in names}


@st.composite
def singles(draw):
    names = draw(ids)
    key = draw(st.sampled_from(names))
    lost = tuple(each for each in names if each != key and draw(st.booleans()))
    said = {each: f"{SECRET}{each}" for each in names}
    return single.Item(
        id="q", stem="题", options=options(names), key=key, feedback=said, why=SECRET, hard_fail=lost, indicators=CODE
    )


@st.composite
def multiples(draw):
    names = draw(ids)
    key = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    said = {each: f"{SECRET}{each}" for each in names}
    lost = tuple(each for each in names if each not in key and draw(st.booleans()))
    return multiple.Item(
        id="q", stem="题", options=options(names), key=tuple(key), feedback=said, why=SECRET, hard_fail=lost, indicators=CODE
    )


@st.composite
def orders(draw):
    names = draw(ids)
    key = tuple(draw(st.permutations(names)))
    said = {"right": SECRET, "wrong": SECRET}
    return order.Item(id="q", stem="题", items=options(names), key=key, feedback=said, why=SECRET, indicators=CODE)


@st.composite
def numerics(draw):
    value = draw(st.integers(-(10**6), 10**6)) / draw(st.sampled_from([1, 2, 4, 10]))
    key = numeric.Key(
        value=float(value), tolerance=float(draw(st.integers(0, 50))), unit=draw(st.sampled_from(["", "人", "毫米"]))
    )
    said = {"right": SECRET, "wrong": SECRET}
    return numeric.Item(id="q", stem="题", key=key, feedback=said, why=SECRET, indicators=CODE)


@st.composite
def first_reports(draw):
    elements = {}
    for name in first_report.ELEMENTS:
        choices = draw(ids)
        elements[name] = first_report.Element(
            label=name, choices=options(choices), key=draw(st.sampled_from(choices)), unknown=draw(st.booleans())
        )
    said = {"right": SECRET, "wrong": SECRET}
    return first_report.Item(id="q", stem="题", elements=elements, feedback=said, why=SECRET, indicators=CODE)


@st.composite
def opens(draw):
    row = open.Row(row=SECRET, points=4, indicator=CODE[0])
    return open.Item(id="q", stem="题", rubric=(row,), min_chars=draw(st.integers(0, 5)), max_chars=50, indicators=CODE)


HALVES = {"right": SECRET, "wrong": SECRET}


@st.composite
def true_falses(draw):
    key, lost = draw(st.booleans()), draw(st.booleans())
    return true_false.Item(id="q", stem="题", key=key, feedback=HALVES, why=SECRET, hard_fail=lost, indicators=CODE)


@st.composite
def matches(draw):
    things, partners = draw(ids), draw(ids)
    key = {each: draw(st.sampled_from(partners)) for each in draw(st.permutations(things))}
    said = HALVES | ({draw(st.sampled_from(things)): SECRET} if draw(st.booleans()) else {})
    return match.Item(
        id="q", stem="题", items=options(things), options=options(partners), key=key, feedback=said, why=SECRET, indicators=CODE
    )


accepted_texts = st.lists(
    st.sampled_from([SECRET, f"{SECRET} Ａ1", f"{SECRET}*员", f"*{SECRET}", f"{SECRET}。"]), min_size=1, max_size=4
)


@st.composite
def short_texts(draw):
    accept = tuple(draw(accepted_texts))
    said = HALVES | ({"乱写": SECRET} if draw(st.booleans()) else {})
    return short_text.Item(id="q", stem="题", accept=accept, feedback=said, why=SECRET, indicators=CODE)


@st.composite
def clozes(draw):
    names = draw(ids)
    text = "".join(draw(st.sampled_from(["前{}", "{}后", "前{}\n"])).format(f"[[{each}]]") for each in names)
    gaps = {}
    for each in draw(st.permutations(names)):
        choices = draw(ids)
        chosen = cloze.Gap(choices=options(choices), key=draw(st.sampled_from(choices)))
        gaps[each] = cloze.Gap(accept=tuple(draw(accepted_texts))) if draw(st.booleans()) else chosen
    return cloze.Item(id="q", stem="题", text=text, gaps=gaps, feedback=HALVES, why=SECRET, indicators=CODE)


@st.composite
def hotspots(draw):
    names = draw(ids)
    regions = {
        each: draw(
            st.sampled_from(
                [
                    hotspot.Region(label=f"地方{each}", box=(0, 0, 20, 20.5)),
                    hotspot.Region(label=f"地方{each}", outline=((0, 0), (50, 0), (25, 50))),
                ]
            )
        )
        for each in names
    }
    key = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    lost = tuple(each for each in names if each not in key and draw(st.booleans()))
    said = {each: f"{SECRET}{each}" for each in names}
    about = {"picture": "slope.svg", "alt": "图", "regions": regions, "key": tuple(key), "hard_fail": lost}
    return hotspot.Item(id="q", stem="题", feedback=said, why=SECRET, indicators=CODE, **about)


@st.composite
def files(draw):
    row = open.Row(row=SECRET, points=4, indicator=CODE[0])
    return file.Item(id="q", stem="题", rubric=(row,), look_for=(SECRET,), people=draw(st.booleans()), indicators=CODE)


PHOTO = {"digest": "0a" * 32, "media": "image/jpeg", "bytes": 100, "width": 4, "height": 3}


@st.composite
def simulations(draw):
    """Water that rises by chance; opening keeps it down, and one way at least is good."""
    rain = draw(st.lists(st.integers(0, 20), min_size=2, max_size=4))
    goal = simulation.Wanted(wants=f"{SECRET}1", missed=f"{SECRET}2", points=draw(st.integers(1, 9)), always="water <= 20")
    other = simulation.Wanted(wants=f"{SECRET}3", missed=f"{SECRET}4", points=draw(st.integers(1, 9)), ever="open_it")
    last = simulation.Wanted(wants=f"{SECRET}5", missed=f"{SECRET}6", points=1, ends="water < 21")
    return simulation.Item(
        id="q",
        stem="题",
        moments=tuple(f"第{each}步" for each in range(len(rain))),
        start={"water": draw(st.integers(0, 20))},
        given={"rain": tuple(rain)},
        gauges={"water": simulation.Gauge(label="水", unit="厘米", top=40, limit=21, over="漫了")},
        actions={each: simulation.Action(text=text) for each, text in {"open_it": "开", "wait": "等", "hide": "瞒"}.items()},
        next={"water": "max(water + rain - 20 * open_it, 0)"},
        news=(simulation.Line(when="water > 20", says="水大"), simulation.Line(says="水小")),
        goals={"low": goal, "once": other, "end": last},
        hard_fail={"hidden": simulation.Loss(when="hide", says=SECRET)},
        feedback=HALVES,
        why=SECRET,
        indicators=CODE,
    )


def choice(next_node, **more):
    return case.Choice(text=more.pop("text", "选项"), next=next_node, says=SECRET, **more)


@st.composite
def cases(draw):
    """A chain of situations; in each, A is right and the others lose something or everything."""
    length = draw(st.integers(1, 4))
    injects = {}
    for number in range(length):
        target = f"n{number + 1}" if number + 1 < length else "end"
        gain = {name: top / length for name, top in case.MAXIMA.items()}
        choices = {"A": choice(target, effects=gain, indicators=CODE)}
        for name in draw(st.sets(st.sampled_from("BCD"))):
            lost = draw(st.sampled_from([None, SECRET]))
            less = {dimension: float(draw(st.integers(-20, 3))) for dimension in case.MAXIMA}
            choices[name] = choice(target, effects=less, hard_fail=lost)
        injects[f"n{number}"] = case.Inject(at=f"+{number}", text="情景", choices=choices)
    return case.Item(id="q", title="演练", start="n0", injects=injects)


brief = st.one_of(*(singles(), multiples(), true_falses(), orders(), matches(), clozes(), numerics(), short_texts(), hotspots()))
scored = st.one_of(brief, first_reports(), cases(), simulations())
in_parts = st.one_of(matches(), clozes(), first_reports())
any_item = st.one_of(scored, opens(), files())

hostile = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(LETTERS, max_size=20)
    | st.sampled_from(["A", "B", "C", "when"]),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(LETTERS, max_size=6) | st.sampled_from(first_report.ELEMENTS), inner)
    ),
    max_leaves=12,
)


def answer_to(item: questions.Item):
    """Any answer that fits an item."""
    if isinstance(item, single.Item):
        return st.sampled_from(sorted(item.options))
    if isinstance(item, multiple.Item):
        return st.lists(st.sampled_from(sorted(item.options)), min_size=1, unique=True)
    if isinstance(item, order.Item):
        return st.permutations(sorted(item.items))
    if isinstance(item, numeric.Item):
        return st.integers(-(10**6), 10**6).map(str)
    if isinstance(item, first_report.Item):
        return st.fixed_dictionaries({}, optional={k: st.sampled_from(sorted(e.choices)) for k, e in item.elements.items()})
    if isinstance(item, open.Item):
        return st.text(LETTERS, max_size=50)
    if isinstance(item, true_false.Item):
        return st.sampled_from(["true", "false"])
    if isinstance(item, match.Item):
        return st.fixed_dictionaries({}, optional=dict.fromkeys(item.items, st.sampled_from(sorted(item.options))))
    if isinstance(item, short_text.Item):
        return words_for(item.accept)
    if isinstance(item, cloze.Item):
        return st.fixed_dictionaries({}, optional={each: filling(gap) for each, gap in item.gaps.items()})
    if isinstance(item, file.Item):
        return st.sampled_from([file.HERE, PHOTO])
    if isinstance(item, simulation.Item):
        return st.lists(st.sampled_from(sorted(item.actions)), max_size=len(item.moments))
    if isinstance(item, hotspot.Item):
        places = st.sampled_from(sorted(item.regions))
        return st.lists(places, min_size=1, max_size=len(item.key) if len(item.key) == 1 else None, unique=True)
    return st.lists(st.sampled_from("ABCD"), max_size=4).map(lambda wished: walk(item, wished))


def words_for(accept):
    return st.text(LETTERS, max_size=20) | st.sampled_from(accept) | st.just("乱写")


def filling(gap):
    return words_for(gap.accept) if gap.accept else st.sampled_from(sorted(gap.choices))


def walk(item: case.Item, wished):
    path = ()
    while (here := case.situation(item, path)) and len(path) < len(wished):
        path = case.step(item, path, wished[len(path)] if wished[len(path)] in here.choices else "A")
    return list(path)
