/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as text, against Python's float(), repr() and format() (golden/generate_decimals.py) and what the C library
 * says in the C locale. */
#include <check.h>
#include <fenv.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/natural.h"

Suite *suite_decimal(void);

enum { LINE_MAX_BYTES = 4096 };

static uint64_t bits_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static bool same(double a, double b)
{
    return bits_of(a) == bits_of(b) || (isnan(a) && isnan(b));
}

/* What a golden line says; places is -1 where it says none. */
struct line {
    char kind[16], text[LINE_MAX_BYTES];
    double value;
    int places;
};

static bool line_read(FILE *file, struct line *line)
{
    static char raw[LINE_MAX_BYTES];
    uint64_t bits;

    do {
        if (fgets(raw, sizeof raw, file) == NULL)
            return false;
    } while (raw[0] == '#');
    line->places = -1;
    if (sscanf(raw, "%15s %" SCNx64, line->kind, &bits) != 2)
        ck_abort_msg("not a golden line: %s", raw);
    line->value = double_of(bits);
    if (strcmp(line->kind, "fixed") == 0 || strcmp(line->kind, "grouped") == 0)
        ck_assert_int_eq(sscanf(raw, "%*s %*s %d %4095s", &line->places, line->text), 2);
    else
        ck_assert_int_eq(sscanf(raw, "%*s %*s %4095s", line->text), 1);
    return true;
}

static FILE *golden_open(void)
{
    FILE *file = fopen(TESTS_DIR "/golden/decimals.txt", "r");

    ck_assert_ptr_nonnull(file);
    return file;
}

START_TEST(parse_matches_python)
{
    FILE *file = golden_open();
    struct line line;
    int64_t count = 0;

    while (line_read(file, &line)) {
        double got = 12345.0;

        if (strcmp(line.kind, "parse") != 0)
            continue;
        count++;
        ck_assert_msg(gex__decimal_parse(line.text, (int64_t)strlen(line.text), &got), "refused: %s", line.text);
        ck_assert_msg(same(got, line.value), "%s: got %a, expected %a", line.text, got, line.value);
    }
    fclose(file);
    ck_assert_int_gt(count, 1000);
}
END_TEST

START_TEST(shortest_matches_python)
{
    FILE *file = golden_open();
    struct line line;
    int64_t count = 0;

    while (line_read(file, &line)) {
        char text[GEX_DECIMAL_MAX + 1];

        if (strcmp(line.kind, "shortest") != 0)
            continue;
        count++;
        text[gex__decimal_shortest(line.value, text)] = '\0';
        ck_assert_str_eq(text, line.text);
    }
    fclose(file);
    ck_assert_int_gt(count, 1000);
}
END_TEST

START_TEST(fixed_matches_python)
{
    FILE *file = golden_open();
    struct line line;
    int64_t count = 0;

    while (line_read(file, &line)) {
        char text[GEX_DECIMAL_MAX + 1];

        if (line.places < 0)
            continue;
        count++;
        text[gex__decimal_fixed(line.value, line.places, strcmp(line.kind, "grouped") == 0, text)] = '\0';
        ck_assert_str_eq(text, line.text);
    }
    fclose(file);
    ck_assert_int_gt(count, 1000);
}
END_TEST

static const char *const refused[] = {
    "",     "-",     "+",     ".",      "-.",    "e",      "e5",    ".e1",  "1e",   "1e+",  "1e-",      "1e1.5",
    "1e5x", "1..2",  "1.2.3", "--1",    "+-1",   "+ 1",    " 1",    "1 ",   "\t1",  "1\n",  "0x10",     "1p3",
    "1f",   "1d0",   "1,000", "1_000",  "$1",    "1%",     "(1)",   "i",    "in",   "infi", "infin",    "infinityy",
    "-n",   "na",    "nanx",  "nan(0)", "\xd9\xa1", "1e\xd9\xa1",
};

START_TEST(what_is_no_number_is_refused)
{
    double value = 12345.0;

    ck_assert_msg(!gex__decimal_parse(refused[_i], (int64_t)strlen(refused[_i]), &value), "read: %s", refused[_i]);
    ck_assert_double_eq(value, 12345.0);
}
END_TEST

START_TEST(a_zero_byte_is_no_digit)
{
    double value = 12345.0;

    ck_assert(!gex__decimal_parse("1\0", 2, &value));
    ck_assert(!gex__decimal_parse("\0", 1, &value));
    ck_assert(!gex__decimal_parse("1\0002", 3, &value));
    ck_assert(!gex__decimal_parse(NULL, 0, &value));
    ck_assert(!gex__decimal_parse("1", -1, &value));
    ck_assert_double_eq(value, 12345.0);
}
END_TEST

