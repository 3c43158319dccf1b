/* SPDX-License-Identifier: Apache-2.0 */
/* gex.hpp: the worked chain of docs/conventions.md, ownership, and both ways to fail. Built as C++11 to 20, and without
 * exceptions. A tolerance is half the last printed digit. */
#include "worked.hpp"

#include <cmath>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

void check_numbers(const gex::market_ref &market, const gex::book_ref &naive, const gex::greeks_ref &greeks,
                   const gex::exposure_ref &gamma, const gex::flips_ref &flips, const gex::flow_ref &flow)
{
    near(greeks[GEX_GREEK_DELTA][1], 0.03656416, 8, "delta of A2");
    near(greeks[GEX_GREEK_GAMMA][8], 0.0003231413, 10, "gamma of B5");
    expect(market.years().size() == 2 && market.spot() > 4999, "market");
    expect(std::string(naive.source()) == "NAIVE_CALL_LONG", "source of the book");
    near(gamma.total() / 1e6, -89.4438, 4, "GEX_USD_PCT, naive");
    near(gamma.by(GEX_BY_STRIKE)[3] / 1e6, 570.6309, 4, "GEX_USD_PCT at 5000");
    near(gamma.level(GEX_LEVEL_CALL_WALL_NET), 5025, 0, "call wall");
    expect(std::string(gamma.label()) == "USD per 1 % of spot" && gamma.used() == rows, "label and rows used");
    expect(flips.status() == GEX_ROOTS_FOUND && flips.nearest() >= 0, "a flip is found");
    near(flips.price(flips.nearest()), 5000.1345, 4, "flip");
    expect(flips.direction(flips.nearest()) == GEX_UP, "direction of the flip");
    near(flow[GEX_FLOW_EXACT][0], -1485686.8, 1, "flow at -1 %");
    near(flow[GEX_FLOW_EXACT][1], -1720012.5, 1, "flow at +1 %");
}

gex_field_options worked_field()
{
    static const std::int32_t quantity = GEX_FIELD_FLOW;
    gex_field_options options = gex::field_options();
    options.quantities = &quantity;
    options.quantity_count = 1;
    options.points = 3;
    options.steps = 4;
    return options;
}

void check_field(const gex::field_ref &field)
{
    expect(field.prices().size() == 3 && field.instants().size() == 4 && field.live()[3] == 9, "shape of a field");
    near(field[GEX_FIELD_FLOW][4], 100392.9, 1, "flow of one hour");
    near(field[GEX_FIELD_FLOW][10], 184689.6, 1, "flow to the close");
}

gex_shift_options one_percent_up()
{
    gex_shift_options options = gex::shift_options();
    options.spot = 5050;
    options.vol_shift = 0.01;
    options.dynamics = GEX_DYNAMICS_BETA;
    options.dynamics_parameter = -2;
    return options;
}

/* A market moved, what changed on the way, and total greeks: sticky strike moves nothing by itself. */
void check_moved(gex_error *why, const gex::market &market, const gex::book_ref &naive)
{
    const gex::market moved = market.shift(why, one_percent_up());
    const gex::greeks greeks = gex::greeks::create(why, market), total = greeks.shadow(why);
    const gex::greeks beta = gex::greeks::create(why, moved), beta_total = beta.shadow(why);
    const gex::change change = gex::change::create(why, market, moved, naive);

    expect(why->status == GEX_OK, why->message);
    expect(moved.spot() == 5050 && moved.dynamics() == GEX_DYNAMICS_BETA && moved.dynamics_parameter() == -2, "moved");
    near(moved.vol()[1], market.vol()[1] * (1 - 2 * 0.01) + 0.01, 14, "a volatility moved by beta, then shifted");
    expect(total[GEX_GREEK_DELTA][1] == greeks[GEX_GREEK_DELTA][1], "total delta under sticky strike");
    near(beta_total[GEX_GREEK_DELTA][1],
         beta[GEX_GREEK_DELTA][1] - 2 * beta[GEX_GREEK_VEGA][1] * moved.vol()[1] / 5050, 11, "total delta by beta");
    expect(change.matched() == rows && change.rows()[2] == 2, "every contract is in both");
    near(change[GEX_CHANGE_TOTAL][1], moved.vol()[1] - market.vol()[1], 14, "a change of volatility");
    near(change[GEX_CHANGE_ROLL][1] + change[GEX_CHANGE_SLIDE][1] + change[GEX_CHANGE_SURFACE][1],
         change[GEX_CHANGE_TOTAL][1], 14, "and its parts");
    expect(change.expiry(GEX_CHANGE_EXPIRY_ATM).size() == market.years().size(), "a number an expiry");
    double vega = 0;
    for (double part : change.by(GEX_BY_STRIKE, GEX_CHANGE_VEGA))
        vega += part;
    near(change.total(GEX_CHANGE_VEGA) / vega, 1, 12, "vega of all strikes");
    double error = 0;
    const double stickiness = change.stickiness(&error);
    expect(stickiness != stickiness || error == error, "R, where there is one");
}

