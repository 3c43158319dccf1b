# SPDX-License-Identifier: Apache-2.0
"""python -m gex map: the command line of gex-map, with its options, messages and exits."""
from __future__ import annotations

import ctypes as C
import math
import os
import re
import stat
from typing import Any, Callable

from . import _api
from ._book import SIGNS, Book
from ._calendar import CLOCKS
from ._chain import Chain
from ._exposure import UNITS
from ._feed import read_cboe
from ._instants import format_instant, instant
from ._library import build_info, lib
from ._map import Map
from ._market import FALLBACKS, FORWARDS, STYLES, VOLS, Market, format_dynamics, parse_dynamics
from ._object import Error
from ._field import field, until
from ._robustness import Robustness
from ._uncertainty import Uncertainty
from ._output import StagedFile, fill_standard, write_standard

HELP = """\
usage: python -m gex map [options] FILE

Reads an option chain and prints where dealers must hedge: regime, flips, walls,
and what they BUY or SELL when price, time and volatility move. A map of forced
flow under stated assumptions, not a forecast.

FILE is a Cboe quote table (CSV or JSON)
or a neutral columns CSV; - is standard input.

  --json                  the map as JSON in place of the page
  --uncertainty SHARE     every position may be off by this part of itself, one
                          deviation: the probability of the regime, bands of
                          net, flip and flows; without it none is claimed
  --uncertainty column    by this many contracts a row: the deviation column of
                          a neutral table
  --correlation RHO       of those errors, of calls among themselves and of
                          puts; 0.2 unless given
  --robustness            headline numbers under every other sign set, clock,
                          forward, vol rule and dynamics, one at a time, as a
                          panel of the page and of the JSON
  --field                 exposure and flow over spot and time to the close, as
                          tables of the page, a heat map of the picture and a
                          key of the JSON
  --since FILE            an earlier table of the same underlying, read by the
                          same choices, or what --save kept: what changed, by
                          cause, as a panel of page and JSON; its instant and
                          spot are its own
  --save FILE             the market and the positions as well, for a later
                          --since
  --svg FILE              a picture as well
  --lines FILE            every contract's row as CSV as well
  --as-of INSTANT         when the chain was taken: 2023-09-14T16:31, New York
                          unless it has an offset; default: what the file says
  --spot PRICE            price of the underlying; default: what the file says
  --sign NAME             who holds what; default NAIVE_CALL_LONG (calls +OI,
                          puts -OI). Others: NAIVE_CALL_SHORT DEALER_ALL_LONG
                          DEALER_ALL_SHORT VOLUME_NAIVE OI_PLUS_VOLUME
                          OI_MAX_VOLUME, and INVENTORY_GIVEN: the position
                          column of a neutral table
  --customer-view         minus the convention: the other side of every trade;
                          --sign CUSTOMER_VIEW is the same
  --unit NAME             unit of page and picture; default GEX_USD_PCT, USD per
                          1 % of spot. A wrong name is answered with all names
  --clock NAME            how time is counted; default CAL_365. Others:
                          CAL_365_25 BUS_252_DAYS BUS_262_DAYS BUS_252_CLOCK
                          VARIANCE_CLOCK. Volatilities are restated, so gamma
                          does not move
  --vol-clock NAME        clock that the table's volatilities are quoted on;
                          default CAL_365
  --dynamics NAME         what a volatility does when spot moves; default
                          STICKY_STRIKE. Others: STICKY_MONEYNESS, LOCAL_VOL,
                          STICKINESS=R (-1 to 3; 1 is sticky strike), FITTED=R
                          (R from two snapshots), BETA=B (relative vol move per
                          relative spot move)
  --vol given|implied|otm
                          volatility from the table, from the middle of bid and
                          ask, or one a strike from its side out of the money,
                          given else implied; default otm
  --forward implied|rate  forward per expiry from put-call parity (where quotes
                          are too few, from the rates below), or from the rates
                          alone; default implied
  --fallback NAME         of an expiry that parity gives no forward: rate, or
                          neighbours; default rate
  --rate R                continuous, a year, 0.05 is 5 %; default 0
  --rate-curve CURVE      in place of --rate: YEARS:RATE,YEARS:RATE and so on,
                          or a file of such pairs
  --dividends LIST        in cash: DATE:CASH,DATE:CASH and so on, by ex-date, or
                          a file of such pairs
  --fixed-discount        parity takes every discount from the rates and looks
                          for forwards alone
  --carry-yield Q         continuous, a year; default 0
  --exercise auto|european|american
                          early exercise: by contract, for none, for all;
                          default auto
  --vol-low V, --vol-high V
                          the table's volatilities at or beyond these are
                          fillers, not published
  --adv SHARES            average daily volume, for units with ADV
  --future-price P        for units with FUT, but GEX_FUT_PT
  --future-multiplier M   for units with FUT
  --beta B                relative vol move per relative spot move, for the
                          units with beta; default 0. Of IMPULSE: vol points per
                          +1 % of spot
  --help, --version

Exit: 0, 1 bad input or a failed write, 2 bad usage.
"""