START_TEST(only_the_given_length_is_read)
{
    double value = 0.0;

    ck_assert(gex__decimal_parse("12.5678", 4, &value));
    ck_assert_double_eq(value, 12.5);
}
END_TEST

/* A tie is broken by the last of 300,000 digits. */
START_TEST(any_length_is_read)
{
    enum { LENGTH = 300000 };
    char *text = malloc(LENGTH + 1);
    double value = 0.0;

    ck_assert_ptr_nonnull(text);
    memset(text, '0', LENGTH);
    memcpy(text, "9007199254740993.", 17);
    ck_assert(gex__decimal_parse(text, LENGTH, &value));
    ck_assert_double_eq(value, 9007199254740992.0);
    text[LENGTH - 1] = '1';
    ck_assert(gex__decimal_parse(text, LENGTH, &value));
    ck_assert_double_eq(value, 9007199254740994.0);
    free(text);
}
END_TEST

/* xorshift64*: Vigna (2016), An experimental exploration of Marsaglia's xorshift generators, scrambled. */
static uint64_t draw(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

/* The process is in the C locale: no test calls setlocale. */
START_TEST(agrees_with_the_c_library)
{
    uint64_t state = UINT64_C(20230914);

    for (int32_t i = 0; i < 30000; i++) {
        const double value = double_of(draw(&state));
        const int32_t places = (int32_t)(draw(&state) % 18);
        char ours[GEX_DECIMAL_MAX + 1], theirs[GEX_DECIMAL_MAX + 1];
        double back = 12345.0;

        if (!isfinite(value))
            continue;
        ours[gex__decimal_shortest(value, ours)] = '\0';
        ck_assert_msg(same(strtod(ours, NULL), value), "shortest %s of %a", ours, value);
        ck_assert(gex__decimal_parse(ours, (int64_t)strlen(ours), &back));
        ck_assert_msg(same(back, value), "%s reads back as %a, was %a", ours, back, value);
        snprintf(theirs, sizeof theirs, "%.*e", 10 + places, value);
        ck_assert(gex__decimal_parse(theirs, (int64_t)strlen(theirs), &back));
        ck_assert_msg(same(back, strtod(theirs, NULL)), "%s read as %a", theirs, back);
        ours[gex__decimal_fixed(value, places, false, ours)] = '\0';
        snprintf(theirs, sizeof theirs, "%.*f", (int)places, value);
        ck_assert_str_eq(ours, theirs);
    }
}
END_TEST

/* Fewer digits than 17 do not read back when the shortest has 17, and one fewer never does. */
START_TEST(shortest_is_shortest)
{
    uint64_t state = UINT64_C(7);

    for (int32_t i = 0; i < 20000; i++) {
        const double value = double_of(draw(&state) >> 1);
        char ours[GEX_DECIMAL_MAX + 1], shorter[40];
        int digits = 0;

        if (!isfinite(value) || value == 0.0)
            continue;
        ours[gex__decimal_shortest(value, ours)] = '\0';
        for (const char *c = ours; *c != '\0' && *c != 'e'; c++)
            digits += *c >= '0' && *c <= '9';
        if (strchr(ours, 'e') == NULL || digits == 1)
            continue;
        snprintf(shorter, sizeof shorter, "%.*e", digits - 2, value);
        ck_assert_msg(strtod(shorter, NULL) != value, "%s is shorter than %s", shorter, ours);
    }
}
END_TEST

START_TEST(writers_know_what_is_not_finite)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{(double)NAN, "nan"}, {-(double)NAN, "nan"}, {HUGE_VAL, "inf"}, {-HUGE_VAL, "-inf"}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[GEX_DECIMAL_MAX + 1];

        text[gex__decimal_shortest(cases[i].value, text)] = '\0';
        ck_assert_str_eq(text, cases[i].text);
        text[gex__decimal_fixed(cases[i].value, 2, true, text)] = '\0';
        ck_assert_str_eq(text, cases[i].text);
    }
}
END_TEST

START_TEST(the_longest_fits)
{
    char text[GEX_DECIMAL_MAX], theirs[GEX_DECIMAL_MAX];

    ck_assert_int_eq(gex__decimal_fixed(-1.7976931348623157e308, 17, true, text), 430);
    ck_assert_int_eq(gex__decimal_fixed(-1.7976931348623157e308, 999, false, text), 328); /* places are cut to 17 */
    snprintf(theirs, sizeof theirs, "%.17f", -1.7976931348623157e308);
    ck_assert_mem_eq(text, theirs, 328);
    ck_assert_int_eq(gex__decimal_fixed(2.5, -3, false, text), 1);
    ck_assert_int_eq(text[0], '2');
}
END_TEST

