"""The table of the functions for dates: `scanner.template.dates`."""

from __future__ import annotations

from scanner.template.function import Function, late

FUNCTIONS = (
    Function("now", "", late("dates", "now"), stateful=True),
    Function("date", "string any", late("dates", "date"), stateful=True),
    Function("dateInZone", "string any string", late("dates", "date_in_zone"), stateful=True),
    Function("date_in_zone", "string any string", late("dates", "date_in_zone"), stateful=True),
    Function("htmlDate", "any", late("dates", "html_date"), stateful=True),
    Function("htmlDateInZone", "any string", late("dates", "html_date_in_zone"), stateful=True),
    Function("dateModify", "string time.Time", late("dates", "date_modify")),
    Function("date_modify", "string time.Time", late("dates", "date_modify")),
    Function("mustDateModify", "string time.Time", late("dates", "must_date_modify")),
    Function("must_date_modify", "string time.Time", late("dates", "must_date_modify")),
    Function("ago", "any", late("dates", "ago"), stateful=True),
    Function("duration", "any", late("dates", "duration")),
    Function("durationRound", "any", late("dates", "duration_round"), stateful=True),
    Function("toDate", "string string", late("dates", "to_date")),
    Function("mustToDate", "string string", late("dates", "must_to_date")),
    Function("unixEpoch", "time.Time", late("dates", "unix_epoch")),
)