class Usage(Exception):
    """The arguments make no sense: exit 2."""


class Failure(Exception):
    """Bad input or a failed write: exit 1."""


# What each option chooses from, and what a command line cannot serve: choices that need columns.
CHOICES: dict[str, tuple[dict[str, int], tuple[str, ...]]] = {
    "--sign": (SIGNS, ("OI_ALPHA", "WEIGHTED")), "--unit": (UNITS, ()), "--clock": (CLOCKS, ()),
    "--vol-clock": (CLOCKS, ()),
    "--vol": (VOLS, ()), "--forward": (FORWARDS, ("given", "quoted")), "--fallback": (FALLBACKS, ()),
    "--exercise": (STYLES, ())}

_ANY, _POSITIVE = (-math.inf, math.inf, False), (0.0, math.inf, True)
QUANTITIES: dict[str, tuple[tuple[float, float, bool], str]] = {
    "--spot": (_POSITIVE, "a price above 0"),
    "--rate": ((-10.0, 10.0, False), "a continuous rate a year from -10 to 10, 0.05 is 5 %"),
    "--carry-yield": ((-10.0, 10.0, False), "a continuous yield a year from -10 to 10, 0.015 is 1.5 %"),
    "--vol-low": ((0.0, math.inf, False), "a volatility, 0.01 is 1 %"),
    "--vol-high": (_POSITIVE, "a volatility above 0, 5 is 500 %"),
    "--adv": (_POSITIVE, "shares a day above 0"),
    "--future-price": (_POSITIVE, "a price above 0"),
    "--future-multiplier": (_POSITIVE, "a number above 0"),
    "--uncertainty": (_POSITIVE, "a share of each position above 0, 0.5 is half of it, or the word column"),
    "--correlation": ((0.0, 1.0, False), "a number from 0 to 1"),
    "--beta": (_ANY, "a number")}

DEFAULTS: dict[str, Any] = {
    "--sign": "NAIVE_CALL_LONG", "--unit": "GEX_USD_PCT", "--clock": "CAL_365", "--vol-clock": "CAL_365",
    "--dynamics": "STICKY_STRIKE",
    "--vol": "otm", "--forward": "implied", "--fallback": "rate", "--exercise": "auto",
    "--spot": None, "--rate": None, "--carry-yield": 0.0,
    "--vol-low": 0.0, "--vol-high": 0.0,
    "--adv": None, "--future-price": None, "--future-multiplier": None, "--beta": 0.0, "--as-of": None, "--svg": None,
    "--lines": None, "--since": None, "--save": None, "--json": False, "--customer-view": False, "--robustness": False,
    "--fixed-discount": False, "--field": False, "--uncertainty": None, "--correlation": None,
    "--rate-curve": None, "--dividends": None, "FILE": None}


def choose(option: str, name: str) -> str:
    """A name of the library; the head GEX_ of a unit may be left off."""
    known, left_out = CHOICES[option]
    if option == "--unit" and name not in known:
        number = lib.gex_unit_find(os.fsencode(name), _api.GEX_GREEK_GAMMA)
        name = next((unit for unit, value in known.items() if value == number), name)
    if name in known and name not in left_out:
        return name
    offered = ", ".join(unit for unit in known if unit not in left_out)
    raise Usage(f"{option} {name} is not offered by this version; choose one of: {offered}")


