"""What a stage, a certificate's worth, a role or an act of the audit log is called, its tone and what comes next.

A tone is `good`, `due`, `lost` or `calm`; each has its own colour and shape (macros/parts.html).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from banyan.domain.certification import Need, Validity
from banyan.domain.framework import Kind, Role
from banyan.domain.readiness import Halt, Stage
from banyan.domain.renewal import Why
from banyan.portal.i18n import N_
from banyan.portal.pages import Page
from banyan.tracker.practical_sessions import Announced


@dataclass(frozen=True)
class Word:
    """`then` is what an administrator does about it, "" for nothing."""

    label: str
    tone: str
    then: str = ""


def meeting_words(page: Page, meeting: Announced) -> str:
    """Return what an administrator reads of a practical that somebody waits for."""
    words = N_("演练定在{when}，{place}")
    return page.say(words, when=page.language.moment(meeting.row.starts_at), place=page.language.written(meeting.row.place))


def then_words(page: Page, halt: Halt, moment: datetime | None) -> str:
    """Return what an administrator does about where somebody stands; of an exam's window also when that is."""
    if halt is Halt.NOT_OPEN and moment:
        return page.say(N_("{when}才能考，到时再请他去"), when=page.language.moment(moment))
    if halt is Halt.CLOSED and moment:
        return page.say(N_("{when}已经截止，请和老师商量什么时候再考"), when=page.language.moment(moment))
    return page.say(HALTS[halt].then) if HALTS[halt].then else ""


STAGES: Mapping[Stage, Word] = {
    Stage.NOBODY: Word(N_("无人"), "lost", N_("请任命一名网格员")),
    Stage.NOT_LEARNT: Word(N_("未学"), "due", N_("请先学完课程")),
    Stage.NOT_EXAMINED: Word(N_("未考"), "due", N_("课程学完了，等着考试")),
    Stage.UNMARKED: Word(N_("待阅卷"), "due", N_("等老师阅卷")),
    Stage.NO_PRACTICAL: Word(N_("缺演练"), "due", N_("请安排一次现场演练")),
    Stage.REVOKED: Word(N_("已撤销"), "lost", N_("要重新考核才能再发证")),
    Stage.EXPIRED: Word(N_("过期"), "lost", N_("要重新考核")),
    Stage.SUSPENDED: Word(N_("证书暂停"), "due", N_("恢复了才算合格，在“发出的证书”里恢复")),
    Stage.QUALIFIED: Word(N_("合格"), "good"),
}

HALTS: Mapping[Halt, Word] = {
    Halt.NEW: Word(N_("还没开始"), "due", N_("请他打开首页，从第1课学起")),
    Halt.LEARNING: Word(N_("正在学"), "due", N_("请他接着学")),
    Halt.TO_SIT: Word(N_("学完没考"), "due", N_("请他去考试")),
    Halt.SITTING: Word(N_("正在考"), "calm", N_("正在考试，不用催")),
    Halt.MARKING: Word(N_("等阅卷"), "calm", N_("等老师阅卷，不用催他")),
    Halt.RETRY: Word(N_("要再考"), "due", N_("请他练一练，再考一次")),
    Halt.NOT_OPEN: Word(N_("等开考"), "calm", N_("考试还没开始，不用催")),
    Halt.CLOSED: Word(N_("考试截止了"), "due", N_("请和老师商量什么时候再考")),
    Halt.ASK: Word(N_("等老师"), "lost", N_("请老师看看，再给一次机会")),
    Halt.PRACTICAL: Word(N_("缺演练"), "due", N_("请安排一次现场演练")),
    Halt.EXPIRED: Word(N_("过期"), "lost", N_("要重新考核")),
    Halt.REVOKED: Word(N_("已撤销"), "lost", N_("要重新考核才能再发证")),
    Halt.SUSPENDED: Word(N_("证书暂停"), "calm", N_("恢复了才算合格，不用催他")),
}

NOBODY_ASKED = Word(N_("未布置"), "calm")

SOON = Word(N_("90天内到期"), "due", N_("到期前要重新考核"))

VALIDITIES: Mapping[Validity, Word] = {
    Validity.VALID: Word(N_("有效"), "good"),
    Validity.EXPIRED: Word(N_("已过期"), "calm"),
    Validity.REVOKED: Word(N_("已撤销"), "lost"),
}

NEEDS: Mapping[Need, str] = {
    Need.EXAM: N_("考试"),
    Need.DRILL: N_("考试里的情景演练"),
    Need.PRACTICAL: N_("一次现场演练"),
    Need.COACHING: N_("两位考评员的带教观察"),
}

KINDS: Mapping[Kind, str] = {
    Kind.OA: N_("在线考试"),
    Kind.SIM: N_("情景演练"),
    Kind.OS: N_("现场演练"),
    Kind.SP: N_("带教实习"),
    Kind.SH: N_("服务时长"),
    Kind.AO: N_("考评员观察"),
    Kind.PF: N_("作品"),
    Kind.EC: N_("外部证书"),
}

