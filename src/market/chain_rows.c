/* SPDX-License-Identifier: Apache-2.0 */
/* One row of a chain: what its columns name, and whether that can be a contract. */
#include <math.h>
#include <string.h>

#include <gex/clock.h>

#include "base/civil.h"
#include "chain.h"
#include "roots.h"

static const double none = (double)NAN;

/* What the columns say of a series, before it is judged. */
struct named {
    char    root[GEX_ROOT_MAX];
    int64_t root_length;
    int64_t settlement; /* GEX_NO_SETTLEMENT: follows from the date */
    double  strike;
    int32_t date; /* 0: not given */
    int8_t  right;
    bool    has_strike, has_right;
    bool    garbled; /* a text that was needed is not understood */
    int8_t  venue, payoff; /* of the symbol */
};

/* Facts of a root and the settlement of one of its dates. */
struct listing {
    char     root[GEX_ROOT_MAX];
    int32_t  date;
    bool     known, understood;
    int8_t   exercise, venue;
    uint32_t flags;
    int64_t  settlement; /* GEX_NO_SETTLEMENT when there is no date */
    double   multiplier;
};

enum { LISTINGS = 128, LISTING_BITS = 7 };
/* Chains come expiry by expiry, so a small direct-mapped table answers nearly every row; what falls out of it is worked
 * out again, to the same result. */
struct listings {
    int32_t        roots; /* GEX_ROOTS_OF_*: whose they are */
    struct listing slot[LISTINGS];
};

/* ---- what the columns say ------------------------------------------------------------------------------------- */

/* A text that is no symbol says nothing. */
static void read_symbol(gex_text column, int64_t i, struct named *named)
{
    gex_series series = {.struct_size = sizeof series};
    const char *text;
    const int64_t length = gex__text_at(column, i, &text);

    if (gex_symbol_parse(text, length, &series, NULL) != GEX_OK)
        return;
    named->root_length = (int64_t)strlen(series.root);
    memcpy(named->root, series.root, (size_t)named->root_length);
    named->date = series.expiry;
    named->strike = series.strike;
    named->right = series.right;
    named->venue = (int8_t)series.venue;
    named->payoff = (int8_t)series.payoff;
    named->has_strike = named->has_right = true;
}

/* @return false when the text is too long to be a root. An empty one says nothing; blanks at its end are padding. */
static bool read_root(gex_text column, int64_t i, struct named *named)
{
    const char *text;
    int64_t length = gex__text_at(column, i, &text);

    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length >= GEX_ROOT_MAX)
        return false;
    if (length > 0) {
        memset(named->root, 0, sizeof named->root);
        memcpy(named->root, text, (size_t)length);
        named->root_length = length;
    }
    return true;
}

static void read_series(const gex_chain_columns *c, int64_t i, struct named *named)
{
    bool root;

    if (c->symbol.data != NULL)
        read_symbol(c->symbol, i, named);
    root = c->root.data == NULL || read_root(c->root, i, named);

    if (c->strike.data != NULL) {
        named->strike = gex__f64_at(c->strike, i);
        named->has_strike = true;
    }
    if (c->right.data != NULL) {
        named->right = gex__i8_at(c->right, i);
        named->has_right = true;
    }
    if (c->expiry.data != NULL && gex__i32_at(c->expiry, i) != 0)
        named->date = gex__i32_at(c->expiry, i);
    if (c->settlement.data != NULL)
        named->settlement = gex__i64_at(c->settlement, i);
    /* A symbol that is not understood is only a label when the columns beside it say everything. A root says when its
     * date settles, so without a settlement it is needed, unless the caller has no roots at all. */
    named->garbled = !root || !named->has_strike || !named->has_right ||
                     (named->settlement == GEX_NO_SETTLEMENT &&
                      (named->date == 0 || (named->root_length == 0 &&
                                            (c->symbol.data != NULL || c->root.data != NULL))));
}

/* ---- what the root says --------------------------------------------------------------------------------------- */

static struct listing *listing_slot(struct listings *listings, const char *root, int32_t date)
{
    uint64_t words[GEX_ROOT_MAX / sizeof(uint64_t)], hash;

