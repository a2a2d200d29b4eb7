"""From a built notebook to a page that can be read at once: the text first, then each cell's output as it is ready.

A cell that raises costs the reader that one place and a sentence; its author finds the rest in the log, or on the page of
a preview.
"""

import re
from collections.abc import AsyncIterator, Callable
from typing import Any

from jupyter_core.utils import ensure_async
from markupsafe import Markup
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from voila.execute import VoilaExecutor, strip_code_cell_warnings
from voila.notebook_renderer import NotebookRenderer

from banyan.courseware.county import filled
from banyan.errors import TryLaterError
from banyan.lessons.faults import CellFault, fault_in
from banyan.lessons.kernels import Lease, LessonKernels
from banyan.lessons.steps import asked
from banyan.words.language import Language

LONGEST = 30  # seconds a cell may take
BREAK = re.compile(r"(?<=\S)\n(?=\S)")
NO_KERNEL = "互动部分暂时打不开"


class LessonRenderer(NotebookRenderer):
    """Lends a kernel only when the text is on its way; `why_not` says why there is none."""

    lease: Lease
    speech: Language
    kernels: LessonKernels
    page: dict[str, Any]
    kernel_id: str | None = None
    why_not: str = ""
    fill: Callable[[str], str]
    faults: dict[int, CellFault]
    record: Callable[[CellFault], None]

    async def initialize(self, **kwargs: Any) -> None:
        await super().initialize(**kwargs)
        self.exporter.environment.autoescape = True  # nbconvert's own templates do without

    def prose(self, cell: NotebookNode) -> Markup:
        """Return a Markdown cell as HTML, each line of its source a line of its own: a space has no place in Chinese.

        The build lets no HTML of an author's through but its own footnotes and the county's places, which are filled here.
        """
        lines = BREAK.sub("  \n", cell.source)
        html = filled(self.exporter.markdown2html({"cell": cell}, lines), self.fill)
        return Markup(self.speech.written_html(html))  # noqa: S704

    def generate_content_generator(self, kernel_id: Any = None, kernel_future: Any = None) -> Any:
        """Render with what the template knows of the page; Voilà's own way copies all it is given, connections too."""
        context = {"page": self.page, "kernel_start": self._jinja_kernel_start, "cell_generator": self._jinja_cell_generator}
        return self.exporter.generate_from_notebook_node(
            self.notebook, resources=self.resources, extra_context=context, page_config=self.page_config
        )

    async def _jinja_kernel_start(self, nb: NotebookNode, kernel_id: Any = None, kernel_future: Any = None) -> str | None:
        await self.request_handler.flush()
        try:
            self.kernel_id = await self.kernels.lend(self.lease, self.cwd)
            await self._connect(nb, self.kernel_id)
        except TryLaterError as fault:
            self.why_not = str(fault)
        except (OSError, RuntimeError):  # the machine is short of something, or the kernel died while starting
            self.log.exception("no kernel for %s/%s", self.lease.course, self.lease.lesson)
            self.why_not = NO_KERNEL
            self.kernel_id = None
        return self.kernel_id

    async def _connect(self, nb: NotebookNode, kernel_id: str) -> None:
        kernel = await ensure_async(self.kernels.get_kernel(kernel_id))
        self.executor = VoilaExecutor(nb, km=kernel, timeout=LONGEST, interrupt_on_timeout=True)
        self.executor.kc = await self.executor.async_start_new_kernel_client()
        self.kernel_started = True

    async def _jinja_cell_generator(self, nb: NotebookNode, kernel_id: str) -> AsyncIterator[NotebookNode]:
        """Run each code cell, the ones after a failure too, and send what there is before the next."""
        for place, cell in enumerate(nb.cells):
            if cell.cell_type == "code" and asked(cell) is None:
                yield await self._run(cell, place)
                await self.request_handler.flush()
        await self._cleanup_resources()

    async def _run(self, cell: NotebookNode, place: int) -> NotebookNode:
        try:
            await self.executor.async_execute_cell(cell, place, store_history=False)
        except (CellExecutionError, RuntimeError, TimeoutError) as fault:
            trace = fault.traceback if isinstance(fault, CellExecutionError) else f"{type(fault).__name__}: {fault}"
            self.faults[place] = fault_in(self.notebook, place, trace)
            self.record(self.faults[place])
            cell.outputs = [each for each in cell.outputs if each.output_type not in {"error", "stream"}]
            cell.metadata["failed"] = True
        return strip_code_cell_warnings(cell)
