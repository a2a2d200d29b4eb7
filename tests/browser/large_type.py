"""A page in large type, as weak eyes and large fingers meet it."""

from playwright.sync_api import Page

from tests.browser.visitor import AXE, PICTURES, RULES, WIDE

SEEN = """
  const seen = each => { const box = each.getBoundingClientRect(), style = getComputedStyle(each);
    return box.width > 1 && box.height > 1 && box.right > 0 && style.visibility !== "hidden"; };
  const words = each => (each.innerText || each.value || "").trim().slice(0, 24);
  const name = each => each.tagName.toLowerCase() + "." + each.className + " " + words(each);
"""
LOW = """least => {
""" + SEEN + """
  const running = each => each.matches("a") && (each.matches(".inline, .tel, sup a") ||
    Array.from(each.parentNode.childNodes).some(other => other.nodeType === 3 && other.textContent.trim()));
  const target = each => each.closest("label") || each;
  return Array.from(document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary"))
    .filter(each => seen(each) && !running(each))
    .filter(each => target(each).getBoundingClientRect().height < least - 0.5)
    .map(each => Math.round(target(each).getBoundingClientRect().height) + "px high: " + name(each));
}"""
"""What can be touched and is lower than so many pixels, but in running text."""

TINY = """() => {
""" + SEEN + """
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), tiny = new Set();
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !seen(holder) || holder.closest("svg, script, style, noscript")) continue;
    const size = parseFloat(getComputedStyle(holder).fontSize);
    const body = holder.matches("p:not(.quiet), li, dd, label, input, textarea");
    if (size < (body ? 22 : 16)) tiny.add(size + "px: " + name(holder));
  }
  if (getComputedStyle(document.body).fontSize !== "22px") tiny.add("the body is " + getComputedStyle(document.body).fontSize);
  return Array.from(tiny);
}"""
"""What is read and smaller than 22 px, notes than 16 px."""

ASIDE = """aside => Array.from(document.querySelectorAll("body *"))
  .filter(each => ["fixed", "sticky", "absolute"].includes(getComputedStyle(each).position))
  .filter(each => !aside || each.matches("details[open] > *") || getComputedStyle(each).position !== "absolute")
  .forEach(each => { each.style.visibility = aside ? "hidden" : ""; })"""
"""A bar at the window's edge and a panel that was opened hide what is scrolled or folded free; axe would call that obscured."""


def looked_at(page: Page) -> list[str]:
    """Return what is wrong with a page in large type, everything on it unfolded: sizes, width, and what axe calls serious."""
    wide = unfolded(page)
    small = small_in(page)
    page.evaluate(ASIDE, True)
    page.evaluate(AXE)
    broken = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(r => r.violations"
        ".filter(v => ['serious', 'critical'].includes(v.impact))"
        ".map(v => v.id + ' ' + v.nodes.map(n => n.target.join(' ') + ' (' + n.failureSummary + ')').join(', ')))",
        RULES,
    )
    page.evaluate(ASIDE, False)
    page.evaluate("() => document.querySelectorAll('details.choices').forEach(each => { each.open = true; })")
    wide += [f"wider than the phone, 字 open: {each}" for each in page.evaluate(WIDE)]
    return [*dict.fromkeys((*wide, *small, *broken, *small_in(page)))]


def small_in(page: Page) -> list[str]:
    """Return what large fingers miss and weak eyes do not read."""
    return [*page.evaluate(LOW, 48), *page.evaluate(TINY)]


def unfolded(page: Page) -> list[str]:
    """Unfold everything on a page; return what is wider than its window."""
    page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = !each.matches('.choices'); })")
    page.evaluate(PICTURES)
    return [f"wider than the phone: {each}" for each in page.evaluate(WIDE)]


def too_small(page: Page) -> list[str]:
    """Return what of the page as it stands cannot be touched, read, or seen without moving it sideways."""
    return [*small_in(page), *(f"wider than the phone: {each}" for each in page.evaluate(WIDE))]
