"""Pages of criteria: the plan's words, what evidence it takes, who judges, and the stories that the Council accepted for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from exemplars.linking import address, criterion_address
from exemplars.pages.charts import Chart, chart
from exemplars.pages.lists import Family, index_page, list_section
from exemplars.pages.page import Context, Page, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exemplars.model import Criterion, Plan


def _criteria_chart(plan: Plan, context: Context) -> Chart:
    rows = tuple((row["title"], 0, row["count"], row["href"]) for row in criterion_rows(plan, context))
    met = sum(count > 0 for _, _, count, _ in rows)
    finding = f"{met} trong {len(rows)} tiêu chí đã có câu chuyện được Hội đồng thông qua; một câu chuyện có thể được thông qua theo nhiều tiêu chí."
    return chart(f"tieu-chi-{plan.id}", f"Câu chuyện theo tiêu chí của «{plan.title}»", finding, rows)


def criterion_sections(context: Context) -> Iterator[Section]:
    yield Section("tieu-chi/", "", partial(_criteria_indexes, context))
    for plan in context.shelf.site.plans:
        for one in plan.criteria:
            if one.public:
                yield _criterion(context, plan, one)


def _criteria_indexes(context: Context) -> Iterator[Page]:
    plans = context.shelf.site.plans
    about = "Câu chữ của kế hoạch, dẫn chứng được nhận, ai xét. Máy chỉ kiểm là có dẫn chứng; xét hay không là việc của Hội đồng."
    rows = tuple(row for plan in plans for row in criterion_rows(plan, context))
    yield index_page(context, "tieu-chi/", "Tiêu chí", about, rows, tuple(_criteria_chart(plan, context) for plan in plans))
    for plan in plans:
        at = f"tieu-chi/{plan.id}/"
        yield index_page(context, at, f"Tiêu chí của kế hoạch «{plan.title}»", about, tuple(criterion_rows(plan, context)),
                     (_criteria_chart(plan, context),), (("tieu-chi/", "Tiêu chí"),))  # fmt: skip


def criterion_rows(plan: Plan, context: Context) -> Iterator[Mapping[str, Any]]:
    for one in plan.criteria:
        if one.public:
            count = len(context.shelf.of("criterion", f"{plan.id}/{one.id}"))
            title = f"{one.id} · {one.title}"
            yield {"href": criterion_address(plan.id, one.id), "title": title, "about": f"«{one.quote}»", "count": count}


EVIDENCE = {
    "quote": "đoạn trích nguyên văn", "award": "khen thưởng có quyết định", "figure": "số liệu có kỳ và nguồn", "document": "văn bản",
    "campaign": "phong trào", "confirmation": "giấy xác nhận của đơn vị",
}  # fmt: skip


def _criterion(context: Context, plan: Plan, one: Criterion) -> Section:
    family = Family("criterion", "tieu-chi/", "Tiêu chí", "", "Chưa có câu chuyện nào được Hội đồng thông qua theo tiêu chí này.")
    route = next((route.title for route in plan.routes if one.id in (*route.all_of, *route.any_of)), "")
    first = {
        "quote": one.quote, "clause": one.clause, "plan": (plan.title, address(plan)), "route": route, "judged_by": one.judged_by,
        "parts": tuple((part.id, part.title, part.quote) for part in one.parts),
        "evidence": tuple(EVIDENCE[kind] for kind in one.evidence), "needs": tuple(EVIDENCE[kind] for kind in one.needs),
    }  # fmt: skip
    return list_section(
        context, family, criterion_address(plan.id, one.id), f"{one.id} · {one.title}", f"«{one.quote}»",
        context.shelf.of("criterion", f"{plan.id}/{one.id}"), (("tieu-chi/", "Tiêu chí"),), "criterion.html", lambda: first,
    )  # fmt: skip