/* Ticks, then the same state built anew from what freeze() gives. */
void check_live(gex_error *why, const gex::market_ref &market, const gex::book_ref &naive)
{
    const std::int32_t units[] = {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_DEX_USD};
    gex_live_options options = gex::live_options();
    options.units = gex::column(units);
    options.unit_count = 2;
    gex::live live = gex::live::create(why, market, naive, options);
    near(live.total(GEX_UNIT_GEX_USD_PCT) / 1e6, -89.4438, 4, "a live starts where the market is");
    expect(live.used() == rows && live.refused(GEX_ROW_NO_VOL) == 0, "rows of a live");
    expect(live.set_spot(why, 5010) == GEX_OK && live.set_as_of(why, as_of() + hour) == GEX_OK, "spot and instant");
    expect(live.set_vol(why, 4, 0.151) == GEX_OK && live.set_quote(why, 5, 10, 11) == GEX_OK, "volatility and quote");
    expect(live.set_position(why, 0, -100) == GEX_OK && live.trade(why, 8, 500) == GEX_OK, "positions");
    gex_live_columns ticks = gex::live_columns();
    const std::int64_t ticked[] = {8, 8};
    const double traded[] = {250, -250};
    ticks.count = 2;
    ticks.row.data = ticked, ticks.row.stride = sizeof *ticked;
    ticks.trade.data = traded, ticks.trade.stride = sizeof *traded;
    expect(live.set_columns(why, ticks) == GEX_OK, "ticks in columns");
    expect(live.reforward(why, market) == GEX_OK && live.refresh(why) == GEX_OK, why->message);
    expect(live.spot() == 5010 && live.vol()[4] == 0.151 && live.positions()[0] == -100, "what was set is shown");
    const std::pair<gex::market, gex::book> frozen = live.freeze(why);
    gex_exposure_options in_usd = gex::exposure_options();
    in_usd.unit = GEX_UNIT_GEX_USD_PCT;
    const gex::exposure anew =
        gex::exposure::create(why, gex::greeks::create(why, frozen.first), frozen.second, in_usd);
    expect(static_cast<bool>(anew) && live.total(in_usd.unit) == anew.total(), "a total as built anew");
    expect(live.by(in_usd.unit, GEX_BY_STRIKE)[3] == anew.by(GEX_BY_STRIKE)[3], "a strike as built anew");
    expect(live.by(in_usd.unit, GEX_BY_STRIKE).size() == market.chain().strikes().size(), "a sum a strike");
    expect(*live.rows(in_usd.unit).data == anew.rows()[0] && live.rows(GEX_UNIT_DAG).data == nullptr, "rows of a unit");
    expect(live.set_spot(why, -1) == GEX_ERR_DOMAIN && live.trade(why, rows, 1) == GEX_ERR_ARGUMENT, "what is refused");
    options.unit_count = 0;
    expect(!gex::live::create(nullptr, market, naive, options), "a live of no unit is refused");
    *why = gex_error();
}

