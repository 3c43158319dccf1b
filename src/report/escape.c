/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of the caller inside JSON, XML, CSV and a terminal: nothing they hold can break the form around them. */
#include "writer.h"

enum { REPLACEMENT = 0xFFFD };

/* Table 3-7 of the Unicode Standard: the second byte has a narrower range after E0, ED, F0 and F4. */
static int64_t sequence_length(unsigned char first, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xBF;
    if (first >= 0xC2 && first <= 0xDF)
        return 2;
    if (first >= 0xE0 && first <= 0xEF) {
        if (first == 0xE0)
            *low = 0xA0;
        if (first == 0xED)
            *high = 0x9F;
        return 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if (first == 0xF0)
            *low = 0x90;
        if (first == 0xF4)
            *high = 0x8F;
        return 4;
    }
    return 0;
}

int64_t gex__utf8_next(const char *text, int64_t length, uint32_t *code_out)
{
    const unsigned char *bytes = (const unsigned char *)text;
    unsigned char low, high;
    int64_t size;
    uint32_t code;

    *code_out = REPLACEMENT;
    if (bytes[0] < 0x80) {
        *code_out = bytes[0];
        return 1;
    }
    size = sequence_length(bytes[0], &low, &high);
    if (size == 0 || size > length || bytes[1] < low || bytes[1] > high)
        return 1;
    code = (uint32_t)(bytes[0] & (0xFF >> (size + 1)));
    for (int64_t i = 1; i < size; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 1;
        code = code << 6 | (bytes[i] & 0x3F);
    }
    *code_out = code;
    return size;
}

int64_t gex__utf8_length(const char *text)
{
    int64_t points = 0;

    for (; *text != '\0'; text++)
        points += ((unsigned char)*text & 0xC0) != 0x80;
    return points;
}

/* The bytes as they came, or U+FFFD where they are not UTF-8. */
static void put_code(struct gex__writer *writer, const char *text, int64_t size, uint32_t code)
{
    if (code == REPLACEMENT)
        gex__put_bytes(writer, "\xEF\xBF\xBD", 3);
    else
        gex__put_bytes(writer, text, size);
}

void gex__put_json_string(struct gex__writer *writer, const char *text, int64_t length)
{
    static const char digits[] = "0123456789abcdef";
    uint32_t code;
    int64_t size;

    gex__put_bytes(writer, "\"", 1);
    for (int64_t i = 0; i < length; i += size) {
        size = gex__utf8_next(text + i, length - i, &code);
        if (code == '"' || code == '\\') {
            gex__put_bytes(writer, "\\", 1);
            gex__put_bytes(writer, text + i, 1);
        } else if (code < 0x20 || code == 0x7F) {
            const char escape[6] = {'\\', 'u', '0', '0', digits[code >> 4], digits[code & 15]};
            gex__put_bytes(writer, escape, 6);
        } else {
            put_code(writer, text + i, size, code);
        }
    }
    gex__put_bytes(writer, "\"", 1);
}

/* XML 1.0 has no way to write most control characters, nor U+FFFE and U+FFFF: they become U+FFFD. */
void gex__put_xml_text(struct gex__writer *writer, const char *text, int64_t length)
{
    uint32_t code;
    int64_t size;

    for (int64_t i = 0; i < length; i += size) {
        size = gex__utf8_next(text + i, length - i, &code);
        switch (code) {
        case '&': gex__put_text(writer, "&amp;"); break;
        case '<': gex__put_text(writer, "&lt;"); break;
        case '>': gex__put_text(writer, "&gt;"); break;
        case '"': gex__put_text(writer, "&quot;"); break;
        default:
            put_code(writer, text + i, size, code < 0x20 || code == 0xFFFE || code == 0xFFFF ? REPLACEMENT : code);
        }
    }
}

/* RFC 4180: quoted when it holds a comma, a quote or a line end; quotes doubled. Bytes stay as they are. */
void gex__put_csv_cell(struct gex__writer *writer, const char *text, int64_t length)
{
    bool quoted = false;

    for (int64_t i = 0; i < length; i++)
        quoted = quoted || text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
    if (!quoted) {
        gex__put_bytes(writer, text, length);
        return;
    }
    gex__put_bytes(writer, "\"", 1);
    for (int64_t i = 0; i < length; i++) {
        if (text[i] == '"')
            gex__put_bytes(writer, "\"", 1);
        gex__put_bytes(writer, text + i, 1);
    }
    gex__put_bytes(writer, "\"", 1);
}

/* A terminal obeys control characters, C1 ones included: they become blanks. */
void gex__put_plain_text(struct gex__writer *writer, const char *text, int64_t length)
{
    uint32_t code;
    int64_t size;

    for (int64_t i = 0; i < length; i += size) {
        size = gex__utf8_next(text + i, length - i, &code);
        if (code < 0x20 || (code >= 0x7F && code < 0xA0))
            gex__put_bytes(writer, " ", 1);
        else
            put_code(writer, text + i, size, code);
    }
}
