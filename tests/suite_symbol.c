/* SPDX-License-Identifier: Apache-2.0 */
/* Option symbols read and written, and the facts of roots. Symbols are those of the Cboe and OCC product pages and of
 * public quote tables. */
#include <check.h>
#include <fenv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gex/row.h>
#include <gex/symbol.h>

Suite *suite_symbol(void);

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))

static const struct symbol_case {
    const char *compact, *padded, *root;
    int32_t expiry, right;
    int64_t strike_milli;
    double strike;
} symbols[] = {
    {"SPXW230914C01200000", "SPXW  230914C01200000", "SPXW", 20230914, GEX_CALL, 1200000, 1200.0},
    {"SPX231215P04500000", "SPX   231215P04500000", "SPX", 20231215, GEX_PUT, 4500000, 4500.0},
    {"F240119C00012500", "F     240119C00012500", "F", 20240119, GEX_CALL, 12500, 12.5},
    {"AAPL7140117P00500000", "AAPL7 140117P00500000", "AAPL7", 20140117, GEX_PUT, 500000, 500.0},
    {"GOOGLE240229C00000001", "GOOGLE240229C00000001", "GOOGLE", 20240229, GEX_CALL, 1, 0.001},
    {"A1B2C3240229P99999999", "A1B2C3240229P99999999", "A1B2C3", 20240229, GEX_PUT, 99999999, 99999.999},
    {"DJX230915C00345670", "DJX   230915C00345670", "DJX", 20230915, GEX_CALL, 345670, 345.67},
    {"X000101P00000100", "X     000101P00000100", "X", 20000101, GEX_PUT, 100, 0.1},
    {"X991231P00000300", "X     991231P00000300", "X", 20991231, GEX_PUT, 300, 0.3},
    {"SPY240119C00000000", "SPY   240119C00000000", "SPY", 20240119, GEX_CALL, 0, 0.0}, /* the chain refuses it */
};

static void check_series(const struct symbol_case *c, const char *text, int64_t length)
{
    gex_series series = {.struct_size = sizeof series};
    gex_error error = {0};

    ck_assert_msg(gex_symbol_parse(text, length, &series, &error) == GEX_OK, "%s: %s", text, error.message);
    ck_assert_str_eq(series.root, c->root);
    ck_assert_int_eq(series.expiry, c->expiry);
    ck_assert_int_eq(series.right, c->right);
    ck_assert_int_eq(series.strike_milli, c->strike_milli);
    ck_assert_double_eq(series.strike, c->strike);
    ck_assert_uint_eq(series.struct_size, sizeof series);
}

START_TEST(both_forms_are_read)
{
    const struct symbol_case *c = &symbols[_i];
    char text[64];

    check_series(c, c->compact, (int64_t)strlen(c->compact));
    check_series(c, c->padded, (int64_t)strlen(c->padded));
    snprintf(text, sizeof text, "%s     ", c->compact);
    check_series(c, text, (int64_t)strlen(text));
    snprintf(text, sizeof text, "%s ", c->padded);
    check_series(c, text, (int64_t)strlen(text));
    snprintf(text, sizeof text, "%sC00000000", c->compact);
    check_series(c, text, (int64_t)strlen(c->compact)); /* what follows is not read */
}
END_TEST

START_TEST(both_forms_are_written)
{
    const struct symbol_case *c = &symbols[_i];
    gex_series series = {.struct_size = sizeof series};
    char text[22];

    ck_assert_int_eq(gex_symbol_parse(c->compact, (int64_t)strlen(c->compact), &series, NULL), GEX_OK);
    ck_assert_int_eq(gex_symbol_format(&series, 0, text, sizeof text), (int64_t)strlen(c->compact));
    ck_assert_str_eq(text, c->compact);
    ck_assert_int_eq(gex_symbol_format(&series, 1, text, sizeof text), 21);
    ck_assert_str_eq(text, c->padded);
    ck_assert_int_eq(gex_symbol_format(&series, 1, text, sizeof text - 1), 0);
}
END_TEST

/* All 100 million strikes are the nearest double; here every one up to 10,000 and a stride through the rest, against
 * what the C library reads from the same digits with a point among them. */
