/* SPDX-License-Identifier: Apache-2.0 */
/* A struct array of the Arrow C data interface as columns: proved first, then copied into one block of scratch. */
#include <gex/arrow.h>

#include <math.h>
#include <string.h>

#include "base/civil.h"
#include "chain.h"

enum what { TEXT, DATE, INSTANT, CODE, REAL };

struct field {
    const char *name;
    enum what   what;
    size_t      at; /* in gex_chain_columns */
};
#define FIELD(name, what) {#name, what, offsetof(gex_chain_columns, name)}
static const struct field fields[] = {
    FIELD(symbol, TEXT),        FIELD(root, TEXT),     FIELD(expiry, DATE),   FIELD(settlement, INSTANT),
    FIELD(strike, REAL),        FIELD(right, CODE),    FIELD(exercise, CODE), FIELD(payoff, CODE),
    FIELD(multiplier, REAL),    FIELD(bid, REAL),      FIELD(ask, REAL),      FIELD(last, REAL),
    FIELD(vol, REAL),           FIELD(open_interest, REAL), FIELD(volume, REAL),
};
enum { FIELDS = sizeof fields / sizeof *fields, TEXT_MOST = 64, UNKNOWN_CODE = 127 };

/* A child that is a known column. Value i of it is number first + i of its buffers. */
struct column {
    const struct field *field; /* NULL: absent */
    char                type;  /* first letter of the format; 'D', 'T' for dates of days and of milliseconds */
    int64_t             tick;  /* of an instant, ns */
    int64_t             first;
    const uint8_t      *valid; /* bits; NULL: all are */
    const char         *data;  /* values, or bytes of texts */
    const char         *ends;  /* of texts */
    int64_t             width; /* bytes of a value copied */
};

struct table {
    int64_t        rows, first;
    const uint8_t *valid; /* of rows */
    struct column  columns[FIELDS];
};

/* ---- one value --------------------------------------------------------------------------------------------------- */

static bool is_valid(const uint8_t *bits, int64_t i)
{
    return bits == NULL || (bits[i / 8] >> (i % 8) & 1) != 0;
}

static bool has_value(const struct table *table, const struct column *column, int64_t i)
{
    return is_valid(table->valid, table->first + i) && is_valid(column->valid, column->first + i);
}

#define TAKE(letter, kind)                                                    \
    case letter: {                                                            \
        kind value;                                                           \
        memcpy(&value, data + i * (int64_t)sizeof value, sizeof value);       \
        return (int64_t)value;                                                \
    }

/* An integer of any width; a uint64 beyond INT64_MAX is that. */
static int64_t integer_at(char type, const char *data, int64_t i)
{
    uint64_t wide;

    switch (type) {
    TAKE('c', int8_t)
    TAKE('C', uint8_t)
    TAKE('s', int16_t)
    TAKE('S', uint16_t)
    TAKE('i', int32_t)
    TAKE('I', uint32_t)
    TAKE('D', int32_t)
    TAKE('l', int64_t)
    TAKE('T', int64_t)
    default:
        memcpy(&wide, data + i * (int64_t)sizeof wide, sizeof wide);
        return wide > INT64_MAX ? INT64_MAX : (int64_t)wide;
    }
}

static double real_at(const struct column *column, int64_t i)
{
    const int64_t exact = INT64_C(1) << 53;
    int64_t whole;
    double value;
    float narrow;

    if (column->type == 'g') {
        memcpy(&value, column->data + i * (int64_t)sizeof value, sizeof value);
        return value;
    }
    if (column->type == 'f') {
        memcpy(&narrow, column->data + i * (int64_t)sizeof narrow, sizeof narrow);
        return (double)narrow;
    }
    whole = integer_at(column->type, column->data, i);
    return whole >= -exact && whole <= exact ? (double)whole : (double)NAN;
}

/* yyyymmdd; what is no date of our years is -1, which names none either. */
static int32_t date_at(const struct column *column, int64_t i)
{
    const int64_t most = 200000, day_ms = GEX_DAY / 1000000; /* days of more than 500 years */
    int64_t value = integer_at(column->type, column->data, i);

    if (column->type == 'T')
        value = value / day_ms - (value % day_ms < 0 ? 1 : 0);
    if (column->type != 'D' && column->type != 'T')
        return value >= 0 && value <= INT32_MAX ? (int32_t)value : -1;
    return value >= -most && value <= most ? gex__yyyymmdd_from_days(value) : -1;
}

