"""What the exam page's script says, in the page's language; braces are filled in by the script."""

from banyan.portal.i18n import N_, Language

SAID = {
    "minutes_left": N_("还剩{m}分钟"),
    "both_left": N_("还剩{m}:{s}"),
    "seconds_left": N_("还剩{s}秒"),
    "chip_saved": N_("已保存"),
    "chip_saving": N_("正在保存"),
    "chip_offline": N_("存在手机里"),
    "chip_signed_out": N_("存在手机里"),
    "chip_stale": N_("存在手机里"),
    "chip_refused": N_("没有存上"),
    "news_offline": N_("现在没有网，答案都在手机上，有网会自动送出。别关、别刷新这一页，也别清理浏览器；时间到之前连一次网。"),
    "news_signed_out": N_("登录过期了，答案都在手机里，没有丢。请重新登录，会回到这一题。"),
    "link_signed_out": N_("重新登录"),
    "news_stale": N_("这一页要刷新一下，答案都在手机里，没有丢。"),
    "link_stale": N_("刷新"),
    "review": N_("检查"),
    "so_many": N_("已答{n}"),
    "flag": N_("标记这题，回头再看"),
    "flagged": N_("已标记，回头再看"),
    "answered": N_("已答"),
    "blank": N_("没答"),
    "and_flag": N_(" 标记"),
    "blanks": N_("还有 {n} 题没答。"),
    "all_answered": N_("每一题都答了。"),
    "flags": N_("您标记了 {n} 题。"),
    "sure": N_("交了就不能再改，确定交卷吗？"),
    "sure_blanks": N_("还有 {n} 题没答，没答的不得分。交了就不能再改，确定交卷吗？"),
    "handing_in": N_("正在交卷，请稍等…"),
    "no_line_to_hand_in": N_("现在没有网，交不上去。答案都在手机里；请别关这一页，有网了再按一次。"),
    "time_is_up": N_("时间到了，正在自动交卷…"),
    "time_is_up_offline": N_("时间到了。现在没有网，一有网就自动交卷；已经存到服务器的答案都算数。"),
    "still_time": N_("这部手机的钟快了，时间还没到，请接着答"),
    "choose_first": N_("先选一个，再往下走。"),
    "concern_told": N_("已告诉老师，答复会出现在您的首页。"),
    "concern_waiting": N_("现在没有网，已存在手机里，有网自动送出。"),
    "drill_wait": N_("正在往下走…"),
    "drill_offline": N_("没有网，这一步先记在手机上，有网会自动接着走。可以先做别的题。"),
}


def exam_words(language: Language) -> dict[str, str]:
    return {key: language.say(message) for key, message in SAID.items()}