    memcpy(words, root, sizeof words);
    hash = (words[0] ^ (words[1] << 1) ^ ((uint64_t)(uint32_t)date << 32)) * UINT64_C(0x9e3779b97f4a7c15);
    return &listings->slot[hash >> (64 - LISTING_BITS)];
}
_Static_assert(LISTINGS == 1 << LISTING_BITS, "the top bits of the hash are a slot");

static void listing_fill(struct listing *listing, const struct named *named, int32_t date)
{
    const gex_root facts = gex__root_facts(named->root, named->root_length);
    const bool nameless = named->root_length == 0; /* settles as an unknown root does */

    memcpy(listing->root, named->root, sizeof listing->root);
    listing->date = date;
    listing->known = true;
    listing->settlement = GEX_NO_SETTLEMENT;
    listing->flags = 0;
    listing->understood = date == 0 || gex_settlement(nameless ? "?" : named->root, nameless ? 1 : named->root_length,
                                                      date, &listing->settlement, &listing->flags, NULL) == GEX_OK;
    listing->flags |= facts.flags;
    listing->exercise = (int8_t)facts.exercise;
    listing->multiplier = facts.multiplier;
}

/* The hour is not told: a series is understood by its settlement alone. */
static void listing_fill_future(struct listing *listing, const struct named *named, int32_t date)
{
    const gex_root facts = gex__future_facts(named->root, named->root_length);

    memcpy(listing->root, named->root, sizeof listing->root);
    listing->date = date;
    listing->known = true;
    listing->settlement = GEX_NO_SETTLEMENT;
    listing->flags = facts.flags;
    listing->understood = date == 0;
    listing->exercise = (int8_t)facts.exercise;
    listing->multiplier = facts.multiplier;
}

/* Whatever the root: a coin's is no US root, though an exchange-traded fund may have the same letters. */
static void listing_fill_deribit(struct listing *listing, const struct named *named, int32_t date)
{
    memcpy(listing->root, named->root, sizeof listing->root);
    listing->date = date;
    listing->known = true;
    listing->settlement = GEX_NO_SETTLEMENT;
    listing->flags = 0;
    listing->understood =
        date == 0 || gex_settlement_by(GEX_SETTLE_0800_UTC, date, &listing->settlement, NULL, NULL) == GEX_OK;
    listing->exercise = GEX_EXERCISE_EUROPEAN;
    listing->multiplier = 1.0;
}

/* date 0: the settlement is not asked for. */
static const struct listing *listing_of(struct listings *listings, const struct named *named, int32_t date)
{
    struct listing *listing = listing_slot(listings, named->root, date);

    if (!listing->known || listing->date != date || listing->venue != named->venue ||
        memcmp(listing->root, named->root, sizeof listing->root) != 0) {
        if (named->venue == GEX_VENUE_DERIBIT)
            listing_fill_deribit(listing, named, date);
        else if (listings->roots == GEX_ROOTS_OF_FUTURES)
            listing_fill_future(listing, named, date);
        else
            listing_fill(listing, named, date);
        listing->venue = named->venue;
    }
    return listing;
}

/* ---- the row -------------------------------------------------------------------------------------------------- */

static double f64_or(gex_f64 column, int64_t i, double absent)
{
    return column.data != NULL ? gex__f64_at(column, i) : absent;
}

/* The caller's code, or `usual` where the column is absent or says 0. */
static int8_t code_or(gex_i8 column, int64_t i, int8_t usual)
{
    const int8_t code = column.data != NULL ? gex__i8_at(column, i) : 0;
    return code != 0 ? code : usual;
}

uint32_t gex__chain_quote_flags(double bid, double ask)
{
    const bool has_bid = isfinite(bid) && bid > 0.0, has_ask = isfinite(ask) && ask > 0.0;

    if (!has_bid && !has_ask)
        return GEX_FLAG_NO_QUOTE;
    if (!has_bid || !has_ask)
        return GEX_FLAG_ONE_SIDED;
    return bid > ask ? GEX_FLAG_CROSSED : 0;
}