def measure(option: str, text: str) -> float:
    (low, high, above), accepted = QUANTITIES[option]
    try:
        value = float(text) if re.fullmatch(r"[0-9.+\-eE]+", text) else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or not low <= value <= high or (above and value <= low):
        raise Usage(f"{option} {text}: it takes {accepted}")
    return value


def plain(text: str) -> float:
    try:
        return float(text) if re.fullmatch(r"[0-9.+\-eE]+", text) else math.nan
    except ValueError:
        return math.nan


def take_rate(pairs: list[tuple[Any, float]], first: str, second: str) -> None:
    years, rate = plain(first), plain(second)
    if not 0 <= years < math.inf or (pairs and not years > pairs[-1][0]):
        raise ValueError("years must ascend from 0 or more")
    if not abs(rate) <= 10:
        raise ValueError("a rate is continuous, a year, from -10 to 10; 0.05 is 5 %")
    pairs.append((years, rate))


def take_dividend(pairs: list[tuple[Any, float]], first: str, second: str) -> None:
    try:
        when = instant(f"{first}T09:30" if len(first) == 10 else first, _api.GEX_ZONE_NEW_YORK)
    except Error:
        raise ValueError("a date is 2026-06-19, or 2026-06-19T09:30 in New York") from None
    cash = plain(second)
    if not 0 <= cash < math.inf:
        raise ValueError("cash is a price, 0 or more")
    pairs.append((when, cash))


CURVES = {"--rate-curve": (take_rate, "YEARS:RATE"), "--dividends": (take_dividend, "DATE:CASH")}


def read_pairs(option: str, value: str) -> list[tuple[Any, float]]:
    """Pairs separated by commas, or the name of a file of them, a line each."""
    take_one, kind = CURVES[option]
    if value in ("", "-"):
        raise Usage(f"{option} needs pairs, or the name of a file")
    if ":" in value and value[0].isdigit():
        texts, between = value.split(","), ":"
    else:
        try:
            with open(value, encoding="utf-8", errors="replace") as file:
                texts, between = re.split(r"[\r\n]", file.read()), ":,"
        except OSError as error:
            raise Usage(f"{option} {value}: no pairs {kind}, and no file of them: {error.strerror}") from None
    pairs: list[tuple[Any, float]] = []
    for text in texts:
        if not text or text.startswith("#"):
            continue
        at = max(text.rfind(mark) for mark in between)
        try:
            if at < 0:
                raise ValueError("it takes pairs, YEARS:RATE or DATE:CASH")
            take_one(pairs, text[:at], text[at + 1:])
        except ValueError as error:
            raise Usage(f"{option} {text}: {error}") from None
    if not pairs:
        raise Usage(f"{option} {value}: there is no pair {kind} in it")
    return pairs


def take(options: dict[str, Any], name: str, value: str) -> None:
    """An option that has a value."""
    if (name, value) == ("--sign", "CUSTOMER_VIEW"):
        options["--customer-view"] = True  # of the convention that is chosen beside it
    elif name in CHOICES:
        options[name] = choose(name, value)
    elif (name, value) == ("--uncertainty", "column"):
        options[name] = value
    elif name in QUANTITIES:
        options[name] = measure(name, value)
    elif name in CURVES:
        options[name] = read_pairs(name, value)
    elif name == "--dynamics":
        try:
            parse_dynamics(value)
        except Error as error:
            raise Usage(f"--dynamics {value}: {error.message}") from None
        options[name] = value
    elif name == "--as-of":
        try:
            options[name] = instant(value, _api.GEX_ZONE_NEW_YORK)
        except Error as error:
            raise Usage(f"--as-of {value}: {error.message}; it takes 2023-09-14T16:31 (New York) or "
                        "2023-09-14T16:31-04:00") from None
    elif value in ("", "-"):
        raise Usage(f"{name} needs the name of a file")
    else:
        options[name] = value


