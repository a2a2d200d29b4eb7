"""The cells of a lesson for the front end's tests: what ipywidgets and we offer, as an author writes it.

Run once in every kernel; the ids of its models are the same each time, as in forks of one snapshot.
"""

SAME_IDS = """
import itertools, types, uuid
import comm.base_comm
_count = itertools.count(1)
comm.base_comm.uuid = types.SimpleNamespace(uuid4=lambda: types.SimpleNamespace(hex=f"{next(_count):032x}"))
"""

CELLS = """
import time
import anywidget, traitlets
import ipywidgets as w
from IPython.display import display
from widgets import Panel, Slider, show

day = w.IntSlider(value=7, max=28, description="第几天")
said = w.HTML("<b>7 天</b>")
runs = w.Label("0")
done = []

def moved(change):
    done.append(change.new)
    time.sleep(PACE)
    said.value = f"<b>{change.new} 天</b>"
    runs.value = str(len(done))

day.observe(moved, "value")

out = w.Output()
button = w.Button(description="打印")
presses = []

def pressed(_button):
    presses.append(1)
    with out:
        print("按了", len(presses), "次")
        display(w.HTML(f"<i>第{len(presses)}回</i>"))

button.on_click(pressed)

village = w.Dropdown(options=["东村", "西村"], description="村")
name = w.Text(value="老李", description="姓名")
sure = w.Checkbox(value=False, description="确定")
told = w.Label("东村 老李 False")

def tell(_change):
    told.value = f"{village.value} {name.value} {sure.value}"

for each in (village, name, sure):
    each.observe(tell, "value")

left, right = w.IntSlider(value=3, max=9, description="左"), w.IntText(value=3, description="右")
w.jslink((left, "value"), (right, "value"))

panel = show(Panel(
    "示意", Slider("天数", 1, 9, 4, said="第{}天"), "多少人", "人",
    lambda value: [("东村", value * 2, False), ("西村", value * 3, True)],
    lambda value: f"第{value}天一共{value * 5}人。",
))

class Probe(anywidget.AnyWidget):
    _esm = '''
    export default {
      initialize({ model }) { model.set("seen", "initialized"); return () => { window.PROBE_ENDED = true; }; },
      render({ model, el, experimental }) {
        el.innerHTML = "<button type=button class=ask>问</button><button type=button class=bytes>字节</button><output></output>";
        const say = (words) => { el.querySelector("output").textContent = words; };
        say(model.get("seen") + " " + new TextDecoder().decode(model.get("raw")));
        el.querySelector(".ask").addEventListener("click", async () => {
          const [answer, buffers] = await experimental.invoke("double", 21, { buffers: [new Uint8Array([1, 2, 3])] });
          say(answer + " " + new Uint8Array(buffers[0].buffer, buffers[0].byteOffset, buffers[0].byteLength).join(","));
        });
        el.querySelector(".bytes").addEventListener("click", () => {
          model.set("raw", new DataView(new TextEncoder().encode("出门").buffer));
          model.save_changes();
        });
        model.on("change:back", () => say(new TextDecoder().decode(model.get("back"))));
        model.on("msg:custom", (content) => { if (content.hello) say(content.hello); });
      },
    };
    '''
    _css = ".probe-is-styled { color: rgb(1, 2, 3); }"
    seen = traitlets.Unicode("").tag(sync=True)
    raw = traitlets.Any("进门".encode()).tag(sync=True)
    back = traitlets.Bytes(b"").tag(sync=True)

    @anywidget.experimental.command
    def double(self, msg, buffers):
        return msg * 2, [bytes(reversed(bytes(buffers[0])))]

    @traitlets.observe("raw")
    def _came(self, change):
        self.back = bytes(change.new) + "了".encode()

probe = Probe()
label = w.HTML("x", description='<b title="t">粗</b><u>体</u>', description_allow_html=True)

tabs = w.Tab([w.Label("一"), w.Label("二")], titles=["甲", "乙"])
fold = w.Accordion([w.Label("里面")], titles=["打开看看"])
more = w.VBox([
    w.FloatSlider(value=1.5, max=3, description="水位"), w.IntRangeSlider(value=(2, 6), max=9, description="范围"),
    w.ToggleButton(description="开关"), w.ToggleButtons(options=["红", "黄"], description="颜色"),
    w.RadioButtons(options=["晴", "雨"], description="天气"),
    w.SelectMultiple(options=["甲", "乙", "丙"], description="多选"), w.Textarea(description="说明"),
    w.DatePicker(description="日期"),
    w.IntProgress(value=4, max=9, description="进度"), w.Play(max=9), w.BoundedIntText(value=2, max=9, description="几户"),
    w.SelectionSlider(options=["低", "中", "高"], description="高低"), w.Combobox(options=["甲", "乙"], description="填选"),
    w.ColorPicker(description="颜色", value="#1e6b52"), w.Valid(value=True, description="对"),
    w.TagsInput(value=["甲"], allowed_tags=["甲", "乙"]),
])

class Strange(w.DOMWidget):
    _model_name = traitlets.Unicode("X").tag(sync=True)
    _model_module = traitlets.Unicode("nobody-has-this").tag(sync=True)
    _view_name = traitlets.Unicode("X").tag(sync=True)
    _view_module = traitlets.Unicode("nobody-has-this").tag(sync=True)

SHOWN = {
    "slider": w.HBox([day, said, runs]), "output": w.VBox([button, out]),
    "form": w.VBox([village, name, sure, told]),
    "link": w.HBox([left, right]), "panel": panel, "probe": probe, "label": label, "tabs": w.VBox([tabs, fold]), "more": more,
} | ({"strange": Strange()} if STRANGE else {})
"""

TELL = """
import json, pathlib
comm.base_comm.uuid = uuid
w.Widget.get_manager_state  # what the page embeds
_ids = {key: each.model_id for key, each in SHOWN.items()}
fresh = pathlib.Path(TOLD + ".new")
fresh.write_text(json.dumps({"shown": _ids, "state": w.Widget.get_manager_state()}))
fresh.replace(TOLD)  # a page may read it while the next kernel starts
"""


def cells(told: str, pace: float, strange: bool) -> str:
    return f"PACE, STRANGE, TOLD = {pace!r}, {strange!r}, {told!r}\n{SAME_IDS}\n{CELLS}\n{TELL}"
