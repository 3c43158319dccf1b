/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

void complain(const char *format, ...)
{
    char line[2048];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    for (char *c = line; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    fprintf(stderr, "gex-map: %s\n", line);
}

/* ---- choices by name ------------------------------------------------------------------------------------------ */

/* Each list of names ends with NULL. */
#define NAME(constant, value, text) text,
#define UNIT_NAME(constant, value, text, label) text,
static const char *const signs[] = {GEX_SIGN_LIST(NAME) NULL};
static const char *const units[] = {GEX_UNIT_LIST(UNIT_NAME) NULL};
static const char *const clocks[] = {GEX_CLOCK_LIST(NAME) NULL};
static const char *const vols[] = {GEX_VOL_LIST(NAME) NULL};
static const char *const forwards[] = {GEX_FORWARD_LIST(NAME) NULL};
static const char *const styles[] = {GEX_STYLE_LIST(NAME) NULL};

/* Choices of the library that a command line cannot serve: they need columns, or a pricer that is not there yet. */
static const char *const signs_left_out[] = {"OI_ALPHA", "WEIGHTED", NULL};
static const char *const forwards_left_out[] = {"given", "quoted", NULL};
static const char *const none_left_out[] = {NULL};

/* A choice of two that the library numbers from 0. */
static const char *const fallbacks[] = {"rate", "neighbours", NULL};

static int32_t find_fallback(const char *name)
{
    return strcmp(name, fallbacks[GEX_FALLBACK_RATE]) == 0         ? GEX_FALLBACK_RATE + 1
           : strcmp(name, fallbacks[GEX_FALLBACK_NEIGHBOURS]) == 0 ? GEX_FALLBACK_NEIGHBOURS + 1
                                                                   : 0;
}

static bool listed(const char *const *names, const char *name)
{
    while (*names != NULL && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

/* The head GEX_ may be left off. */
static int32_t find_unit(const char *name)
{
    const int32_t unit = gex_unit_find(name, 0);
    return unit != 0 ? unit : gex_unit_find(name, GEX_GREEK_GAMMA);
}

static const struct choice {
    const char *option;
    size_t      offset; /* of an int32_t in struct options */
    int32_t (*find)(const char *name);
    const char *const *names, *const *left_out;
} choices[] = {
    {"--sign", offsetof(struct options, sign), gex_sign_find, signs, signs_left_out},
    {"--unit", offsetof(struct options, unit), find_unit, units, none_left_out},
    {"--clock", offsetof(struct options, clock), gex_clock_find, clocks, none_left_out},
    {"--vol-clock", offsetof(struct options, vol_clock), gex_clock_find, clocks, none_left_out},
    {"--vol", offsetof(struct options, vol), gex_vol_find, vols, none_left_out},
    {"--forward", offsetof(struct options, forward), gex_forward_find, forwards, forwards_left_out},
    {"--fallback", offsetof(struct options, fallback), find_fallback, fallbacks, none_left_out},
    {"--exercise", offsetof(struct options, exercise), gex_style_find, styles, none_left_out},
};

static bool choose(struct options *options, const struct choice *choice, const char *name)
{
    const int32_t found = listed(choice->left_out, name) ? 0 : choice->find(name);
    char offered[1024] = "";

    if (found != 0) {
        memcpy((char *)options + choice->offset, &found, sizeof found);
        return true;
    }
    for (int i = 0; choice->names[i] != NULL; i++) {
        if (listed(choice->left_out, choice->names[i]))
            continue;
        strncat(offered, offered[0] != '\0' ? ", " : "", sizeof offered - 1 - strlen(offered));
        strncat(offered, choice->names[i], sizeof offered - 1 - strlen(offered));
    }
    complain("%s %s is not offered by this version; choose one of: %s", choice->option, name, offered);
    return false;
}

/* ---- numbers and instants ------------------------------------------------------------------------------------- */

static const struct quantity {
    const char *option;
    size_t      offset; /* of a double in struct options */
    double      low, high;
    bool        above; /* the low end itself is not accepted */
    const char *accepted;
} quantities[] = {
    {"--spot", offsetof(struct options, spot), 0.0, HUGE_VAL, true, "a price above 0"},
    {"--rate", offsetof(struct options, rate), -10.0, 10.0, false,
     "a continuous rate a year from -10 to 10, 0.05 is 5 %"},
    {"--carry-yield", offsetof(struct options, carry_yield), -10.0, 10.0, false,
     "a continuous yield a year from -10 to 10, 0.015 is 1.5 %"},
    {"--vol-low", offsetof(struct options, vol_low), 0.0, HUGE_VAL, false, "a volatility, 0.01 is 1 %"},
    {"--vol-high", offsetof(struct options, vol_high), 0.0, HUGE_VAL, true, "a volatility above 0, 5 is 500 %"},
    {"--adv", offsetof(struct options, adv), 0.0, HUGE_VAL, true, "shares a day above 0"},
    {"--future-price", offsetof(struct options, future_price), 0.0, HUGE_VAL, true, "a price above 0"},
    {"--future-multiplier", offsetof(struct options, future_multiplier), 0.0, HUGE_VAL, true, "a number above 0"},
    {"--uncertainty", offsetof(struct options, uncertainty), 0.0, HUGE_VAL, true,
     "a share of each position above 0, 0.5 is half of it, or the word column"},
    {"--correlation", offsetof(struct options, correlation), 0.0, 1.0, false, "a number from 0 to 1"},
    {"--beta", offsetof(struct options, beta), -HUGE_VAL, HUGE_VAL, false, "a number"},
};

/* The program never sets a locale, so strtod() reads a point; its hexadecimal and nan are not for people. */
static bool measure(struct options *options, const struct quantity *quantity, const char *text)
{
    char *end;
    const double value = strtod(text, &end);
    const bool plain = text[0] != '\0' && text[strspn(text, "0123456789.+-eE")] == '\0' && *end == '\0';

    if (!plain || !isfinite(value) || value < quantity->low || value > quantity->high ||
        (quantity->above && value <= quantity->low)) {
        complain("%s %s: it takes %s", quantity->option, text, quantity->accepted);
        return false;
    }
    memcpy((char *)options + quantity->offset, &value, sizeof value);
    return true;
}

/* A share of each position, or a word; the last one counts. */
static bool set_uncertainty(struct options *options, const struct quantity *quantity, const char *text)
{
    options->deviations = strcmp(text, "column") == 0;
    if (!options->deviations)
        return measure(options, quantity, text);
    options->uncertainty = 0.0;
    return true;
}

static bool set_dynamics(struct options *options, const char *text)
{
    gex_error error = {0};

    if (gex_dynamics_parse(text, &options->dynamics, &options->dynamics_parameter, &error) == GEX_OK)
        return true;
    complain("--dynamics %s: %s", text, error.message);
    return false;
}

static bool set_as_of(struct options *options, const char *text)
{
    gex_error error = {0};

    if (gex_instant_parse(text, (int64_t)strlen(text), GEX_ZONE_NEW_YORK, &options->as_of, &error) != GEX_OK) {
        complain("--as-of %s: %s; it takes 2023-09-14T16:31 (New York) or 2023-09-14T16:31-04:00", text, error.message);
        return false;
    }
    options->has_as_of = true;
    return true;
}

/* ---- the line itself ------------------------------------------------------------------------------------------ */

static const char help[] =
    "usage: gex-map [options] FILE\n"
    "\n"
    "Reads an option chain and prints where dealers must hedge: regime, flips, walls,\n"
    "and what they BUY or SELL when price, time and volatility move. A map of forced\n"
    "flow under stated assumptions, not a forecast.\n"
    "\n"
    "FILE is a Cboe quote table (CSV, or JSON where built in)\n"
    "or a neutral columns CSV; - is standard input.\n"
    "\n"
    "  --json                  the map as JSON in place of the page\n"
    "  --uncertainty SHARE     every position may be off by this part of itself, one\n"
    "                          deviation: the probability of the regime, bands of\n"
    "                          net, flip and flows; without it none is claimed\n"
    "  --uncertainty column    by this many contracts a row: the deviation column of\n"
    "                          a neutral table\n"
    "  --correlation RHO       of those errors, of calls among themselves and of\n"
    "                          puts; 0.2 unless given\n"
    "  --robustness            headline numbers under every other sign set, clock,\n"
    "                          forward, vol rule and dynamics, one at a time, as a\n"
    "                          panel of the page and of the JSON\n"
    "  --field                 exposure and flow over spot and time to the close, as\n"
    "                          tables of the page, a heat map of the picture and a\n"
    "                          key of the JSON\n"
    "  --since FILE            an earlier table of the same underlying, read by the\n"
    "                          same choices, or what --save kept: what changed, by\n"
    "                          cause, as a panel of page and JSON; its instant and\n"
    "                          spot are its own\n"
    "  --save FILE             the market and the positions as well, for a later\n"
    "                          --since\n"
    "  --svg FILE              a picture as well\n"
    "  --lines FILE            every contract's row as CSV as well\n"
    "  --as-of INSTANT         when the chain was taken: 2023-09-14T16:31, New York\n"
    "                          unless it has an offset; default: what the file says\n"
    "  --spot PRICE            price of the underlying; default: what the file says\n"
    "  --sign NAME             who holds what; default NAIVE_CALL_LONG (calls +OI,\n"
    "                          puts -OI). Others: NAIVE_CALL_SHORT DEALER_ALL_LONG\n"
    "                          DEALER_ALL_SHORT VOLUME_NAIVE OI_PLUS_VOLUME\n"
    "                          OI_MAX_VOLUME, and INVENTORY_GIVEN: the position\n"
    "                          column of a neutral table\n"
    "  --customer-view         minus the convention: the other side of every trade;\n"
    "                          --sign CUSTOMER_VIEW is the same\n"
    "  --unit NAME             unit of page and picture; default GEX_USD_PCT, USD per\n"
    "                          1 % of spot. A wrong name is answered with all names\n";
static const char help_of_choices[] = /* a string may have 4095 bytes */
    "  --clock NAME            how time is counted; default CAL_365. Others:\n"
    "                          CAL_365_25 BUS_252_DAYS BUS_262_DAYS BUS_252_CLOCK\n"
    "                          VARIANCE_CLOCK. Volatilities are restated, so gamma\n"
    "                          does not move\n"
    "  --vol-clock NAME        clock that the table's volatilities are quoted on;\n"
    "                          default CAL_365\n"
    "  --dynamics NAME         what a volatility does when spot moves; default\n"
    "                          STICKY_STRIKE. Others: STICKY_MONEYNESS, LOCAL_VOL,\n"
    "                          STICKINESS=R (-1 to 3; 1 is sticky strike), FITTED=R\n"
    "                          (R from two snapshots), BETA=B (relative vol move per\n"
    "                          relative spot move)\n"
    "  --vol given|implied|otm\n"
    "                          volatility from the table, from the middle of bid and\n"
    "                          ask, or one a strike from its side out of the money,\n"
    "                          given else implied; default otm\n"
    "  --forward implied|rate  forward per expiry from put-call parity (where quotes\n"
    "                          are too few, from the rates below), or from the rates\n"
    "                          alone; default implied\n"
    "  --fallback NAME         of an expiry that parity gives no forward: rate, or\n"
    "                          neighbours; default rate\n"
    "  --rate R                continuous, a year, 0.05 is 5 %; default 0\n"
    "  --rate-curve CURVE      in place of --rate: YEARS:RATE,YEARS:RATE and so on,\n"
    "                          or a file of such pairs\n"
    "  --dividends LIST        in cash: DATE:CASH,DATE:CASH and so on, by ex-date, or\n"
    "                          a file of such pairs\n"
    "  --fixed-discount        parity takes every discount from the rates and looks\n"
    "                          for forwards alone\n"
    "  --carry-yield Q         continuous, a year; default 0\n"
    "  --exercise auto|european|american\n"
    "                          early exercise: by contract, for none, for all;\n"
    "                          default auto\n"
    "  --vol-low V, --vol-high V\n"
    "                          the table's volatilities at or beyond these are\n"
    "                          fillers, not published\n"
    "  --adv SHARES            average daily volume, for units with ADV\n"
    "  --future-price P        for units with FUT, but GEX_FUT_PT\n"
    "  --future-multiplier M   for units with FUT\n"
    "  --beta B                relative vol move per relative spot move, for the\n"
    "                          units with beta; default 0. Of IMPULSE: vol points per\n"
    "                          +1 % of spot\n"
    "  --help, --version\n"
    "\n"
    "Exit: 0, 1 bad input or a failed write, 2 bad usage.";

static enum outcome answer(const char *text, const char *more)
{
    if (printf("%s%s%s", text, more, more[0] != '\0' ? "\n" : "") < 0 || fflush(stdout) != 0) {
        complain("cannot write to standard output: %s", strerror(errno));
        return OPTIONS_FAILED;
    }
    return OPTIONS_DONE;
}

/* Value of an option: what follows "=", or the next argument. NULL after a complaint. */
static const char *value_of(const char *equals, int argc, char **argv, int *i)
{
    if (equals != NULL)
        return equals + 1;
    if (*i + 1 < argc)
        return argv[++*i];
    complain("%s needs a value; see gex-map --help", argv[*i]);
    return NULL;
}

/* Options with a value. @return true when it was one of them and its value is good. */
static bool take_value(struct options *options, const char *name, const char *value)
{
    if (strcmp(name, "--sign") == 0 && strcmp(value, "CUSTOMER_VIEW") == 0) {
        options->customer_view = true; /* of the convention that is chosen beside it */
        return true;
    }
    for (size_t k = 0; k < sizeof choices / sizeof choices[0]; k++)
        if (strcmp(name, choices[k].option) == 0)
            return choose(options, &choices[k], value);
    for (size_t k = 0; k < sizeof quantities / sizeof quantities[0]; k++)
        if (strcmp(name, quantities[k].option) == 0)
            return quantities[k].offset == offsetof(struct options, uncertainty)
                       ? set_uncertainty(options, &quantities[k], value)
                       : measure(options, &quantities[k], value);
    if (strcmp(name, "--as-of") == 0)
        return set_as_of(options, value);
    if (strcmp(name, "--dynamics") == 0)
        return set_dynamics(options, value);
    if (strcmp(name, "--rate-curve") == 0)
        return curves_take_rates(&options->curves, value);
    if (strcmp(name, "--dividends") == 0)
        return curves_take_dividends(&options->curves, value);
    if (value[0] == '\0' || strcmp(value, "-") == 0) {
        complain("%s needs the name of a file", name);
        return false;
    }
    *(strcmp(name, "--svg") == 0     ? &options->svg
      : strcmp(name, "--since") == 0 ? &options->since
      : strcmp(name, "--save") == 0  ? &options->save
                                     : &options->lines) = value;
    return true;
}

static bool takes_value(const char *name)
{
    static const char *const texts[] = {"--as-of", "--dynamics", "--rate-curve", "--dividends", "--svg", "--lines",
                                        "--since", "--save"};

    for (size_t k = 0; k < sizeof choices / sizeof choices[0]; k++)
        if (strcmp(name, choices[k].option) == 0)
            return true;
    for (size_t k = 0; k < sizeof quantities / sizeof quantities[0]; k++)
        if (strcmp(name, quantities[k].option) == 0)
            return true;
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
        if (strcmp(name, texts[k]) == 0)
            return true;
    return false;
}

/* What a unit needs beside the market and the book.
 * The name of a unit says what it is over: daily volume, or futures, whose price GEX_FUT_PT alone does without. */
static bool unit_is_served(const struct options *o)
{
    const char *unit = gex_unit_name(o->unit), *missing = NULL;
    const bool by_futures = strstr(unit, "_FUT") != NULL;

    if (strstr(unit, "_ADV") != NULL && o->adv == 0.0)
        missing = "--adv";
    if (by_futures && o->unit != GEX_UNIT_GEX_FUT_PT && o->future_price == 0.0)
        missing = "--future-price";
    if (by_futures && o->future_multiplier == 0.0)
        missing = "--future-multiplier";
    if (missing != NULL)
        complain("--unit %s needs %s", unit, missing);
    return missing == NULL;
}

static bool files_differ(const char *option, const char *file, const char *other, const char *other_file)
{
    if (file == NULL || other_file == NULL || strcmp(file, other_file) != 0)
        return true;
    complain("%s and %s name the same file, %s", option, other, file);
    return false;
}

/* What only means something beside another option, or in place of it.
 * Numbers that were not given are NaN until here. */
static bool numbers_go_together(struct options *o)
{
    if (o->vol_high > 0.0 && o->vol_low >= o->vol_high) {
        complain("--vol-low %g and --vol-high %g leave no volatility between them", o->vol_low, o->vol_high);
        return false;
    }
    if (!isnan(o->correlation) && o->uncertainty == 0.0 && !o->deviations) {
        complain("--correlation is of the errors that --uncertainty speaks of; give that too");
        return false;
    }
    if (!isnan(o->rate) && o->curves.rate_count > 0) {
        complain("--rate and --rate-curve both say what the rate is; give one of them");
        return false;
    }
    if (isnan(o->correlation))
        o->correlation = 0.2;
    if (isnan(o->rate))
        o->rate = 0.0;
    return true;
}

static bool is_complete(struct options *options)
{
    if (options->file == NULL) {
        complain("FILE is missing: name a table, or - for standard input; see gex-map --help");
        return false;
    }
    return files_differ("--svg", options->svg, "--lines", options->lines) &&
           files_differ("--svg", options->svg, "--save", options->save) &&
           files_differ("--lines", options->lines, "--save", options->save) && unit_is_served(options) &&
           numbers_go_together(options);
}

static bool take_file(struct options *options, const char *name)
{
    if (options->file != NULL) {
        complain("one FILE is read, and %s is a second", name);
        return false;
    }
    options->file = name;
    options->name = strcmp(name, "-") == 0 ? "standard input" : name;
    return true;
}

/* One argument that begins with "--"; may use up the next as its value. */
static enum outcome take_option(struct options *options, int argc, char **argv, int *i)
{
    const char *argument = argv[*i], *equals = strchr(argument, '='), *value;
    const size_t length = equals != NULL ? (size_t)(equals - argument) : strlen(argument);
    char name[32] = "";

    if (length < sizeof name)
        memcpy(name, argument, length);
    if (takes_value(name)) {
        value = value_of(equals, argc, argv, i);
        return value != NULL && take_value(options, name, value) ? OPTIONS_RUN : OPTIONS_WRONG;
    }
    if (strcmp(argument, "--help") == 0)
        return answer(help, help_of_choices);
    if (strcmp(argument, "--version") == 0)
        return answer("gex-map, ", gex_build_info());
    if (strcmp(argument, "--json") == 0)
        options->json = true;
    else if (strcmp(argument, "--customer-view") == 0)
        options->customer_view = true;
    else if (strcmp(argument, "--robustness") == 0)
        options->robustness = true;
    else if (strcmp(argument, "--fixed-discount") == 0)
        options->fixed_discount = true;
    else if (strcmp(argument, "--field") == 0)
        options->field = true;
    else if (equals != NULL && (strcmp(name, "--json") == 0 || strcmp(name, "--field") == 0 ||
                                strcmp(name, "--customer-view") == 0 ||
                                strcmp(name, "--robustness") == 0 || strcmp(name, "--fixed-discount") == 0)) {
        complain("%s takes no value", name);
        return OPTIONS_WRONG;
    } else {
        complain("%s is not an option; see gex-map --help", argument);
        return OPTIONS_WRONG;
    }
    return OPTIONS_RUN;
}

enum outcome options_read(struct options *options, int argc, char **argv)
{
    bool only_files = false;

    *options = (struct options){
        .sign = GEX_SIGN_NAIVE_CALL_LONG, .unit = GEX_UNIT_GEX_USD_PCT, .clock = GEX_CLOCK_CAL_365,
        .vol_clock = GEX_CLOCK_CAL_365,
        .dynamics = GEX_DYNAMICS_STICKY_STRIKE, .vol = GEX_VOL_OTM, .forward = GEX_FORWARD_IMPLIED,
        .exercise = GEX_STYLE_AUTO, .fallback = GEX_FALLBACK_RATE + 1,
        .correlation = (double)NAN, .rate = (double)NAN,
    };
    for (int i = 1; i < argc; i++) {
        if (!only_files && strcmp(argv[i], "--") == 0) {
            only_files = true;
        } else if (only_files || argv[i][0] != '-' || argv[i][1] == '\0') {
            if (!take_file(options, argv[i]))
                return OPTIONS_WRONG;
        } else {
            const enum outcome outcome = take_option(options, argc, argv, &i);
            if (outcome != OPTIONS_RUN)
                return outcome;
        }
    }
    return is_complete(options) ? OPTIONS_RUN : OPTIONS_WRONG;
}