START_TEST(strikes_are_correctly_rounded)
{
    gex_series series = {.struct_size = sizeof series};
    char symbol[32], decimal[32];

    for (int32_t milli = 0; milli < 100000000; milli += milli < 10000 ? 1 : 9973) {
        snprintf(symbol, sizeof symbol, "SPX240119C%08d", (int)milli);
        snprintf(decimal, sizeof decimal, "%d.%03d", (int)milli / 1000, (int)milli % 1000);
        if (gex_symbol_parse(symbol, 18, &series, NULL) != GEX_OK || series.strike != strtod(decimal, NULL))
            ck_abort_msg("%s: %.17g", symbol, series.strike);
    }
}
END_TEST

START_TEST(strikes_ignore_the_rounding_mode)
{
    static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST};

    for (int i = 0; i < LENGTH(modes); i++) {
        gex_series series = {.struct_size = sizeof series};

        fesetround(modes[i]);
        ck_assert_int_eq(gex_symbol_parse("SPX240119C00000100", 18, &series, NULL), GEX_OK);
        ck_assert_int_eq(fegetround(), modes[i]);
        ck_assert_double_eq(series.strike, 0.1);
        ck_assert_int_eq(gex_symbol_parse("SPX240119C00000300", 18, &series, NULL), GEX_OK);
        ck_assert_double_eq(series.strike, 0.3);
    }
    fesetround(FE_TONEAREST);
}
END_TEST

/* Names of instruments that were listed on Deribit, and what its API documentation shows. */
static const struct deribit_case {
    const char *name, *root;
    int32_t     expiry, right, payoff;
    int64_t     strike_milli;
} deribits[] = {
    {"BTC-27FEB26-68000-C", "BTC", 20260227, GEX_CALL, GEX_PAYOFF_INVERSE, 68000000},
    {"BTC-1JUN21-30000-P", "BTC", 20210601, GEX_PUT, GEX_PAYOFF_INVERSE, 30000000},
    {"ETH-29FEB24-2500-C", "ETH", 20240229, GEX_CALL, GEX_PAYOFF_INVERSE, 2500000},
    {"BTC-25SEP26-300000-P", "BTC", 20260925, GEX_PUT, GEX_PAYOFF_INVERSE, 300000000},
    {"XRP_USDC-30JUN23-0d625-C", "XRP_USDC", 20230630, GEX_CALL, GEX_PAYOFF_VANILLA, 625},
    {"XRP_USDC-30JUN23-0d55-P", "XRP_USDC", 20230630, GEX_PUT, GEX_PAYOFF_VANILLA, 550},
    {"SOL_USDC-3JAN25-190-P", "SOL_USDC", 20250103, GEX_PUT, GEX_PAYOFF_VANILLA, 190000},
    {"BTC_USDC-31DEC99-1000000-C", "BTC_USDC", 20991231, GEX_CALL, GEX_PAYOFF_VANILLA, 1000000000},
    {"A-1JAN00-999999999999d999-C", "A", 20000101, GEX_CALL, GEX_PAYOFF_INVERSE, INT64_C(999999999999999)},
    {"ABCDEFGHIJKL_N-9MAY24-0-C", "ABCDEFGHIJKL_N", 20240509, GEX_CALL, GEX_PAYOFF_VANILLA, 0},
};

START_TEST(deribit_names_are_read_and_written)
{
    const struct deribit_case *c = &deribits[_i];
    gex_series series = {.struct_size = sizeof series};
    gex_error error = {0};
    char text[64], blanks[64];

    ck_assert_msg(gex_symbol_parse(c->name, (int64_t)strlen(c->name), &series, &error) == GEX_OK, "%s", error.message);
    ck_assert_str_eq(series.root, c->root);
    ck_assert_int_eq(series.expiry, c->expiry);
    ck_assert_int_eq(series.right, c->right);
    ck_assert_int_eq(series.payoff, c->payoff);
    ck_assert_int_eq(series.venue, GEX_VENUE_DERIBIT);
    ck_assert_int_eq(series.strike_milli, c->strike_milli);
    ck_assert_double_eq(series.strike, (double)c->strike_milli / 1000.0);
    ck_assert_int_eq(gex_symbol_format(&series, _i % 2, text, sizeof text), (int64_t)strlen(c->name));
    ck_assert_str_eq(text, c->name);
    ck_assert_int_eq(gex_symbol_format(&series, 0, text, 47), 0);
    snprintf(blanks, sizeof blanks, "%s   ", c->name);
    ck_assert_int_eq(gex_symbol_parse(blanks, (int64_t)strlen(blanks), &series, NULL), GEX_OK);

    /* a program of the first version gets what it knows, and cannot take the name for an OSI symbol */
    series.struct_size = 40;
    series.venue = 77;
    ck_assert_int_eq(gex_symbol_parse(c->name, (int64_t)strlen(c->name), &series, NULL), GEX_OK);
    ck_assert_int_eq(series.venue, 77);
}
END_TEST

