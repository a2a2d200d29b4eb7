"""Messages without parameters are put into a template when it is read, all others when it is shown; readers see no difference."""

import pytest
from jinja2 import Environment

from banyan.portal import i18n
from banyan.portal.templating import translating


@pytest.mark.parametrize("code", i18n.LANGUAGES)
@pytest.mark.parametrize(
    "source",
    [
        '{{ _("学习") }}<b>{{ _("学习") }}</b>',
        '{{ _("学习")|upper }}{{ [_("学习"), _("课程")]|join(" & ") }}',
        '{{ _("学完{n}课", n=2) if true else _("课程") }}',
        "{{ _('<i>') }}{{ _(name) }}",
        '{% set word = _("课程") %}{{ word ~ "…" }}{% if _("学习") %}{{ _n("学完{n}课", 2) }}{% endif %}',
    ],
)
def test_it_reads_as_if_every_message_were_translated_when_shown(code: str, source: str) -> None:
    words = i18n.language(code)
    made = []
    for extensions in ((), (translating(words.say),)):
        environment = Environment(autoescape=True, extensions=extensions)
        environment.globals.update(_=lambda message, **values: words.say(message, **values), _n=words.count)
        made.append(environment.from_string(source).render(name="学习"))
    assert made[0] == made[1]


def test_a_message_without_parameters_is_not_translated_again() -> None:
    asked: list[str] = []

    def say(message: str) -> str:
        asked.append(message)
        return message.upper()

    environment = Environment(extensions=[translating(say)])
    template = environment.from_string('{{ _("a") }}')
    assert [template.render(), template.render()] == ["A", "A"]
    assert asked == ["a"]