/* One out of range is the last instant on its side, and not the one that says nothing. */
static int64_t instant_at(const struct column *column, int64_t i)
{
    const int64_t value = integer_at('l', column->data, i);
    int64_t instant;

    if (!__builtin_mul_overflow(value, column->tick, &instant))
        return instant;
    return value < 0 ? INT64_MIN + 1 : INT64_MAX;
}

static int64_t end_at(const struct column *column, int64_t i)
{
    return integer_at(column->type == 'U' ? 'l' : 'i', column->ends, i);
}

static int64_t text_at(const struct column *column, int64_t i, const char **text_out)
{
    const int64_t begin = end_at(column, i), end = end_at(column, i + 1);

    *text_out = end > begin ? column->data + begin : "";
    return end - begin;
}

static bool is_word(const char *text, int64_t length, const char *word)
{
    if (length != (int64_t)strlen(word))
        return false;
    for (int64_t k = 0; k < length; k++)
        if ((text[k] >= 'A' && text[k] <= 'Z' ? text[k] - 'A' + 'a' : text[k]) != word[k])
            return false;
    return true;
}

static int8_t code_at(const struct column *column, int64_t i)
{
    static const struct {
        size_t at;
        const char *word;
        int8_t code;
    } words[] = {
        {offsetof(gex_chain_columns, right), "c", GEX_CALL},
        {offsetof(gex_chain_columns, right), "p", GEX_PUT},
        {offsetof(gex_chain_columns, right), "call", GEX_CALL},
        {offsetof(gex_chain_columns, right), "put", GEX_PUT},
        {offsetof(gex_chain_columns, exercise), "european", GEX_EXERCISE_EUROPEAN},
        {offsetof(gex_chain_columns, exercise), "american", GEX_EXERCISE_AMERICAN},
        {offsetof(gex_chain_columns, payoff), "vanilla", GEX_PAYOFF_VANILLA},
        {offsetof(gex_chain_columns, payoff), "inverse", GEX_PAYOFF_INVERSE},
    };
    const char *text;
    int64_t value;

    if (column->ends == NULL) {
        value = integer_at(column->type, column->data, i);
        return value >= INT8_MIN && value <= INT8_MAX ? (int8_t)value : UNKNOWN_CODE;
    }
    value = text_at(column, i, &text);
    if (value == 0)
        return 0;
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (words[k].at == column->field->at && is_word(text, value, words[k].word))
            return words[k].code;
    return UNKNOWN_CODE;
}

/* ---- what the producer passed ------------------------------------------------------------------------------------ */

static gex_status misfit(gex_error *error, const char *name, const char *what)
{
    return gex__fail(error, GEX_ERR_FORMAT, -1, "arrow column {s}: {s}", name, what);
}

static bool is_one_of(const char *letters, const char *format)
{
    return format[0] != '\0' && format[1] == '\0' && memchr(letters, format[0], strlen(letters)) != NULL;
}

/* Sets type and tick. @return false where a column of this kind cannot have the format. */
static bool format_take(struct column *column, const char *format)
{
    static const struct {
        const char *head;
        int64_t tick;
    } stamps[] = {{"tss:", GEX_SECOND}, {"tsm:", 1000000}, {"tsu:", 1000}, {"tsn:", 1}};
    const enum what what = column->field->what;

    column->type = format[0];
    column->tick = 1;
    if (is_one_of("uU", format))
        return what == TEXT || what == CODE;
    if (is_one_of("cCsSiIlL", format))
        return what == REAL || what == CODE || what == DATE || (what == INSTANT && format[0] == 'l');
    if (is_one_of("fg", format))
        return what == REAL;
    if (what == DATE && (strcmp(format, "tdD") == 0 || strcmp(format, "tdm") == 0)) {
        column->type = format[2] == 'D' ? 'D' : 'T';
        return true;
    }
    for (size_t k = 0; what == INSTANT && k < sizeof stamps / sizeof *stamps; k++)
        if (strncmp(format, stamps[k].head, 4) == 0 && format[4] != '\0') {
            column->tick = stamps[k].tick;
            return true;
        }
    return false;
}