static const char *const no_deribits[] = {
    "BTC-01JUN21-30000-C", "BTC-32JUN21-30000-C", "BTC-29FEB23-30000-C", "BTC-0JUN21-30000-C", "BTC-JUN21-30000-C",
    "BTC-1jun21-30000-C", "BTC-1JUX21-30000-C", "BTC-1JUN2021-30000-C", "BTC-1JUN1-30000-C", "BTC-1JUN21-030000-C",
    "BTC-1JUN21--C", "BTC-1JUN21-d5-C", "BTC-1JUN21-5d-C", "BTC-1JUN21-5d50-C", "BTC-1JUN21-5d1234-C",
    "BTC-1JUN21-5.5-C", "BTC-1JUN21-1234567890123-C", "BTC-1JUN21-30000-X", "BTC-1JUN21-30000-c", "BTC-1JUN21-30000-",
    "BTC-1JUN21-30000-CC", "-1JUN21-30000-C", "btc-1JUN21-30000-C", "BTC_-1JUN21-30000-C", "_BTC-1JUN21-30000-C",
    "ABCDEFGHIJKLMNO-1JUN21-30000-C", "BTC--30000-C", "---", "BTC-1JUN21-3 000-C", "BTC-\xd9\xa1JUN21-30000-C",
};

START_TEST(what_is_no_deribit_name_is_refused)
{
    gex_series series = {.struct_size = sizeof series, .expiry = 7};
    const gex_series before = series;
    gex_error error = {0};

    ck_assert_msg(gex_symbol_parse(no_deribits[_i], (int64_t)strlen(no_deribits[_i]), &series, &error) ==
                      GEX_ERR_FORMAT, "%s", no_deribits[_i]);
    ck_assert_ptr_nonnull(strchr(error.message, ':'));
    ck_assert_mem_eq(&series, &before, sizeof series);
}
END_TEST

/* DBN definitions carry the OSI symbol padded, as raw_symbol of OPRA. */
START_TEST(databento_raw_symbols)
{
    static const char *const raw[] = {"SPXW  240104C04725000", "SPY   240119P00470000", "BRKB  240119C00360000",
                                      "AAPL7 140117P00500000"};

    for (int i = 0; i < LENGTH(raw); i++) {
        gex_series series = {.struct_size = sizeof series};
        char text[22];

        ck_assert_int_eq(gex_symbol_parse(raw[i], 21, &series, NULL), GEX_OK);
        ck_assert_int_eq(gex_symbol_format(&series, 1, text, sizeof text), 21);
        ck_assert_str_eq(text, raw[i]);
        ck_assert_int_eq(series.venue, GEX_VENUE_US);
        ck_assert_int_eq(series.payoff, GEX_PAYOFF_VANILLA);
    }
}
END_TEST

#define TEXT(literal) literal, sizeof literal - 1

