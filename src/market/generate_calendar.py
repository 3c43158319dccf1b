#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write calendar_table.h: days the US option exchanges are closed, and days they close at 13:00 New York.

    python3 generate_calendar.py > calendar_table.h

Full closings follow NYSE Rule 7.2, which the option exchanges keep: a holiday on a Saturday is kept on the Friday
before, on a Sunday on the Monday after; except New Year's Day, which is not kept at all when that Friday would fall in
the old year. The years not yet announced (from 2029) follow the rules in force.

Early closes are the practice year by year, not a rule of law; sources are the exchanges' yearly holiday notices.
  day after Thanksgiving   13:00 in every year here
  24 December              13:00 when Monday to Thursday; on a Friday it is the kept holiday itself
  26 December              13:00 in 2003 only (a Friday)
  around 4 July            4 July on Tuesday, Wednesday, Friday: 13:00 on 3 July.
                           4 July on Thursday: 13:00 on Friday 5 July in 2002, on Wednesday 3 July from 2013 on.
                           4 July on Saturday, Sunday, Monday: no early close; the last session before was a full one.
Least sure, because only later calendars were at hand: 3 July 2000, 3 July 2001, 5 July 2002, 26 December 2003.

Not in the table, as they moved no settlement at the close: the late opening of 11 September 2002 (12:00), halts and
failures within a day (1 June 2005, 8 July 2015), and products that trade on until 13:15 or 16:15.
"""
import datetime

FIRST, LAST = 2000, 2035
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
DAY = datetime.timedelta(days=1)

IRREGULAR = {
    (2001, 9, 11): "attacks of 11 September", (2001, 9, 12): "attacks of 11 September",
    (2001, 9, 13): "attacks of 11 September", (2001, 9, 14): "attacks of 11 September",
    (2004, 6, 11): "mourning for President Reagan",
    (2007, 1, 2): "mourning for President Ford",
    (2012, 10, 29): "hurricane Sandy", (2012, 10, 30): "hurricane Sandy",
    (2018, 12, 5): "mourning for President G. H. W. Bush",
    (2025, 1, 9): "mourning for President Carter",
}


def easter(year):
    """Western Easter Sunday: Meeus, Astronomical Algorithms (1991), chapter 8."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    l = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * l) // 451
    month, day = divmod(h + l - 7 * m + 114, 31)
    return datetime.date(year, month, day + 1)


def nth(year, month, weekday, n):
    first = datetime.date(year, month, 1)
    return first + DAY * ((weekday - first.weekday()) % 7 + 7 * (n - 1))


def last(year, month, weekday):
    end = datetime.date(year, month, 31)
    return end - DAY * ((end.weekday() - weekday) % 7)


def kept(date):
    """The weekday a holiday of a fixed date is kept on."""
    return date - DAY if date.weekday() == SATURDAY else date + DAY if date.weekday() == SUNDAY else date


def closings(year):
    new_year = datetime.date(year, 1, 1)
    if new_year.weekday() != SATURDAY:
        yield kept(new_year), "New Year's Day"
    yield nth(year, 1, MONDAY, 3), "Martin Luther King Jr. Day"
    yield nth(year, 2, MONDAY, 3), "Washington's Birthday"
    yield easter(year) - 2 * DAY, "Good Friday"
    yield last(year, 5, MONDAY), "Memorial Day"
    if year >= 2022:
        yield kept(datetime.date(year, 6, 19)), "Juneteenth"
    yield kept(datetime.date(year, 7, 4)), "Independence Day"
    yield nth(year, 9, MONDAY, 1), "Labor Day"
    yield nth(year, 11, THURSDAY, 4), "Thanksgiving Day"
    yield kept(datetime.date(year, 12, 25)), "Christmas Day"
    for date, reason in IRREGULAR.items():
        if date[0] == year:
            yield datetime.date(*date), reason


def early_closes(year):
    independence = datetime.date(year, 7, 4)
    if independence.weekday() in (TUESDAY, WEDNESDAY, FRIDAY):
        yield independence - DAY
    elif independence.weekday() == THURSDAY:
        yield independence - DAY if year >= 2013 else independence + DAY
    yield nth(year, 11, THURSDAY, 4) + DAY
    eve = datetime.date(year, 12, 24)
    if eve.weekday() <= THURSDAY:
        yield eve
    if year == 2003:
        yield datetime.date(2003, 12, 26)


def table(name, dates):
    print(f"static const int32_t {name}[] = {{")
    for year in range(FIRST, LAST + 1):
        of_year = sorted(date for date in dates if date.year == year)
        text = ", ".join(f"{date:%Y%m%d}" for date in of_year)
        while len(text) > 114:
            cut = text.rindex(", ", 0, 114)
            print(f"    {text[:cut]},")
            text = text[cut + 2:]
        print(f"    {text},")
    print("};")


def main():
    years = range(FIRST, LAST + 1)
    closed = [date for year in years for date, _ in closings(year)]
    early = [date for year in years for date in early_closes(year)]
    assert len(set(closed)) == len(closed) and not set(closed) & set(early)
    assert all(date.weekday() < SATURDAY for date in closed + early)
    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print("/* Written by generate_calendar.py, which says where it is from. New York dates, ascending; no weekends. */")
    print("#ifndef GEX_MARKET_CALENDAR_TABLE_H")
    print("#define GEX_MARKET_CALENDAR_TABLE_H")
    print()
    print("#include <stdint.h>")
    print()
    print(f"enum {{ CALENDAR_FIRST = {FIRST}, CALENDAR_LAST = {LAST} }}; /* years */")
    print()
    table("calendar_closed", closed)
    print()
    print("/* Close at 13:00. */")
    table("calendar_early", early)
    print()
    print("#endif")


if __name__ == "__main__":
    main()