/* Buffers there, and long enough by what the array says. `rows` of it from `first` on are read. */
static gex_status array_check(const struct ArrowArray *array, const char *name, int64_t buffers, int64_t first,
                              int64_t rows, gex_error *error)
{
    int64_t end, bytes;

    if (array->release == NULL)
        return misfit(error, name, "the array was released");
    if (array->length < 0 || array->offset < 0 || array->null_count < -1 ||
        __builtin_add_overflow(array->length, array->offset, &end) || __builtin_mul_overflow(end, 8, &bytes) ||
        __builtin_add_overflow(bytes, 8, &bytes))
        return misfit(error, name, "length, offset or null_count cannot be");
    if (array->length < first + rows)
        return misfit(error, name, "shorter than the struct it is in");
    if (array->n_buffers != buffers || array->buffers == NULL)
        return misfit(error, name, "number of buffers is not that of its type");
    if (array->null_count > 0 && array->buffers[0] == NULL)
        return misfit(error, name, "nulls without a validity bitmap");
    return GEX_OK;
}

/* Texts follow one another. Sets width, of the longest. */
static gex_status texts_check(struct column *column, int64_t rows, gex_error *error)
{
    int64_t end = end_at(column, column->first), longest = 1;

    if (end < 0)
        return gex__fail(error, GEX_ERR_FORMAT, 0, "arrow column {s}: offset {i} of a text", column->field->name, end);
    for (int64_t i = 0; i < rows; i++) {
        const int64_t begin = end;

        end = end_at(column, column->first + i + 1);
        if (end < begin || (end > begin && column->data == NULL))
            return gex__fail(error, GEX_ERR_FORMAT, i, "arrow column {s}: text from byte {i} to {i}",
                             column->field->name, begin, end);
        longest = end - begin > longest ? end - begin : longest;
    }
    if (column->field->what == TEXT)
        column->width = longest < TEXT_MOST ? longest : TEXT_MOST;
    return GEX_OK;
}

static gex_status column_take(struct table *table, const struct field *field, const struct ArrowSchema *schema,
                              const struct ArrowArray *array, gex_error *error)
{
    static const int64_t widths[] = {[DATE] = 4, [INSTANT] = 8, [CODE] = 1, [REAL] = 8};
    struct column *column = &table->columns[field - fields];
    bool text;
    gex_status status;

    if (column->field != NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "arrow column {s} stands twice", field->name);
    if (schema->dictionary != NULL || array->dictionary != NULL)
        return gex__fail(error, GEX_ERR_UNSUPPORTED, -1, "arrow column {s} is dictionary-encoded: decode it first",
                         field->name);
    if (strcmp(schema->format, "n") == 0)
        return GEX_OK;
    column->field = field;
    if (!format_take(column, schema->format))
        return gex__fail(error, GEX_ERR_UNSUPPORTED, -1,
                         "arrow column {s} of format {s}: types are listed in gex/arrow.h{s}", field->name,
                         schema->format,
                         strncmp(schema->format, "ts", 2) == 0 ? "; a timestamp needs a time zone" : "");
    text = column->type == 'u' || column->type == 'U';
    status = array_check(array, field->name, text ? 3 : 2, table->first, table->rows, error);
    if (status != GEX_OK)
        return status;
    if (table->rows > 0 && array->buffers[1] == NULL)
        return misfit(error, field->name, "no buffer of values");
    column->first = array->offset + table->first;
    column->valid = array->buffers[0];
    column->data = array->buffers[text ? 2 : 1];
    column->ends = text ? array->buffers[1] : NULL;
    column->width = field->what == TEXT ? 1 : widths[field->what];
    return text && table->rows > 0 ? texts_check(column, table->rows, error) : GEX_OK;
}

static const struct field *field_find(const char *name)
{
    for (size_t k = 0; name != NULL && k < FIELDS; k++)
        if (strcmp(name, fields[k].name) == 0)
            return &fields[k];
    return NULL;
}