/* The smallest status that applies. sized: a column or the root says how large a contract is. */
static uint8_t series_status(const struct gex_chain *chain, int64_t i, const struct named *named, bool understood,
                             bool sized)
{
    if (named->has_strike && !(isfinite(named->strike) && named->strike > 0.0))
        return GEX_ROW_BAD_STRIKE;
    if (named->has_right && named->right != GEX_CALL && named->right != GEX_PUT)
        return GEX_ROW_BAD_RIGHT;
    if (named->garbled || !understood)
        return GEX_ROW_BAD_SYMBOL;
    if (sized && !(isfinite(chain->multiplier[i]) && chain->multiplier[i] > 0.0))
        return GEX_ROW_NOT_FINITE;
    if (!sized ||
        (chain->exercise[i] != GEX_EXERCISE_EUROPEAN && chain->exercise[i] != GEX_EXERCISE_AMERICAN) ||
        (chain->payoff[i] != GEX_PAYOFF_VANILLA && chain->payoff[i] != GEX_PAYOFF_INVERSE) ||
        (chain->flags[i] & GEX_FLAG_ADJUSTED_ROOT) != 0)
        return GEX_ROW_UNSUPPORTED;
    return GEX_ROW_USED;
}

void gex__chain_refuse(struct gex_chain *chain, int64_t i, uint8_t status)
{
    chain->status[i] = status;
    chain->strike[i] = chain->multiplier[i] = none;
    chain->right[i] = chain->exercise[i] = chain->payoff[i] = 0;
    chain->settlement[i] = GEX_NO_SETTLEMENT;
    chain->date[i] = 0;
    memset(chain->root[i], 0, sizeof chain->root[i]);
    chain->expiry_index[i] = chain->strike_index[i] = -1;
}

/* Where only the settlement was given, New York's date of it. */
static int32_t listed_date(const struct named *named)
{
    int64_t days;

    if (named->settlement == GEX_NO_SETTLEMENT || gex__days_from_yyyymmdd(named->date, &days))
        return named->date;
    return gex_instant_date(named->settlement, GEX_ZONE_NEW_YORK);
}

static void judge_series(struct gex_chain *chain, const gex_chain_columns *c, int64_t i, struct listings *listings)
{
    static const struct listing unknown = {.multiplier = 1.0};
    struct named named = {.settlement = GEX_NO_SETTLEMENT};
    const struct listing *listing = &unknown;
    uint8_t status;

    read_series(c, i, &named);
    if (!named.garbled)
        listing = listing_of(listings, &named, named.settlement == GEX_NO_SETTLEMENT ? named.date : 0);
    chain->flags[i] |= listing->flags;
    chain->strike[i] = named.strike;
    chain->right[i] = named.right;
    chain->settlement[i] = named.settlement != GEX_NO_SETTLEMENT ? named.settlement : listing->settlement;
    chain->multiplier[i] = f64_or(c->multiplier, i, listing->multiplier);
    chain->exercise[i] = code_or(c->exercise, i, listing->exercise);
    chain->payoff[i] = code_or(c->payoff, i, named.payoff != 0 ? named.payoff : GEX_PAYOFF_VANILLA);
    memcpy(chain->root[i], named.root, sizeof named.root);
    status = series_status(chain, i, &named, listing->understood,
                           c->multiplier.data != NULL || !isnan(listing->multiplier));
    chain->status[i] = status;
    if (status != GEX_ROW_USED)
        gex__chain_refuse(chain, i, status);
    else
        chain->date[i] = listed_date(&named);
}

void gex__chain_judge(struct gex_chain *chain, const gex_chain_columns *columns, int32_t roots)
{
    const gex_chain_columns *c = columns;
    struct listings listings = {.roots = roots};

    for (int64_t i = 0; i < chain->rows; i++) {
        chain->bid[i] = f64_or(c->bid, i, none);
        chain->ask[i] = f64_or(c->ask, i, none);
        chain->last[i] = f64_or(c->last, i, none);
        chain->vol[i] = f64_or(c->vol, i, 0.0);
        chain->open_interest[i] = f64_or(c->open_interest, i, 0.0);
        chain->volume[i] = f64_or(c->volume, i, 0.0);
        chain->flags[i] = gex__chain_quote_flags(chain->bid[i], chain->ask[i]);
        judge_series(chain, c, i, &listings);
        if (chain->symbol != NULL) {
            const char *text;
            const int64_t length = gex__text_at(c->symbol, i, &text);
            memcpy(chain->symbol + i * chain->symbol_width, text, (size_t)length);
        }
    }
}