def read_options(arguments: list[str]) -> dict[str, Any] | str:
    """The options, or the text that answers --help or --version."""
    options, only_files, rest = dict(DEFAULTS), False, iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if not only_files and argument == "--":
            only_files = True
        elif only_files or not argument.startswith("-") or argument == "-":
            if options["FILE"] is not None:
                raise Usage(f"one FILE is read, and {argument} is a second")
            options["FILE"] = argument
        elif name in CHOICES or name in QUANTITIES or name in CURVES or name in (
                "--as-of", "--dynamics", "--svg", "--lines", "--since", "--save"):
            given = value if equals else next(rest, None)
            if given is None:
                raise Usage(f"{argument} needs a value; see gex-map --help")
            take(options, name, given)
        elif argument == "--help":
            return HELP
        elif argument == "--version":
            return f"gex-map, {build_info()}\n"
        elif argument in ("--json", "--customer-view", "--robustness", "--fixed-discount", "--field"):
            options[argument] = True
        elif name in ("--json", "--customer-view", "--robustness", "--fixed-discount", "--field"):
            raise Usage(f"{name} takes no value")
        else:
            raise Usage(f"{argument} is not an option; see gex-map --help")
    check_complete(options)
    return options


def check_complete(options: dict[str, Any]) -> None:
    if options["FILE"] is None:
        raise Usage("FILE is missing: name a table, or - for standard input; see gex-map --help")
    for one, other in (("--svg", "--lines"), ("--svg", "--save"), ("--lines", "--save")):
        if options[one] is not None and options[one] == options[other]:
            raise Usage(f"{one} and {other} name the same file, {options[one]}")
    unit = options["--unit"]  # the name says what it is over; GEX_FUT_PT alone does without the price of the future
    needs = {"--future-multiplier": "_FUT" in unit, "--future-price": "_FUT" in unit and unit != "GEX_FUT_PT",
             "--adv": "_ADV" in unit}
    for option, needed in needs.items():
        if needed and options[option] is None:
            raise Usage(f"--unit {unit} needs {option}")
    low, high = options["--vol-low"], options["--vol-high"]
    if 0 < high <= low:
        raise Usage(f"--vol-low {low:g} and --vol-high {high:g} leave no volatility between them")
    if options["--correlation"] is not None and options["--uncertainty"] is None:
        raise Usage("--correlation is of the errors that --uncertainty speaks of; give that too")
    if options["--rate"] is not None and options["--rate-curve"]:
        raise Usage("--rate and --rate-curve both say what the rate is; give one of them")
    options["--correlation"] = 0.2 if options["--correlation"] is None else options["--correlation"]
    options["--rate"] = 0.0 if options["--rate"] is None else options["--rate"]
    for option in ("--svg", "--lines", "--save"):
        for read in (options["FILE"], options["--since"]):
            if read is not None and is_same_file(options[option], read):
                raise Usage(f"{read} is the table that is read; write to another file")


def is_same_file(written: str | None, read: str) -> bool:
    try:
        return written is not None and stat.S_ISREG(os.stat(written).st_mode) and os.path.samefile(written, read)
    except OSError:
        return False


def read_file(name: str) -> bytes:
    shown = "standard input" if name == "-" else name
    try:
        with open(0 if name == "-" else name, "rb", closefd=name != "-") as file:
            content = file.read()
    except OSError as error:
        raise Failure(f"{shown}: {error.strerror}") from None
    if len(content) > 2**31:
        raise Failure(f"{shown}: larger than 2 GiB")
    if not content:
        raise Failure(f"{shown}: line 1: the file is empty")
    return content


def read_table(name: str, content: bytes) -> Chain:
    shown = "standard input" if name == "-" else name
    try:
        return read_cboe(content)
    except Error as error:
        raise Failure(f"{shown}: line {max(error.row, 1)}: {error.message}") from None