static gex_status table_take(struct table *table, const struct ArrowSchema *schema, const struct ArrowArray *array,
                             gex_error *error)
{
    gex_status status;

    if (schema->release == NULL || array->release == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "the arrow {s} was released",
                         schema->release == NULL ? "schema" : "array");
    if (schema->format == NULL || strcmp(schema->format, "+s") != 0)
        return gex__fail(error, GEX_ERR_UNSUPPORTED, -1, "arrow format {s}: a struct, +s, has the columns",
                         schema->format != NULL ? schema->format : "NULL");
    status = array_check(array, "struct", 1, 0, 0, error);
    if (status != GEX_OK)
        return status;
    if (array->length > GEX_MAX_ROWS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "rows is {i}: 0 to 2^40 are possible", array->length);
    if (schema->n_children < 0 || array->n_children != schema->n_children ||
        (schema->n_children > 0 && (schema->children == NULL || array->children == NULL)))
        return gex__fail(error, GEX_ERR_FORMAT, -1, "arrow schema of {i} columns, array of {i}", schema->n_children,
                         array->n_children);
    table->rows = array->length;
    table->first = array->offset;
    table->valid = array->buffers[0];
    for (int64_t k = 0; k < schema->n_children; k++) {
        const struct field *field;

        if (schema->children[k] == NULL || array->children[k] == NULL || schema->children[k]->release == NULL ||
            schema->children[k]->format == NULL)
            return gex__fail(error, GEX_ERR_FORMAT, -1,
                             "arrow column {i} has no array, no format or a released schema", k);
        field = field_find(schema->children[k]->name);
        if (field != NULL)
            status = column_take(table, field, schema->children[k], array->children[k], error);
        if (status != GEX_OK)
            return status;
    }
    return GEX_OK;
}

/* ---- copied ------------------------------------------------------------------------------------------------------ */

/* A text that is cut ends in what no symbol ends in. */
static void text_put(const struct column *column, int64_t i, char *to)
{
    const char *text;
    const int64_t length = text_at(column, i, &text), kept = length < column->width ? length : column->width;

    memcpy(to, text, (size_t)kept);
    if (kept < length)
        to[kept - 1] = '?';
}

static void column_copy(const struct table *table, const struct column *column, char *to)
{
    const enum what what = column->field->what;

    for (int64_t i = 0; i < table->rows; i++, to += column->width) {
        const bool has = has_value(table, column, i);
        const int64_t k = column->first + i;
        const double real = what == REAL && has ? real_at(column, k) : (double)NAN;
        const int64_t instant = what == INSTANT && has ? instant_at(column, k) : GEX_NO_SETTLEMENT;

        memset(to, 0, (size_t)column->width);
        if (what == REAL)
            memcpy(to, &real, sizeof real);
        else if (what == INSTANT)
            memcpy(to, &instant, sizeof instant);
        else if (what == DATE && has)
            memcpy(to, &(int32_t){date_at(column, k)}, sizeof(int32_t));
        else if (what == CODE && has)
            memcpy(to, &(int8_t){code_at(column, k)}, 1);
        else if (what == TEXT && has)
            text_put(column, k, to);
    }
}

/* Every kind of column is a pointer and a stride; a text has its width behind them. */
static void column_set(gex_chain_columns *columns, const struct column *column, const char *data)
{
    const gex_text text = {data, column->width, column->width};
    const size_t size = column->field->what == TEXT ? sizeof text : offsetof(gex_text, width);

    memcpy((char *)columns + column->field->at, &text, size);
}
_Static_assert(offsetof(gex_text, width) == sizeof(gex_f64) && sizeof(gex_f64) == sizeof(gex_i8), "one shape");

gex_status gex_chain_from_arrow(const gex_context *context, const struct ArrowSchema *schema,
                                const struct ArrowArray *array, const gex_chain_options *options, gex_chain **out,
                                gex_error *error)
{
    const struct gex__memory memory = gex__memory_of(context);
    struct table table = {.rows = 0};
    struct gex__layout layout = {.size = 0};
    int64_t offset[FIELDS] = {0};
    gex_chain_columns columns;
    struct gex__guest guest;
    char *scratch;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || schema == NULL || array == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "schema, array and out are required");
    status = table_take(&table, schema, array, error);
    if (status != GEX_OK)
        return status;
    for (size_t k = 0; k < FIELDS; k++)
        if (table.columns[k].field != NULL)
            offset[k] = gex__layout_add(&layout, table.rows, table.columns[k].width);
    scratch = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);
    if (scratch == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory to read {i} rows", table.rows);
    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = table.rows;
    gex__guest_enter(&guest);
    for (size_t k = 0; k < FIELDS; k++)
        if (table.columns[k].field != NULL) {
            column_copy(&table, &table.columns[k], scratch + offset[k]);
            column_set(&columns, &table.columns[k], scratch + offset[k]);
        }
    gex__guest_leave(&guest);
    status = gex_chain_create(context, &columns, options, out, error);
    gex__memory_put(&memory, scratch, layout.size);
    return status;
}
