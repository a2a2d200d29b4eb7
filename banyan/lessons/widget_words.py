"""What widgets say of themselves, which a kernel says in Chinese: the page brings the translation (widgets/panel.js)."""

from banyan.words.language import N_, Language

WORDS = (N_("少一点"), N_("多一点"), N_("用表格看"), N_("这会儿算不出来，请刷新页面再试。"))


def widget_words(speech: Language) -> dict[str, str]:
    return {each: speech.say(each) for each in WORDS}