LEVELS: Mapping[int, str] = {
    0: N_("还没有"),
    1: N_("第1级 知道"),
    2: N_("第2级 能独立做"),
    3: N_("第3级 能处理复杂情况"),
    4: N_("第4级 能带别人"),
}

WHYS: Mapping[Why, str] = {
    Why.EXPIRED: N_("原来的到期了"),
    Why.CHANGED: N_("要求改了"),
    Why.NEVER: N_("还没有过"),
}

SOURCES: Mapping[str, str] = {"submission": N_("答卷"), "practical": N_("现场勾选"), "demo": N_("演示数据")}

ROLES: Mapping[Role, str] = {
    Role.ER: N_("突发事件信息报告员"),
    Role.GS: N_("网格员"),
    Role.CW: N_("社区工作者"),
    Role.VO: N_("志愿者"),
}

ACTS: Mapping[str, str] = {
    "sign_in": N_("登录"),
    "sign_in.refused": N_("登录没有成功"),
    "password.changed": N_("换了密码"),
    "slip.issue": N_("发登录条"),
    "entry.stop": N_("停用全部登录"),
    "person.mend": N_("改姓名或手机号"),
    "duty.give": N_("交给职责"),
    "duty.take": N_("收回职责"),
    "duty.lend": N_("委托职责"),
    "duty.call_back": N_("收回委托"),
    "post.begin": N_("任命岗位"),
    "post.transfer": N_("调动岗位"),
    "post.end": N_("结束岗位"),
    "unit.add": N_("加一个单位"),
    "unit.rename": N_("改单位名称"),
    "unit.move": N_("单位放到别处"),
    "facility.add": N_("记一个设施"),
    "facility.change": N_("改一个设施"),
    "facility.close": N_("设施不用了"),
    "slip.use": N_("用登录条进来"),
    "slip.batch": N_("成批发登录条"),
    "programme.assign": N_("布置培训"),
    "programme.take_back": N_("收回布置的培训"),
    "roster.take_in": N_("导入名册"),
    "roster.newcomers": N_("名册里新来的人"),
    "roster.units": N_("名册里的新单位"),
    "person.change": N_("改人员资料"),
    "person.left": N_("记为离岗"),
    "rule.make": N_("长期布置"),
    "rule.end": N_("停止长期布置"),
    "concern.answer": N_("答复学员反映"),
    "exam.begin": N_("开始考试"),
    "exam.submit": N_("交卷"),
    "exam.grade": N_("评分"),
    "exam.stuck": N_("评分没有成功"),
    "exam.put_back": N_("重新批改"),
    "task.submit": N_("交上机作业"),
    "task.grade": N_("评上机作业"),
    "task.stuck": N_("上机作业没有评成"),
    "task.put_back": N_("重新批改上机作业"),
    "task.mark": N_("批上机作业"),
    "task.feedback": N_("发上机作业的批语"),
    "task.hand_out": N_("自己发一份上机作业"),
    "task.withdraw": N_("收回自己发的上机作业"),
    "exam.mark": N_("阅卷"),
    "grading.parity": N_("抽查评分"),
    "clock.ahead": N_("服务器的时钟往前跳了"),
    "exam.correct": N_("更正答案"),
    "exam.reopen": N_("退回再批一次"),
    "exam.regrade": N_("照更正的答案重算"),
    "appeal.ask": N_("请求复核"),
    "appeal.answer": N_("答复复核"),
    "exam.allow": N_("再给一次考试机会"),
    "exam.lengthen": N_("延长考试时间"),
    "exam.usual_time": N_("收回延长的考试时间"),
    "room.open": N_("开一场监考"),
    "room.roll": N_("监考签到"),
    "room.close": N_("结束监考"),
    "room.wrong_code": N_("考场码输错了"),
    "lab.on": N_("打开 JupyterLab"),
    "lab.off": N_("关掉 JupyterLab"),
    "lab.copy": N_("复制成绩册到 JupyterLab"),
    "practical.observe": N_("记下现场演练"),
    "practical.correct": N_("改现场演练的记录"),
    "practical.withdraw": N_("撤回现场演练的记录"),
    "practical.announce": N_("定下现场演练"),
    "practical.call_off": N_("取消现场演练"),
    "training.plan": N_("定一次实训"),
    "training.call_off": N_("取消实训"),
    "training.seat": N_("加到实训名单上"),
    "training.unseat": N_("从实训名单上拿掉"),
    "training.roll": N_("实训签到"),
    "training.correct": N_("改实训的签到"),
    "training.tick": N_("记下实训里看到的"),
    "training.close": N_("结算实训"),
    "class.notice": N_("写一期的通知"),
    "class.summary": N_("写一期的总结"),
    "class.photo": N_("往一期的档案里放照片"),
    "class.photo_out": N_("从一期的档案里拿掉照片"),
    "class.sheet": N_("传省里的上报表"),
    "class.map_sheet": N_("定上报表哪一格填什么"),
    "observation.record": N_("记下观察到的"),
    "observation.withdraw": N_("撤回观察的记录"),
    "piece.hand_in": N_("交上一份学习记录"),
    "piece.take_back": N_("撤回一份学习记录"),
    "piece.decide": N_("认可或退回学习记录"),
    "service.enter": N_("记一次志愿服务"),
    "service.pair": N_("找志愿者同去"),
    "service.confirm": N_("认志愿服务的时数"),
    "evidence.retract": N_("记录改过，不再算数的学习成果"),
    "evidence.taken": N_("记下学习成果"),
    "evidence.withdrawn": N_("更正以后不再算数的学习成果"),
    "certificate.issue": N_("发证"),
    "certificate.keep": N_("保留证书"),
    "certificate.revoke": N_("撤销证书"),
    "certificate.propose": N_("报上一张证书"),
    "certificate.refuse": N_("退回一张证书"),
    "certificate.suspend": N_("暂停证书"),
    "certificate.resume": N_("恢复证书"),
    "certificate.reissue": N_("换发证书"),
    "transcript.take": N_("存了别人的学习档案"),
    "erasure.ask": N_("请求删除资料"),
    "erasure.withdraw": N_("收回删除的请求"),
    "erasure.refuse": N_("答复不能删除"),
    "erasure.readmit": N_("让删除过的人重新登记"),
    "person.erase": N_("删除了一个人的资料"),
    "audit.redact": N_("审计记录里去掉名字"),
    "retention.clear": N_("按期删掉资料"),
    "leave.record": N_("登记假期"),
    "leave.take_back": N_("收回登记的假期"),
    "county.set": N_("填写本县设置"),
    "county.confirm": N_("核对本县设置"),
    "county.empty": N_("清空本县设置"),
    "course.publish": N_("发布课程"),
    "home.install": N_("装好平台"),
    "home.backup": N_("做了备份"),
    "home.restore": N_("从备份恢复"),
    "home.recovery": N_("换了恢复码"),
    "home.upgrade": N_("升级"),
}

