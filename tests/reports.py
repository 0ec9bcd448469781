"""Reports for the formats: a few problems by hand, and hostile texts in every place where a story may put one."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

from exemplars.model import Problem
from exemplars.reporting.report import Report

steady = settings(deadline=None, derandomize=True, database=None)

PATH = "stories/2020/x/index.md"
ERROR = Problem(
    PATH, 3, 8, "TC002", "error", "Đoạn trích không có trong bài.", "Hãy chép nguyên văn.", 11, "criteria.A2.quote",
    "Tiêu chí đề nghị A2 › Đoạn trích",
)  # fmt: skip
REMINDER = Problem(PATH, 2, 1, "TC003", "warning", "Đoạn trích ngắn.", "Hãy chép trọn câu.")
SOURCE = "---\ntitle: Tổ điện\nquote: bà sắp lại sổ\n---\n"

FORGED = (
    "x\n::error file=a,line=1::giả", "\r::warning::giả", "##[error]giả", "##vso[task.complete]", "\x1b[31mđỏ\x1b[0m\x1b]0;tên\x07", "\x9b2J",
    "</failure><failure/>", "]]>", '"><script>alert(1)</script>', "<!-- guong-sang: báo cáo kiểm tra -->", "-->", "| a | b |\n|---|---|", "</details>",
    "![x](https://evil.example/x.png)", "[bấm](javascript:alert(1))", "[x]: https://evil.example", "@nhom-truong", "`code` **đậm** _nghiêng_",
    "\n\n# Tiêu đề", "\n/approve", "https://evil.example www.evil.example", "&lt;b&gt; &#60;b&#62;", "\u202eđảo\u2066", "\u2028\u2029\x85",
    "\ufffe\ud800", "%0A::error::giả", "$x$ ~~y~~ :tada: #12 !34", "\x00",
)  # fmt: skip
hostile = st.lists(st.one_of(st.sampled_from(FORGED), st.text(max_size=12)), min_size=1, max_size=4).map("".join)
problems = st.builds(
    Problem, hostile.map("stories/".__add__), st.integers(1, 9), st.integers(1, 40), st.sampled_from(["CT010", "TC002", "CT022", "ZZ999"]),
    st.sampled_from(["error", "warning"]), hostile, hostile, st.sampled_from([0, 3, 50]), hostile, hostile,
)  # fmt: skip
reports = st.builds(
    lambda found, checked, source: Report(sorted(found), checked, source=lambda _: source),
    st.lists(problems, max_size=4), hostile, hostile,
)  # fmt: skip
