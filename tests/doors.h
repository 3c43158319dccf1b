/* SPDX-License-Identifier: Apache-2.0 */
/* Every public function once, called as a user would call it:
 * what suites that ask the same of all of them loop over. */
#ifndef GEX_TESTS_DOORS_H
#define GEX_TESTS_DOORS_H

#include <gex.h>

enum { WORLD_ROWS = 84, WORLD_FLOWS = 3, WORLD_MEMBERS = 2 };
#define WORLD_CLOSE INT64_C(1694721600000000000) /* 2023-09-14 16:00 in New York, after the world's instant */

/* One small market with every kind of row in it, and one object of each kind made from it. */
struct world {
    gex_chain_columns columns;
    char              root[WORLD_ROWS][8];
    int32_t           expiry[WORLD_ROWS], surface_expiry[WORLD_ROWS];
    double            strike[WORLD_ROWS], bid[WORLD_ROWS], ask[WORLD_ROWS], vol[WORLD_ROWS];
    double            open_interest[WORLD_ROWS], volume[WORLD_ROWS], years[WORLD_ROWS], price[WORLD_ROWS];
    int8_t            right[WORLD_ROWS];
    int32_t           closed[3], early[2];
    int64_t           events[2];
    double            event_units[2];
    int64_t           quoted_at[WORLD_ROWS];
    double            spots[WORLD_FLOWS], shifts[WORLD_FLOWS];
    int64_t           instants[WORLD_FLOWS];

    const gex_market *member_market[WORLD_MEMBERS];
    const gex_book   *member_book[WORLD_MEMBERS];

    int64_t       as_of, quote_rows; /* quote_rows: the well-formed rows, first */
    double        spot, paid[2];  /* at each of two ex-dates, before the American rows expire */
    int64_t       paid_at[2];
    gex_feed     *feed;
    gex_calendar *calendar;
    gex_chain    *chain;
    gex_market   *market;
    gex_quotes   *quotes;
    gex_book     *book;
    gex_greeks   *greeks;
    gex_exposure *exposure;
    gex_grouping *grouping;
    gex_profile  *profile;
    gex_flips    *flips;
    gex_horizons *horizons;
    gex_flow     *flow;
    gex_field    *field;
    gex_crossings *crossings; /* of field */
    gex_cliffs   *cliffs;
    gex_forced   *forced;
    gex_map      *map;
    gex_robustness *robustness;
    gex_uncertainty *uncertainty; /* of book */
    gex_bands    *profile_bands, *path_bands;
    gex_flip_bands *flip_bands;     /* of profile_bands */
    gex_regime_path *regime_path;   /* of path_bands */
    gex_market   *moved;        /* of market, along its smile */
    gex_greeks   *moved_greeks; /* of moved */
    gex_change   *change;       /* from market to moved */
    gex_difference *difference; /* likewise */

    gex_basket          *basket; /* market and book twice */
    gex_basket_exposure *basket_exposure;
    gex_combo           *combo;
    gex_dispersion      *dispersion;

    gex_surface        *raw, *svi, *ssvi, *mixture;
    gex_surface_report *report; /* of raw */
};

/* @return GEX_OK, or what the first call that failed returned; world_close() is right after either. */
gex_status world_open(struct world *world, const gex_context *context, gex_error *error);
void       world_close(struct world *world);

/* Options as the world uses them, for suites that vary one field. */
gex_calendar_options world_calendar_options(const struct world *world);
gex_market_options   world_market_options(const struct world *world);
gex_quotes_options   world_quotes_options(const struct world *world);
gex_book_options     world_book_options(void);
gex_exposure_options world_exposure_options(void);
gex_grouping_options world_grouping_options(void);
gex_profile_options  world_profile_options(void);
gex_robustness_options world_robustness_options(void);
gex_map_options      world_map_options(const struct world *world);
gex_uncertainty_options world_uncertainty_options(const gex_f64 *loading); /* one factor */
gex_bands_options    world_bands_options(const struct world *world);
gex_flow_options     world_flow_options(const struct world *world);
gex_cliffs_options   world_cliffs_options(void);
gex_field_options    world_field_options(const struct world *world);
gex_difference_options world_difference_options(void);
gex_raw_columns      world_raw_columns(const struct world *world);
gex_svi_columns      world_svi_columns(void);
gex_ssvi_columns     world_ssvi_columns(void);
gex_mixture_columns  world_mixture_columns(void);

gex_basket_columns     world_basket_columns(const struct world *world);
gex_dispersion_options world_dispersion_options(const struct world *world);
gex_live_options     world_live_options(void);
gex_shift_options    world_shift_options(const struct world *world);
gex_split_columns    world_split_columns(const struct world *world);

extern const char world_csv[]; /* a neutral table, of world_csv_length bytes */
extern const int64_t world_csv_length;

/* What a call came to. */
struct answer {
    gex_status  status;
    const void *left;   /* what stood in `out` after a failure: has to be NULL */
    uint64_t    digest; /* of every bit of the result */
};

struct door {
    const char *name;
    struct answer (*call)(const gex_context *context, const struct world *world, gex_error *error);
};
extern const struct door doors[]; /* those that take a context come first */
extern const int64_t     context_door_count, door_count;

/* Bits of a result, FNV-1a. */
uint64_t digest_bytes(uint64_t digest, const void *bytes, int64_t length);
uint64_t digest_chain(const gex_chain *chain);
uint64_t digest_market(const gex_market *market);
uint64_t digest_quotes(const gex_quotes *quotes);
uint64_t digest_exposure(const gex_exposure *exposure);
uint64_t digest_grouping(const gex_grouping *grouping);
uint64_t digest_flips(const gex_flips *flips);
uint64_t digest_flow(const gex_flow *flow);
uint64_t digest_change(const gex_change *change);
uint64_t digest_difference(const gex_difference *difference);
uint64_t digest_field(const gex_field *field);
uint64_t digest_robustness(const gex_robustness *robustness);
uint64_t digest_map(const gex_map *map);
uint64_t digest_surface(const gex_surface *surface);
uint64_t digest_surface_report(const gex_surface_report *report, int64_t expiries);

/* A gex_write that digests what it is given; user is a uint64_t. */
int32_t digest_write(void *user, const char *bytes, int64_t length);

#endif