def make_map(chain: Chain, options: dict[str, Any], since: Map | None = None, remedy: str = "give {}") -> Map:
    name = "standard input" if options["FILE"] == "-" else options["FILE"]
    as_of = options["--as-of"] if options["--as-of"] is not None else chain.table.as_of
    spot = options["--spot"] if options["--spot"] is not None else chain.spot
    if as_of is None:
        raise Failure(f"{name}: line 1: the header does not say when the chain was taken; {remedy.format('--as-of')}")
    if spot is None or not 0 < spot < math.inf:
        raise Failure(
            f"{name}: line 1: the header does not give the price of the underlying; {remedy.format('--spot')}")
    given = options["--sign"] == "INVENTORY_GIVEN"
    if given and chain.positions is None:
        raise Failure(f"{name}: line 1: --sign INVENTORY_GIVEN reads a column named position, and the table has none")
    by_row = options["--uncertainty"] == "column"
    if by_row and chain.deviations is None:
        raise Failure(f"{name}: line 1: --uncertainty column reads a column named deviation, and the table has none")
    try:
        market = Market(chain, as_of=as_of, spot=spot, vol=options["--vol"], forward=options["--forward"],
                        rate=options["--rate"], carry_yield=options["--carry-yield"], exercise=options["--exercise"],
                        vol_low=options["--vol-low"], vol_high=options["--vol-high"], fallback=options["--fallback"],
                        clock=options["--clock"], vol_clock=options["--vol-clock"],
                        dynamics=options["--dynamics"], fixed_discount=options["--fixed-discount"],
                        rates=tuple(zip(*options["--rate-curve"])) if options["--rate-curve"] else None,
                        dividends=tuple(zip(*options["--dividends"])) if options["--dividends"] else None)
        book = Book(chain, options["--sign"], positions=chain.positions if given else None,
                    customer_view=options["--customer-view"])
        if since is not None:
            check_earlier(since.market, options["--since"], market, name)
        try:
            close = until(market, "close") if options["--robustness"] else None
        except Error:
            close = None  # the calendar ends
        robustness = Robustness(market, book, zero_flow=close) if options["--robustness"] else None
        over_time = (field(market, book, ("GEX_USD_PCT", "flow"), low=0.97, high=1.03, points=61, steps=25)
                     if options["--field"] else None)
        size = {"sd": chain.deviations} if by_row else {"share": options["--uncertainty"]}
        errors = Uncertainty(book, correlation=options["--correlation"], **size) if options["--uncertainty"] else None
        return Map(market, book, robustness=robustness, field=over_time, since=since, uncertainty=errors,
                   unit=options["--unit"], adv=options["--adv"],
                   future_price=options["--future-price"], future_multiplier=options["--future-multiplier"],
                   beta=options["--beta"])
    except Error as error:
        line = chain.table.line(error.row) if error.row >= 0 else 0
        raise Failure(f"{name}: {f'line {line}: ' if line > 0 else ''}{error.message}") from None


def is_saved(content: bytes) -> bool:
    return lib.gex_saved_kind(content, len(content), None) != 0


def load(content: bytes) -> tuple[Market, Book]:
    """What --save wrote: the market, and behind it the book."""
    length = C.c_int64()
    kind = lib.gex_saved_kind(content, len(content), C.byref(length))
    if kind != _api.GEX_SAVED_MARKET or length.value > len(content):
        length.value = len(content)  # and is refused as what it is
    market = Market.load(content[:length.value])
    return market, Book.load(market.chain, content[length.value:])


def make_saved(content: bytes, options: dict[str, Any]) -> Map:
    """What an earlier run saved. What changed has to be the market and the positions, and not a choice between runs."""
    name = options["--since"]
    try:
        market, book = load(content)
        now = {"clock": options["--clock"], "vol": options["--vol"], "forward": options["--forward"],
               "exercise": options["--exercise"], "dynamics": format_dynamics(*parse_dynamics(options["--dynamics"])),
               "sign": ("CUSTOMER_VIEW of " if options["--customer-view"] else "") + options["--sign"]}
        then = {**market.conventions, "sign": book.source}
        for choice, chosen in now.items():
            if then[choice] != chosen:
                raise Failure(f"{name}: saved under --{choice} {then[choice]}, and this run is under {chosen}")
        return Map(market, book, unit=options["--unit"], adv=options["--adv"], future_price=options["--future-price"],
                   future_multiplier=options["--future-multiplier"], beta=options["--beta"])
    except Error as error:
        raise Failure(f"{name}: {error.message}") from None


