"""Makes the Grafana dashboards (deploy/dashboards/*.json) from the tables below.

Run: .venv/bin/python deploy/dashboards/build.py
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple

from grafana_foundation_sdk.builders import dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import DataSourceRef, VariableRefresh

FOLDER = Path(__file__).parent
SOURCE = "nguon"
# The boxes that the variables on top of a dashboard choose.
CHOSEN = 'province=~"$tinh", commune=~"$xa"'


class Query(NamedTuple):
    """One line of a panel; `BOX` in an expression stands for the boxes chosen."""

    expr: str
    legend: str = ""


class Panel(NamedTuple):
    """A panel of `width` of the 24 columns; one number where `number`, else a course."""

    title: str
    unit: str
    queries: Sequence[Query]
    width: int = 12
    number: bool = False


class Board(NamedTuple):
    """A dashboard in rows of panels, each with its title."""

    uid: str
    title: str
    rows: dict[str, Sequence[Panel]]


def number(title: str, unit: str, expr: str, width: int = 6) -> Panel:
    """A panel with one number."""
    return Panel(title, unit, (Query(expr),), width, number=True)


def course(title: str, unit: str, expr: str, legend: str) -> Panel:
    """A panel with the course of one expression."""
    return Panel(title, unit, (Query(expr, legend),))


BOXES = Board(
    "vonggac-hop",
    "Vọng Gác: các hộp",
    {
        "Toàn tỉnh": (
            number("Hộp trả lời", "short", 'sum(up{job="vonggac", BOX})'),
            number("Hộp không trả lời", "short", 'count(up{job="vonggac", BOX} == 0) or vector(0)'),
            number("Hộp có lõi đứng", "short", "count(vonggac_journal_up{BOX} == 0) or vector(0)"),
            number("Cảm biến không nghe", "short", "count(vonggac_sensor_up{BOX} == 0) or vector(0)"),
        ),
        "Nghe mạng": (
            course("Khung nhận mỗi giây", "pps", "sum by (commune, leg) (rate(vonggac_capture_received_total{BOX}[$__rate_interval]))", "{{commune}} {{leg}}"),
            course("Khung bỏ lỡ mỗi giây", "pps", "sum by (commune, leg) (rate(vonggac_capture_dropped_total{BOX}[$__rate_interval]))", "{{commune}} {{leg}}"),
            course(
                "Khung không đọc được mỗi giây",
                "pps",
                "sum by (commune, leg) (rate(vonggac_capture_undecodable_total{BOX}[$__rate_interval]))",
                "{{commune}} {{leg}}",
            ),
            course(
                "Từ lần thử chủ động cuối",
                "s",
                "time() - max by (commune, leg, probe) (vonggac_probe_run_timestamp_seconds{BOX})",
                "{{commune}} {{leg}} {{probe}}",
            ),
        ),
        "Lõi": (
            course("Dữ liệu chờ lõi", "short", "sum by (commune) (vonggac_queue_facts{BOX})", "{{commune}}"),
            course("Dữ liệu nhận mỗi giây", "short", "sum by (commune, sensor) (rate(vonggac_facts_total{BOX}[$__rate_interval]))", "{{commune}} {{sensor}}"),
            course("Dữ liệu bị từ chối", "short", "sum by (commune, sensor) (increase(vonggac_facts_refused_total{BOX}[1h]))", "{{commune}} {{sensor}}"),
            course("Nhật ký trên đĩa", "bytes", "vonggac_journal_bytes{BOX}", "{{commune}}"),
            course("Lệch đồng hồ", "s", "vonggac_time_seconds{BOX} - timestamp(vonggac_time_seconds{BOX})", "{{commune}}"),
            course("Bộ nhớ của chương trình", "bytes", 'process_resident_memory_bytes{job="vonggac", BOX}', "{{commune}}"),
        ),
        "Máy tính cán bộ": (
            number("Máy đã ghi danh", "short", "sum(vonggac_pcs_enrolled{BOX})"),
            number("Chứng chỉ hộp hết hạn sớm nhất", "s", "min(vonggac_pc_certificate_expiry_timestamp_seconds{BOX}) - time()"),
            course("Câu trả lời chờ lâu nhất", "s", "vonggac_pc_inbox_oldest_seconds{BOX}", "{{commune}}"),
            course("Yêu cầu bị từ chối", "short", "sum by (reason) (increase(vonggac_pc_requests_refused_total{BOX}[1h]))", "{{reason}}"),
            course("Bắt tay TLS hỏng", "short", "sum by (reason) (increase(vonggac_pc_handshakes_failed_total{BOX}[1h]))", "{{reason}}"),
        ),
    },
)

FINDINGS = Board(
    "vonggac-phat-hien",
    "Vọng Gác: phát hiện",
    {
        "Đang mở": (
            number("Mức nghiêm trọng", "short", 'sum(vonggac_findings{state="open", severity="critical", BOX}) or vector(0)'),
            number("Mức cao", "short", 'sum(vonggac_findings{state="open", severity="high", BOX}) or vector(0)'),
            number("Mức trung bình", "short", 'sum(vonggac_findings{state="open", severity="medium", BOX}) or vector(0)'),
            number("Mức thấp", "short", 'sum(vonggac_findings{state="open", severity="low", BOX}) or vector(0)'),
            course("Theo quy tắc", "short", 'sum by (detector) (vonggac_findings{state="open", BOX})', "{{detector}}"),
            course("Theo xã", "short", 'sum by (commune) (vonggac_findings{state="open", BOX})', "{{commune}}"),
        ),
        "Kết luận": (
            course("Chưa biết, theo quy tắc", "short", 'sum by (detector) (vonggac_verdicts{outcome="unknown", BOX})', "{{detector}}"),
            course("Theo kết luận", "short", "sum by (outcome) (vonggac_verdicts{BOX})", "{{outcome}}"),
            course(
                "Thời gian xét một lần",
                "s",
                "sum by (detector) (vonggac_judge_seconds_total{BOX}) / (sum by (detector) (vonggac_judged_total{BOX}) > 0)",
                "{{detector}}",
            ),
        ),
        "Cổng thông tin": (
            number("Cổng khai báo", "short", "sum(vonggac_portals_declared{BOX})"),
            number("Sự cố đã xác nhận", "short", 'sum(vonggac_portal_incidents{state="confirmed", BOX})'),
            number("Lượt xem quá hạn", "short", "sum(vonggac_portal_looks_overdue{BOX})"),
            number("Xác nhận chậm nhất gần đây", "s", "max(vonggac_portal_confirmation_last_seconds{BOX})"),
            course("Cổng theo tình trạng nhìn", "short", "sum by (state) (vonggac_portals{BOX})", "{{state}}"),
            course("Lượt xem theo kết quả", "short", "sum by (outcome) (increase(vonggac_portal_looks_total{BOX}[1h]))", "{{outcome}}"),
            course("Không nhìn được, theo lý do", "short", "sum by (reason) (increase(vonggac_portal_looks_failed_total{BOX}[1h]))", "{{reason}}"),
            course("Từ lần thấy đầu tới xác nhận (p90)", "s", "histogram_quantile(0.9, sum by (le) (vonggac_portal_confirmation_seconds_bucket{BOX}))", "p90"),
            course("Tuổi danh sách tên miền", "s", "max by (feed) (vonggac_feed_age_seconds{BOX})", "{{feed}}"),
        ),
    },
)

DELIVERIES = Board(
    "vonggac-gui-tin",
    "Vọng Gác: gửi tin",
    {
        "Nơi nhận": (
            number("Nơi nhận đang ngưng", "short", "count(vonggac_sink_up{BOX} == 0) or vector(0)"),
            number("Bị từ chối đăng nhập", "short", 'sum(vonggac_sink_trouble{reason="login", BOX})'),
            number("Chứng chỉ không tin được", "short", 'sum(vonggac_sink_trouble{reason="certificate", BOX})'),
            number("Bản tin bị từ chối hẳn", "short", "sum(vonggac_dead_letters{BOX})"),
        ),
        "Hàng chờ": (
            course("Bản tin chờ gửi", "short", "sum by (commune, sink) (vonggac_outbox_rows{BOX})", "{{commune}} {{sink}}"),
            course("Bản tin chờ lâu nhất", "s", "max by (commune, sink) (vonggac_outbox_oldest_seconds{BOX})", "{{commune}} {{sink}}"),
            course("Bản tin bỏ vì hết chỗ", "short", "sum by (stream) (increase(vonggac_outbox_lost_total{BOX}[1h]))", "{{stream}}"),
            course("Nơi nhận gặp lỗi", "short", "sum by (sink) (increase(vonggac_sink_faults_total{BOX}[1h]))", "{{sink}}"),
        ),
        "Giao tin": (
            course("Bản tin theo kết quả", "short", "sum by (outcome) (increase(vonggac_deliveries_total{BOX}[1h]))", "{{outcome}}"),
            Panel(
                "Từ lúc xảy ra tới lúc giao",
                "s",
                (
                    Query("histogram_quantile(0.5, sum by (le) (vonggac_delivery_seconds_bucket{BOX}))", "p50"),
                    Query("histogram_quantile(0.95, sum by (le) (vonggac_delivery_seconds_bucket{BOX}))", "p95"),
                ),
            ),
        ),
    },
)

BOARDS = (BOXES, FINDINGS, DELIVERIES)


def boards() -> dict[str, str]:
    """The text of every dashboard by the name of its file."""
    return {f"{board.uid}.json": _text(board) for board in BOARDS}


def _text(board: Board) -> str:
    # The encoder writes `null` for what nobody set, which Grafana takes for a value.
    plain = json.loads(JSONEncoder().encode(_built(board)), object_hook=lambda part: {key: value for key, value in part.items() if value is not None})
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _built(board: Board) -> object:
    made = dashboard.Dashboard(board.title).uid(board.uid).tags(["vonggac"]).refresh("1m").time("now-6h", "now").timezone("Asia/Ho_Chi_Minh").readonly()
    made = made.with_variable(dashboard.DatasourceVariable(SOURCE).label("Nguồn số liệu").type("prometheus"))
    made = made.with_variable(_places("tinh", "Tỉnh", "province", 'up{job="vonggac"}'))
    made = made.with_variable(_places("xa", "Xã", "commune", 'up{job="vonggac", province=~"$tinh"}'))
    ids = count(1)
    for title, panels in board.rows.items():
        made = made.with_row(dashboard.Row(title).id(next(ids)))
        for panel in panels:
            made = made.with_panel(_panel(panel, next(ids)))
    return made.build()


def _places(name: str, title: str, label: str, series: str) -> dashboard.QueryVariable:
    query = f"label_values({series}, {label})"
    made = dashboard.QueryVariable(name).label(title).datasource(_source()).query(query).refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
    return made.multi(multi=True).include_all(include_all=True).all_value(".*")


def _panel(panel: Panel, identity: int) -> stat.Panel | timeseries.Panel:
    made = stat.Panel() if panel.number else timeseries.Panel()
    made = made.id(identity).title(panel.title).unit(panel.unit).datasource(_source()).span(panel.width).height(4 if panel.number else 8)
    # Grafana refuses queries of a panel whose references are empty or equal.
    for query, reference in zip(panel.queries, "ABCD", strict=False):
        made = made.with_target(_target(query, reference, instant=panel.number))
    return made


def _target(query: Query, reference: str, *, instant: bool) -> prometheus.Dataquery:
    target = prometheus.Dataquery().expr(query.expr.replace("BOX", CHOSEN)).ref_id(reference).datasource(_source())
    target = target.instant() if instant else target.range()
    return target.legend_format(query.legend) if query.legend else target


def _source() -> DataSourceRef:
    return DataSourceRef(type_val="prometheus", uid=f"${{{SOURCE}}}")


def main() -> None:
    """Writes all dashboards."""
    for name, text in boards().items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