static const struct hostile {
    const char *text;
    int64_t length;
    const char *says; /* part of the message */
} hostiles[] = {
    {TEXT(""), "characters"},
    {TEXT(" "), "characters"},
    {TEXT("                     "), "characters"},
    {TEXT("S"), "characters"},
    {TEXT("230914C01200000"), "characters"}, /* no root */
    {TEXT("X30914C01200000"), "characters"},
    {TEXT("SPXW   230914C01200000"), "characters"},
    {TEXT("ABCDEFG230914C01200000"), "characters"},
    {TEXT("      230914C01200000"), "root"},
    {TEXT(" SPXW 230914C01200000"), "root"},
    {TEXT("SP XW 230914C01200000"), "root"},
    {TEXT("SPXW 230914C01200000"), "root"}, /* neither padded nor compact */
    {TEXT("SPX  230914C01200000"), "root"},
    {TEXT("spxw230914C01200000"), "root"},
    {TEXT("SPXw230914C01200000"), "root"},
    {TEXT("1SPX230914C01200000"), "root"},
    {TEXT("SP.X230914C01200000"), "root"},
    {TEXT("^SPX230914C01200000"), "root"},
    {TEXT("SP\0X230914C01200000"), "root"},
    {TEXT("SPX\t 230914C01200000"), "root"},
    {TEXT("\xc3\x84" "BC230914C01200000"), "root"},
    {TEXT("SPX230230C01200000"), "date"},
    {TEXT("SPX230229C01200000"), "date"},
    {TEXT("SPX231301C01200000"), "date"},
    {TEXT("SPX230001C01200000"), "date"},
    {TEXT("SPX230100C01200000"), "date"},
    {TEXT("SPX230132C01200000"), "date"},
    {TEXT("SPX23 914C01200000"), "date"},
    {TEXT("SPX+30914C01200000"), "date"},
    {TEXT("SPX23091\0C01200000"), "date"},
    {TEXT("SPX\xd9\xa2\xd9\xa3\xd9\xa0" "C01200000"), "date"}, /* Arabic digits */
    {TEXT("SPX230914c01200000"), "C or P"},
    {TEXT("SPX230914X01200000"), "C or P"},
    {TEXT("SPX230914\00001200000"), "C or P"},
    {TEXT("SPX230914C0120000 "), "date"}, /* read from the right: one digit short, and the date holds an X */
    {TEXT("SPX230914C-1200000"), "strike"},
    {TEXT("SPX230914C 1200000"), "strike"},
    {TEXT("SPX230914C01200.00"), "strike"},
    {TEXT("SPX230914C0120000\0"), "strike"},
    {TEXT("SPX230914C0120000O"), "strike"},
    {TEXT("SPX230914C012000\xd9\xa0"), "strike"},
    {TEXT("SPX230914C01200000\n"), "date"},
    {TEXT("SPX   230914C01200000\0"), "characters"},
};

START_TEST(what_is_no_symbol_is_refused)
{
    const struct hostile *h = &hostiles[_i];
    gex_series series = {.struct_size = sizeof series, .expiry = 7};
    const gex_series before = series;
    gex_error error = {0};
    char *exact = malloc((size_t)h->length + 1); /* so that a sanitizer sees a byte read too many */

    ck_assert_ptr_nonnull(exact);
    exact = realloc(exact, h->length > 0 ? (size_t)h->length : 1);
    ck_assert_ptr_nonnull(exact);
    memcpy(exact, h->text, (size_t)h->length);
    ck_assert_int_eq(gex_symbol_parse(exact, h->length, &series, &error), GEX_ERR_FORMAT);
    ck_assert_int_eq(error.status, GEX_ERR_FORMAT);
    ck_assert_int_eq(error.row, -1);
    ck_assert_msg(strstr(error.message, h->says) != NULL, "%s", error.message);
    ck_assert_mem_eq(&series, &before, sizeof series);
    ck_assert_int_eq(gex_symbol_parse(exact, h->length, &series, NULL), GEX_ERR_FORMAT);
    free(exact);
}
END_TEST

START_TEST(a_long_text_is_refused_and_its_message_cut)
{
    enum { LONG = 100000 };
    gex_series series = {.struct_size = sizeof series};
    gex_error error = {0};
    char *text = malloc(LONG);

    ck_assert_ptr_nonnull(text);
    memset(text, 'A', LONG);
    ck_assert_int_eq(gex_symbol_parse(text, LONG, &series, &error), GEX_ERR_FORMAT);
    ck_assert_uint_eq(strlen(error.message), sizeof error.message - 1);
    memset(text, ' ', LONG);
    memcpy(text, "SPXW230914C01200000", 19);
    ck_assert_int_eq(gex_symbol_parse(text, LONG, &series, &error), GEX_OK);
    free(text);
}
END_TEST