/* What a caller without exceptions writes to. */
struct buffer {
    char bytes[4096];
    std::int64_t length;
    static std::int32_t write(void *user, const char *bytes, std::int64_t length) noexcept
    {
        buffer *mine = static_cast<buffer *>(user);
        for (std::int64_t i = 0; i < length && mine->length < static_cast<std::int64_t>(sizeof mine->bytes); i++)
            mine->bytes[mine->length++] = bytes[i];
        return 0;
    }
};

void check_saved(const gex::chain_ref &chain)
{
    buffer saved = buffer();
    gex_error why = gex_error();
    expect(chain.save(&why, buffer::write, &saved) == GEX_OK && saved.length == chain.save_size(), "saved");
    const gex::chain again = gex::chain::load(&why, saved.bytes, saved.length);
    expect(again.rows() == rows && again.vol()[3] == chain.vol()[3], "loaded as it was");
    expect(!gex::chain::load(&why, saved.bytes, saved.length - 1) && why.status == GEX_ERR_FORMAT, "cut short");
}

void check_snapshot(const gex::market_ref &market, const gex::book_ref &book)
{
    buffer first = buffer(), second = buffer();
    gex_error why = gex_error();
    expect(market.save(&why, buffer::write, &first) == GEX_OK && first.length == market.save_size(), "a market saved");
    expect(book.save(&why, buffer::write, &second) == GEX_OK && second.length == book.save_size(), "a book saved");
    const gex::market again = gex::market::load(&why, first.bytes, first.length);
    const gex::book held = gex::book::load(&why, again.chain(), second.bytes, second.length);
    expect(again.vol()[3] == market.vol()[3] && held.positions()[3] == book.positions()[3], "loaded as they were");
    expect(!gex::market::load(&why, first.bytes, first.length - 1) && why.status == GEX_ERR_FORMAT,
           "a market cut short");
}

/* What works without exceptions. */
void by_create()
{
    gex_error why = gex_error();
    const std::vector<std::int64_t> settlement = settlements();
    gex_exposure_options in_usd = gex::exposure_options();
    gex_profile_options range = gex::profile_options();

    in_usd.unit = range.unit = GEX_UNIT_GEX_USD_PCT;
    gex::chain chain = gex::chain::create(&why, worked_columns(settlement));
    const gex::market market = gex::market::create(&why, chain, worked_market());
    const gex::book naive = gex::book::create(&why, chain, naive_book());
    chain = gex::chain(); /* the market and the book keep it */
    expect(!chain && market.chain().rows() == rows, "a chain let go lives on in its market");
    const gex::greeks greeks = gex::greeks::create(&why, market);
    const gex::exposure gamma = gex::exposure::create(&why, greeks, naive, in_usd);
    const gex::flips flips = gex::flips::create(&why, market, naive, range);
    const gex::flow flow = gex::flow::create(&why, market, naive, worked_flow());
    const gex::profile profile = gex::profile::create(&why, market, naive, range);
    expect(why.status == GEX_OK, why.message);
    check_numbers(market, naive, greeks, gamma, flips, flow);
    check_field(gex::field::create(&why, market, naive, worked_field()));
    expect(profile.prices().size() == 201 && profile.values().size() == 201, "profile");

    gex_calendar_options weights = gex::calendar_options();
    weights.session = 1.5;
    weights.overnight = 0.5;
    gex_market_options timed = worked_market();
    timed.clock = GEX_CLOCK_VARIANCE_CLOCK;
    gex::calendar days = gex::calendar::create(&why, weights);
    timed.calendar = days.get();
    const gex::market varied = gex::market::create(&why, market.chain(), timed);
    days = gex::calendar(); /* the market keeps it */
    expect(varied.expiry_clock()[0] == GEX_CLOCK_VARIANCE_CLOCK && varied.pace()[0] > 1.0, "a market on another clock");
    expect(varied.calendar_vol()[1] == market.vol()[1] && varied.vol()[1] != market.vol()[1],
           "volatilities are restated");
    expect(varied.calendar_years()[0] == market.years()[0], "the calendar stays");

    check_moved(&why, market, naive);
    check_saved(market.chain());
    check_snapshot(market, naive);
    check_live(&why, market, naive);
    const gex::market none = gex::market::create(&why, market.chain(), gex::market_options());
    expect(!none && why.status == GEX_ERR_ARGUMENT && why.message[0] != '\0', "a market without choices is refused");
    gex_chain_columns nameless = gex::chain_columns();
    nameless.rows = 1;
    expect(!gex::chain::create(nullptr, nameless), "a chain without columns is refused");
}