static const struct integer_case {
    int64_t value;
    const char *plain, *grouped;
} integers[] = {
    {0, "0", "0"},
    {-1, "-1", "-1"},
    {999, "999", "999"},
    {1000, "1000", "1,000"},
    {-100000, "-100000", "-100,000"},
    {1234567, "1234567", "1,234,567"},
    {INT64_MAX, "9223372036854775807", "9,223,372,036,854,775,807"},
    {INT64_MIN, "-9223372036854775808", "-9,223,372,036,854,775,808"},
};

START_TEST(integers_are_written)
{
    char text[GEX_DECIMAL_MAX + 1];

    text[gex__decimal_integer(integers[_i].value, false, text)] = '\0';
    ck_assert_str_eq(text, integers[_i].plain);
    text[gex__decimal_integer(integers[_i].value, true, text)] = '\0';
    ck_assert_str_eq(text, integers[_i].grouped);
}
END_TEST

/* gex__fail may write numbers outside the guard of a door. */
START_TEST(writers_ignore_the_rounding_mode)
{
    static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST};

    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        char text[GEX_DECIMAL_MAX + 1];

        fesetround(modes[i]);
        text[gex__decimal_shortest(0.1, text)] = '\0';
        ck_assert_str_eq(text, "0.1");
        text[gex__decimal_fixed(2.675, 2, false, text)] = '\0';
        ck_assert_str_eq(text, "2.67");
    }
}
END_TEST

/* Words at which a guess of the quotient is most wrong. a is made as b * quotient + rest. */
START_TEST(division_returns_what_was_multiplied)
{
    static const uint32_t words[] = {0, 1, 2, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff};
    enum { WORDS = sizeof words / sizeof words[0] };

    for (int32_t i = 0; i < WORDS * WORDS * WORDS * WORDS * WORDS; i++) {
        const uint32_t high = words[i % WORDS], low = words[i / WORDS % WORDS];
        struct gex__natural a, b = {3, {words[i / WORDS / WORDS % WORDS], words[i / WORDS / WORDS / WORDS % WORDS],
                                        0x80000000 | words[i / WORDS / WORDS / WORDS / WORDS]}};
        struct gex__natural part = b, rest = b;
        uint64_t quotient;

        if (rest.word[0] == 0)
            continue;
        rest.word[0]--; /* the largest rest there is */
        a = b;
        gex__natural_multiply_add(&a, high, 0);
        while (a.used > 0 && a.word[a.used - 1] == 0)
            a.used--;
        gex__natural_shift_left(&a, 32);
        gex__natural_multiply_add(&part, low, 0);
        gex__natural_add(&a, &part);
        gex__natural_add(&a, &rest);
        while (a.used > 0 && a.word[a.used - 1] == 0)
            a.used--;
        quotient = gex__natural_divide(&a, &b);
        if (quotient != ((uint64_t)high << 32 | low) || gex__natural_compare(&a, &rest) != 0)
            ck_abort_msg("case %d: quotient %" PRIx64, (int)i, quotient);
    }
}
END_TEST

Suite *suite_decimal(void)
{
    Suite *suite = suite_create("decimal");
    TCase *parse = tcase_create("parse"), *write = tcase_create("write");

    tcase_add_test(parse, parse_matches_python);
    tcase_add_loop_test(parse, what_is_no_number_is_refused, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(parse, a_zero_byte_is_no_digit);
    tcase_add_test(parse, only_the_given_length_is_read);
    tcase_add_test(parse, any_length_is_read);
    tcase_add_test(parse, division_returns_what_was_multiplied);
    suite_add_tcase(suite, parse);
    tcase_add_test(write, shortest_matches_python);
    tcase_add_test(write, fixed_matches_python);
    tcase_add_test(write, agrees_with_the_c_library);
    tcase_add_test(write, shortest_is_shortest);
    tcase_add_test(write, writers_know_what_is_not_finite);
    tcase_add_test(write, the_longest_fits);
    tcase_add_loop_test(write, integers_are_written, 0, sizeof integers / sizeof integers[0]);
    tcase_add_test(write, writers_ignore_the_rounding_mode);
    tcase_set_timeout(write, 60);
    suite_add_tcase(suite, write);
    return suite;
}