START_TEST(missing_arguments_are_refused)
{
    gex_series series = {.struct_size = sizeof series};
    gex_root root = {.struct_size = sizeof root};
    char text[22];

    ck_assert_int_eq(gex_symbol_parse(NULL, 19, &series, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_symbol_parse("SPXW230914C01200000", -1, &series, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_symbol_parse("SPXW230914C01200000", 19, NULL, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_symbol_format(NULL, 0, text, sizeof text), 0);
    ck_assert_int_eq(gex_symbol_format(&series, 0, NULL, 22), 0);
    ck_assert_int_eq(gex_root_facts(NULL, 3, &root, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_root_facts("SPX", 0, &root, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_root_facts("SPX", -3, &root, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_root_facts("SPX", 3, NULL, NULL), GEX_ERR_ARGUMENT);
}
END_TEST

/* A caller compiled against a later library has a longer struct; one that forgot the size is told so. */
START_TEST(structs_of_any_age)
{
    struct {
        gex_series series;
        int64_t later;
    } longer = {.series.struct_size = sizeof longer, .later = -1};
    gex_series series = {0};
    gex_root root = {0};
    char text[22];

    ck_assert_int_eq(gex_symbol_parse("SPXW230914C01200000", 19, &longer.series, NULL), GEX_OK);
    ck_assert_int_eq(longer.later, 0);
    ck_assert_uint_eq(longer.series.struct_size, sizeof longer);
    ck_assert_int_eq(gex_symbol_format(&longer.series, 0, text, sizeof text), 19);
    longer.later = 1;
    ck_assert_int_eq(gex_symbol_format(&longer.series, 0, text, sizeof text), 0);
    ck_assert_int_eq(gex_symbol_parse("SPXW230914C01200000", 19, &series, NULL), GEX_ERR_VERSION);
    series.struct_size = 39; /* of version 0.1 are 40 */
    ck_assert_int_eq(gex_symbol_parse("SPXW230914C01200000", 19, &series, NULL), GEX_ERR_VERSION);
    ck_assert_int_eq(gex_root_facts("SPX", 3, &root, NULL), GEX_ERR_VERSION);
}
END_TEST

static const gex_series unwritable[] = {
    {sizeof(gex_series), 20230914, 100, 0.1, GEX_CALL, "", 0, 0},
    {sizeof(gex_series), 20230914, 100, 0.1, GEX_CALL, "ABCDEFG", 0, 0},
    {sizeof(gex_series), 20230914, 100, 0.1, GEX_CALL, "spx", 0, 0},
    {sizeof(gex_series), 20230914, 100, 0.1, GEX_CALL, "7SPX", 0, 0},
    {sizeof(gex_series),
     20230914,
     100,
     0.1,
     GEX_CALL,
     {65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65},
     0,
     0},
    {sizeof(gex_series), 20230230, 100, 0.1, GEX_CALL, "SPX", 0, 0},
    {sizeof(gex_series), 19991231, 100, 0.1, GEX_CALL, "SPX", 0, 0},
    {sizeof(gex_series), 21000101, 100, 0.1, GEX_CALL, "SPX", 0, 0},
    {sizeof(gex_series), -20230914, 100, 0.1, GEX_CALL, "SPX", 0, 0},
    {sizeof(gex_series), 20230914, -1, 0.1, GEX_CALL, "SPX", 0, 0},
    {sizeof(gex_series), 20230914, 100000000, 0.1, GEX_CALL, "SPX", 0, 0},
    {sizeof(gex_series), 20230914, 100, 0.1, 0, "SPX", 0, 0},
    {sizeof(gex_series), 20230914, 100, 0.1, 2, "SPX", 0, 0},
    {0, 20230914, 100, 0.1, GEX_CALL, "SPX", 0, 0},
};

START_TEST(what_has_no_symbol_is_not_written)
{
    char text[22];

    memset(text, 'x', sizeof text);
    ck_assert_int_eq(gex_symbol_format(&unwritable[_i], 1, text, sizeof text), 0);
    ck_assert_int_eq(text[0], 'x');
}
END_TEST

/* Product specifications of Cboe; what is not in the table is a stock option. */
static const struct root_case {
    const char *root;
    int32_t settle, exercise;
    uint32_t flags;
} roots[] = {
    {"SPX", GEX_SETTLE_AM, GEX_EXERCISE_EUROPEAN, 0},
    {"SPXW", GEX_SETTLE_PM, GEX_EXERCISE_EUROPEAN, 0},
    {"XSP", GEX_SETTLE_PM, GEX_EXERCISE_EUROPEAN, 0},
    {"NDX", GEX_SETTLE_AM, GEX_EXERCISE_EUROPEAN, 0},
    {"NDXP", GEX_SETTLE_PM, GEX_EXERCISE_EUROPEAN, 0},
    {"XND", GEX_SETTLE_PM, GEX_EXERCISE_EUROPEAN, 0},
    {"RUT", GEX_SETTLE_AM, GEX_EXERCISE_EUROPEAN, 0},
    {"RUTW", GEX_SETTLE_PM, GEX_EXERCISE_EUROPEAN, 0},
    {"MRUT", GEX_SETTLE_PM, GEX_EXERCISE_EUROPEAN, 0},
    {"DJX", GEX_SETTLE_AM, GEX_EXERCISE_EUROPEAN, 0},
    {"VIX", GEX_SETTLE_AM, GEX_EXERCISE_EUROPEAN, 0},
    {"VIXW", GEX_SETTLE_AM, GEX_EXERCISE_EUROPEAN, 0},
    {"XEO", GEX_SETTLE_PM, GEX_EXERCISE_EUROPEAN, 0},
    {"OEX", GEX_SETTLE_PM, GEX_EXERCISE_AMERICAN, 0},
    {"SPY", GEX_SETTLE_PM, GEX_EXERCISE_AMERICAN, 0},
    {"QQQ", GEX_SETTLE_PM, GEX_EXERCISE_AMERICAN, 0},
    {"IWM", GEX_SETTLE_PM, GEX_EXERCISE_AMERICAN, 0},
    {"DIA", GEX_SETTLE_PM, GEX_EXERCISE_AMERICAN, 0},
    {"AAPL", GEX_SETTLE_PM, GEX_EXERCISE_AMERICAN, GEX_FLAG_UNKNOWN_ROOT},
    {"AAPL7", GEX_SETTLE_PM, GEX_EXERCISE_AMERICAN, GEX_FLAG_UNKNOWN_ROOT | GEX_FLAG_ADJUSTED_ROOT},
    {"SPX1", GEX_SETTLE_PM, GEX_EXERCISE_AMERICAN, GEX_FLAG_UNKNOWN_ROOT | GEX_FLAG_ADJUSTED_ROOT},
    {"SPXX", GEX_SETTLE_PM, GEX_EXERCISE_AMERICAN, GEX_FLAG_UNKNOWN_ROOT},
    {"SP", GEX_SETTLE_PM, GEX_EXERCISE_AMERICAN, GEX_FLAG_UNKNOWN_ROOT},
    {"spx", GEX_SETTLE_PM, GEX_EXERCISE_AMERICAN, GEX_FLAG_UNKNOWN_ROOT},
};

START_TEST(roots_tell_their_facts)
{
    const struct root_case *r = &roots[_i];
    gex_root root = {.struct_size = sizeof root};

    ck_assert_int_eq(gex_root_facts(r->root, (int64_t)strlen(r->root), &root, NULL), GEX_OK);
    ck_assert_int_eq(root.settle, r->settle);
    ck_assert_int_eq(root.exercise, r->exercise);
    ck_assert_uint_eq(root.flags, r->flags);
    ck_assert_double_eq(root.multiplier, 100.0);
}
END_TEST

START_TEST(a_root_ends_at_its_length)
{
    gex_root root = {.struct_size = sizeof root};

    ck_assert_int_eq(gex_root_facts("SPXW", 3, &root, NULL), GEX_OK);
    ck_assert_int_eq(root.settle, GEX_SETTLE_AM);
    ck_assert_int_eq(gex_root_facts("SPX\0", 4, &root, NULL), GEX_OK);
    ck_assert_uint_eq(root.flags, GEX_FLAG_UNKNOWN_ROOT);
}
END_TEST

Suite *suite_symbol(void)
{
    Suite *suite = suite_create("symbol");
    TCase *symbol = tcase_create("symbols"), *root = tcase_create("roots");

    tcase_add_loop_test(symbol, both_forms_are_read, 0, LENGTH(symbols));
    tcase_add_loop_test(symbol, both_forms_are_written, 0, LENGTH(symbols));
    tcase_add_test(symbol, strikes_are_correctly_rounded);
    tcase_add_test(symbol, strikes_ignore_the_rounding_mode);
    tcase_add_loop_test(symbol, deribit_names_are_read_and_written, 0, LENGTH(deribits));
    tcase_add_loop_test(symbol, what_is_no_deribit_name_is_refused, 0, LENGTH(no_deribits));
    tcase_add_test(symbol, databento_raw_symbols);
    tcase_add_loop_test(symbol, what_is_no_symbol_is_refused, 0, LENGTH(hostiles));
    tcase_add_test(symbol, a_long_text_is_refused_and_its_message_cut);
    tcase_add_test(symbol, missing_arguments_are_refused);
    tcase_add_test(symbol, structs_of_any_age);
    tcase_add_loop_test(symbol, what_has_no_symbol_is_not_written, 0, LENGTH(unwritable));
    suite_add_tcase(suite, symbol);
    tcase_add_loop_test(root, roots_tell_their_facts, 0, LENGTH(roots));
    tcase_add_test(root, a_root_ends_at_its_length);
    suite_add_tcase(suite, root);
    return suite;
}
