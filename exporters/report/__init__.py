"""The inspection report (`vonggac report`): gathered from a journal, written as HTML that prints, as JSON and as CSV."""

from exporters.report.delivered import of_metrics, of_tallies
from exporters.report.files import files, forms, previous_of
from exporters.report.gather import gather
from exporters.report.many import Bound, Inspected, Progress, Series, groups, whole
from exporters.report.page import body, html
from exporters.report.sheet import csv
from exporters.report.store import BadReportError, read, report_of, stored

__all__ = [
    "BadReportError",
    "Bound",
    "Inspected",
    "Progress",
    "Series",
    "body",
    "csv",
    "files",
    "forms",
    "gather",
    "groups",
    "html",
    "of_metrics",
    "of_tallies",
    "previous_of",
    "read",
    "report_of",
    "stored",
    "whole",
]