DETAILS: Mapping[str, str] = {  # what an audit row's detail is called, by its key
    "absent": N_("取消签到"),
    "address": N_("来自"),
    "after": N_("以后得分"),
    "attempt": N_("第几次"),
    "back": N_("又回来的"),
    "before": N_("原来得分"),
    "changed": N_("资料有变"),
    "checked": N_("抽查的答卷"),
    "correction": N_("第几次更正"),
    "course": N_("课程"),
    "days": N_("给新人的天数"),
    "differing": N_("分数不一样的"),
    "digest": N_("校验码"),
    "duty": N_("职责"),
    "due_on": N_("哪天前完成"),
    "ended": N_("结束的岗位"),
    "factor": N_("时间的倍数"),
    "fault": N_("出了什么错"),
    "faulty": N_("没有导入"),
    "fresh": N_("新来的"),
    "from": N_("从哪天"),
    "full_time": N_("专兼职"),
    "grade": N_("岗位等级"),
    "holder": N_("持证人"),
    "id": N_("编号"),
    "late": N_("迟交"),
    "learners": N_("几位学员的"),
    "left": N_("记为离岗"),
    "minutes": N_("几分钟"),
    "moved": N_("换了地方"),
    "name": N_("姓名"),
    "kind": N_("哪一种"),
    "new": N_("现在是"),
    "number": N_("第几次交"),
    "old": N_("原来是"),
    "outcome": N_("怎么定的"),
    "owner": N_("负责人"),
    "passed": N_("合格"),
    "place": N_("在哪里"),
    "paths": N_("给哪些单位"),
    "people": N_("人数"),
    "phone": N_("手机"),
    "points": N_("得分"),
    "position": N_("审计记录到第几条"),
    "post": N_("岗位"),
    "posts": N_("岗位"),
    "present": N_("签到"),
    "programme": N_("培训"),
    "purpose": N_("用来"),
    "questions": N_("更正的题"),
    "raised": N_("加分"),
    "reading": N_("第几次批"),
    "reason": N_("原因"),
    "release": N_("课程版本"),
    "role": N_("岗位"),
    "room": N_("监考场次"),
    "rows": N_("记下的"),
    "same": N_("没有变化"),
    "score": N_("得分"),
    "slot": N_("题目"),
    "source": N_("来源"),
    "staff": N_("哪些人"),
    "starts_at": N_("什么时候"),
    "starts_on": N_("任职时间"),
    "submissions": N_("答卷份数"),
    "task": N_("作业"),
    "ticked": N_("做到的"),
    "total": N_("满分"),
    "unit": N_("单位"),
    "units": N_("新单位"),
    "until": N_("有效到"),
    "wholly": N_("全部离岗"),
    "why": N_("为什么"),
    "works": N_("哪几份作业"),
}

PROCESSES: Mapping[str, str] = {
    "intake": N_("系统"),
    "awards": N_("系统"),
    "rules": N_("长期布置"),
    "grader": N_("系统评分"),
    "corrections": N_("更正答案"),
    "clock": N_("考试时钟"),
    "setup": N_("在服务器上"),
    "erasure": N_("恢复备份后再删一次"),
    "retention": N_("按期清理"),
}