void ownership()
{
    static_assert(!std::is_copy_constructible<gex::chain>::value, "an owner is not copied");
    static_assert(std::is_nothrow_move_constructible<gex::chain>::value, "an owner is moved");
    const std::vector<std::int64_t> settlement = settlements();
    gex::chain first = gex::chain::create(nullptr, worked_columns(settlement)), second(std::move(first));
    expect(!first && second.rows() == rows, "move construction"); /* NOLINT: a moved-from owner is empty */
    first = std::move(second);
    expect(first.rows() == rows && !second, "move assignment");
    gex_chain *released = first.release();
    expect(!first && gex_chain_rows(released) == rows, "release");
    gex_chain_free(released);
    const gex::chain chain = gex::chain::create(nullptr, worked_columns(settlement));
    double sum = 0;
    for (double strike : chain.strike())
        sum += strike;
    near(sum, 44500, 0, "a span is a range");
}

/* A flat smile of 20 % at one expiry: sigma^2 T is 0.01 at a quarter. */
void quotes_and_surface()
{
    const std::vector<std::int64_t> settlement = settlements();
    const gex::chain chain = gex::chain::create(nullptr, worked_columns(settlement));
    const gex::market market = gex::market::create(nullptr, chain, worked_market());
    gex_quotes_options options = gex::quotes_options();
    const double years = 0.25, forward = 100, a = 0.01, b = 0.02, rho = 0, m = 0, s = 0.1;
    gex_svi_columns columns = gex::svi_columns();
    gex_error why = gex_error();

    options.repair = GEX_REPAIR_ALL;
    const gex::quotes quotes = gex::quotes::create(nullptr, market, &options);
    expect(quotes.status(GEX_QUOTE_MID).size() == rows, "a status a row");
    expect(quotes.status(GEX_QUOTE_MID)[0] == GEX_QUOTE_NO_PRICE, "the worked chain has no quotes");
    expect(quotes.repaired().size() == 2 && quotes.repaired()[0] == GEX_REPAIRED_NOTHING, "nothing to repair");
    expect(quotes.count(GEX_FLAG_NO_QUOTE) == rows, "every row says so");
    expect(gex::quotes::create(nullptr, market).repaired().empty(), "no repair was asked for");
    columns.expiries = 1;
    columns.years = gex::column(&years);
    columns.forward = gex::column(&forward);
    columns.a = gex::column(&a);
    columns.b = gex::column(&b);
    columns.rho = gex::column(&rho);
    columns.m = gex::column(&m);
    columns.s = gex::column(&s);
    gex::surface surface = gex::surface::create(&why, columns);
    expect(static_cast<bool>(surface) && surface.expiries() == 1, "a surface of one expiry");
    near(surface.vol(100, 0.25), std::sqrt((0.01 + 0.02 * 0.1) / 0.25), 12, "vol at the money");
    expect(std::isnan(surface.vol(-1, 0.25)), "no vol at no strike");
    expect(surface.violations() == 0, "no arbitrage");
    gex_market_options chosen = worked_market();
    chosen.surface = surface.get();
    const gex::market along = gex::market::create(&why, chain, chosen);
    expect(along.surface().get() == surface.get() && !market.surface(), "the surface that dynamics move along");
    columns.s.data = nullptr;
    surface = gex::surface::create(&why, columns);
    expect(!surface && why.status == GEX_ERR_ARGUMENT, "a column is missing");
}