def make_earlier(options: dict[str, Any]) -> Map | None:
    """The earlier table by the same choices; its instant and spot are its own."""
    if options["--since"] is None:
        return None
    content = read_file(options["--since"])
    if is_saved(content):
        return make_saved(content, options)
    earlier = {**options, "FILE": options["--since"], "--as-of": None, "--spot": None, "--robustness": False,
               "--field": False, "--uncertainty": None}
    return make_map(read_table(earlier["FILE"], content), earlier, remedy="an earlier table has to")


def check_earlier(before: Market, before_name: str, now: Market, now_name: str) -> None:
    """Whether one may be what the other was before: no later, and of a root the other has."""
    then, here = instant(before.as_of), instant(now.as_of)
    if then > here:
        raise Failure(f"{before_name}: taken {format_instant(then)}, after {now_name}, taken {format_instant(here)}: "
                      "--since names the earlier of two")
    roots = [dict.fromkeys(root for root in map(market.chain.root, range(len(market.chain))) if root)
             for market in (before, now)]
    if all(roots) and not roots[0].keys() & roots[1].keys():
        raise Failure(f"{before_name}: options on {next(iter(roots[0]))}, and {now_name} has none of that root: "
                      "--since names an earlier table of the same underlying")


def notes(chain: Chain) -> str:
    """What the reader of the table had to decide."""
    bad, text = chain.table.bad_lines, ""
    if bad > 0:
        plural, verb = ("", "was") if bad == 1 else ("s", "were")
        text += f"Note: {bad} line{plural} of the table {verb} left out, not being rows.\n"
    if chain.table.year_guessed:
        text += "Note: the date in the header has no year; the one nearest to the first expiry was taken.\n"
    return text


def say(text: str) -> None:
    """To standard error, if there is one."""
    try:
        os.write(2, os.fsencode(text))
    except OSError:
        pass


def attempt(where: str, action: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return action(*arguments)
    except OSError as error:
        raise Failure(f"{where}{error.strerror}") from None


def write_all(made: Map, chain: Chain, options: dict[str, Any]) -> None:
    """All is written before anything is renamed: a run that fails leaves every old file as it was."""
    staged = []
    try:
        for option, report in (("--svg", lambda: made.svg().encode()), ("--lines", lambda: made.lines().encode()),
                               ("--save", lambda: made.market.save() + made.book.save())):
            path = options[option]
            if path is not None:
                staged.append(attempt(f"{path}: cannot write: ", StagedFile, path))
                attempt(f"{path}: cannot write: ", staged[-1].write, report())
        text, said = (made.json(), "") if options["--json"] else (made.page(), notes(chain))
        attempt("cannot write to standard output: ", write_standard, text + said)
        if options["--json"]:
            say(notes(chain))
        for file in staged:
            attempt(f"{file.path}: cannot write: ", file.commit)
    finally:
        for file in staged:
            file.discard()


def run(arguments: list[str]) -> int:
    """What gex-map does with these arguments; the exit status."""
    fill_standard()
    try:
        options = read_options(arguments)
        if isinstance(options, str):
            attempt("cannot write to standard output: ", write_standard, options)
            return 0
        content = read_file(options["FILE"])
        name = "standard input" if options["FILE"] == "-" else options["FILE"]
        if is_saved(content):
            raise Failure(f"{name}: a saved market is no table: give the table, and this as --since")
        chain = read_table(options["FILE"], content)
        write_all(make_map(chain, options, make_earlier(options)), chain, options)
        return 0
    except (Usage, Failure) as wrong:
        line = re.sub(r"[\x00-\x1f\x7f]", "?", str(wrong))
        say(f"gex-map: {line}\n")
        return 2 if isinstance(wrong, Usage) else 1