#if GEX_HPP_EXCEPTIONS
void live_by_exception(const gex::market_ref &market, const gex::book_ref &naive)
{
    const std::int32_t unit = GEX_UNIT_GEX_USD_PCT;
    gex_live_options options = gex::live_options();
    options.units = gex::column(&unit);
    options.unit_count = 1;
    gex::live live(market, naive, options);
    const double before = live.total(unit);
    live.set_spot(5010);
    live.set_as_of(as_of() + hour);
    live.set_vol(4, 0.2);
    live.set_quote(5, 10, 11);
    live.set_position(0, 0);
    live.trade(8, 500);
    live.reforward(market);
    live.refresh();
    expect(live.total(unit) != before && live.gross(unit) > 0, "ticks move a live");
    const std::pair<gex::market, gex::book> frozen = live.freeze();
    const gex::live again(frozen.first, frozen.second, options);
    expect(again.total(unit) == live.total(unit), "a live of what another froze");
    try {
        live.set_position(rows, 1);
        expect(false, "a row that is not there");
    } catch (const gex::error &error) {
        expect(error.status() == GEX_ERR_ARGUMENT, "why it is refused");
    }
}

void by_exception()
{
    const std::vector<std::int64_t> settlement = settlements();
    const double half = 0.5;
    gex_exposure_options in_usd = gex::exposure_options();
    gex_profile_options range = gex::profile_options();

    in_usd.unit = range.unit = GEX_UNIT_GEX_USD_PCT;
    const gex::chain chain(worked_columns(settlement));
    const gex::market market(chain, worked_market());
    const gex::book naive(chain, naive_book());
    const gex::greeks greeks(market);
    const gex::exposure gamma(greeks, naive, in_usd);
    const gex::flips flips(market, naive, range);
    const gex::flow flow(market, naive, worked_flow());
    check_numbers(market, naive, greeks, gamma, flips, flow);

    const gex::exposure less(greeks, naive.weight(gex::column(&half, 0), "half"), in_usd);
    expect(less.total() == gamma.total() / 2, "a book at half weight");
    gex_grouping_options by = gex::grouping_options();
    by.first = GEX_BY_STRIKE;
    by.second = GEX_BY_RIGHT;
    const gex::grouping cells(gamma, by);
    expect(cells.cells() == 7 && cells.rows(3).size() == 2, "seven strikes and sides, two lines at the 5000 calls");
    near(cells.sum()[3] / 1e6, 6062.998875 + 554.537951, 5, "calls of 5000");
    expect(gamma.wall(GEX_LEVEL_CALL_WALL_NET, 1) == 5200, "the second net call wall");
    near(gamma.measure(GEX_MEASURE_NGE) / 1e6, -1.788876, 6, "NGE");
    near(greeks.expected_move(0, GEX_MOVE_MODEL_STRADDLE), 11.996925, 6, "the straddle of 5000");
    gex_difference_options of_gamma = gex::difference_options();
    of_gamma.quantity = GEX_UNIT_GEX_USD_PCT;
    const gex::difference same(market, naive, market, naive, of_gamma);
    expect(same.total(GEX_DIFFERENCE_CHANGE) == 0 && same.count(GEX_LINE_BOTH) == 9, "nothing changed");
    expect(same.by(GEX_BY_STRIKE, GEX_DIFFERENCE_AFTER)[3] == gamma.by(GEX_BY_STRIKE)[3], "by strike, to the bit");
    const std::int64_t when[] = {as_of() + 2 * hour};
    near(gex::horizons(market, naive, range, gex::span<std::int64_t>(when, 1)).nearest()[0], 4998.6853, 4,
         "the flip two hours later");
    expect(gex::flips::zero_flow(nullptr, market, naive, gex::zero_flow_options()).size() > 0, "a price without flow");
    const gex_market *const markets[] = {market.get(), market.get()};
    const gex_book *const books[] = {naive.get(), naive.get()};
    const std::int32_t links[] = {GEX_LINK_RATIO, GEX_LINK_BETA}, roles[] = {GEX_ROLE_INDEX, GEX_ROLE_CONSTITUENT};
    const double factors[] = {1, 0.5}, weights[] = {0, 0.3};
    gex_basket_columns members = gex::basket_columns();
    members.rows = 2;
    members.spot = 5000;
    members.market = markets;
    members.book = books;
    members.link = gex::column(links);
    members.role = gex::column(roles);
    members.factor = gex::column(factors);
    members.weight = gex::column(weights);
    const gex::basket basket(members);
    expect(basket.size() == 2 && basket.price(1, 5100) == 5050 && basket.reference(1, 5050) == 5100, "half the return");
    const gex::basket_exposure both(basket, in_usd);
    near(both.total() / gamma.total(), 1.25, 12, "one and half squared");
    expect(both[0].total() == gamma.total(), "the line of the first");
    expect(gex::combo(both).level(GEX_LEVEL_CALL_WALL_NET) > 0, "a wall of both");
    gex_dispersion_options tenor = gex::dispersion_options();
    tenor.tenor = when[0];
    expect(gex::dispersion(basket, tenor).status() == GEX_CORRELATION_TOO_FEW, "one name has no correlation");
    expect(gex::flips::of_basket(nullptr, basket.get(), range).size() > 0, "flips of both");
    expect(gex::profile::of_basket(nullptr, basket.get(), range).values().size() == range.points, "a profile of both");
    expect(gex::flow::of_basket(nullptr, basket.get(), gex::flow_options()).rows() == 0, "no scenario of both");
    const gex::robustness tried(chain, worked_market(), naive_book());
    expect(tried.size() > 15 && tried.agrees(1, GEX_AGREE_SIGN) == 0, "the opposite signs do not keep the sign");
    near(tried.value(0, GEX_ROBUST_NET) / 1e6, -89.4438, 4, "the base");
    const gex::market moved = market.shift(one_percent_up());
    expect(gex::change(market, moved, naive).matched() == rows, "a change by exception");
    expect(gex::greeks(moved).shadow()[GEX_GREEK_GAMMA].size() == rows, "total greeks by exception");
    try {
        gex_shift_options back = gex::shift_options();
        back.as_of = market.as_of() - 1;
        market.shift(back);
        expect(false, "no market moves back in time");
    } catch (const gex::error &error) {
        expect(error.status() == GEX_ERR_DOMAIN, "why it does not");
    }
    const std::string saved = chain.save();
    const gex::chain loaded = gex::chain::load(saved.data(), static_cast<std::int64_t>(saved.size()));
    expect(loaded.save() == saved, "a chain saved, loaded and saved again");
    live_by_exception(market, naive);
    const gex::map map(market, naive);
    near(map.gamma().total() / 1e6, -89.4438, 4, "the map's total");
    gex_map_options after = gex::map_options();
    after.since = map.get();
    const gex::map again(market, naive, &after);
    expect(again.gamma_since().total(GEX_DIFFERENCE_BEFORE) == map.gamma().total(), "what it was");
    expect(again.flow_since().total(GEX_DIFFERENCE_CHANGE) == 0 && !map.flow_since(), "nothing to trade");
    expect(gex::report(gex_report_json, map).find("\"gex-map/1\"") != std::string::npos, "the map as JSON");
    try {
        const gex::feed nothing("no table", 8);
        expect(false, "text that is no table is refused");
    } catch (const gex::error &error) {
        expect(error.status() == GEX_ERR_FORMAT && std::string(error.what()).size() > 5, "why it is refused");
    }
}
#endif

} // namespace

int main()
{
    by_create();
    ownership();
    quotes_and_surface();
    check_readings();
#if GEX_HPP_EXCEPTIONS
    by_exception();
#endif
    return failures() == 0 ? 0 : 1;
}
