// SPDX-License-Identifier: Apache-2.0
// libgex for Node through koffi: chain, market, book, greeks, exposure, profile, flips, walls, flow, map.
//
//     const gex = require('gex').open();              // GEX_LIBRARY, or the system's libgex
//     const chain = gex.chain({ symbol: [...], vol: [...], openInterest: [...] });
//     const market = gex.market(chain, { asOf: '2024-06-03T13:00:00-04:00', spot: 5000 });
//     gex.exposure(market, gex.book(chain, 'NAIVE_CALL_LONG'), 'GEX_USD_PCT').total;
//
// Columns are arrays of one length or single values. Instants are BigInt ns since 1970 UTC, Date, or ISO text with an
// offset. Numbers are what the C headers say they are; exposures are changes of the dealers' delta, and flows, of the
// opposite sign, what they trade: + means BUY. An object is freed when it is collected, or by free().
'use strict';

const api = require('./gex_api.js');

class GexError extends Error {
    constructor(status, row, message) {
        super(message);
        this.name = 'GexError';
        this.status = status;
        this.row = row; // -1 when the fault is not in a row
    }
}

// One object of the library. What it was made from is kept alive by the library itself.
const collected = new FinalizationRegistry(({ free, address }) => free(address));

class Handle {
    constructor(gex, kind, address) {
        this.gex = gex;
        this.address = address;
        this.kind = kind;
        collected.register(this, { free: gex.lib[`gex_${kind}_free`], address }, this);
    }
    free() {
        if (this.address !== null) {
            collected.unregister(this);
            this.gex.lib[`gex_${this.kind}_free`](this.address);
            this.address = null;
        }
    }
}

const text = new TextEncoder();
const CELLS = {
    gex_f64: Float64Array, gex_i64: BigInt64Array, gex_i32: Int32Array, gex_i8: Int8Array,
};
const SIGNS = { C: 1, P: -1, call: 1, put: -1 };

class Gex {
    constructor(koffi, path) {
        this.koffi = koffi;
        this.lib = api.load(koffi, path);
        this.version = this.lib.gex_version();
    }

    // ---- calls, columns, arrays ----

    call(name, ...args) {
        const error = { status: 0, reserved: 0, row: 0, message: '' };
        if (this.lib[name](...args, error) !== api.constants.GEX_OK)
            throw new GexError(error.status, Number(error.row), error.message);
    }

    // Call a function that makes an object; `made` is what it is called in the C interface.
    create(made, name, ...args) {
        const out = [null];
        this.call(name, ...args, out);
        return new Handle(this, made, out[0]);
    }

    options(kind, chosen) {
        const made = {};
        const blank = Buffer.alloc(this.koffi.sizeof(kind));
        this.lib[`${kind}_init`](this.koffi.as(blank, `${kind} *`), blank.length);
        Object.assign(made, this.koffi.decode(blank, kind), chosen);
        return made;
    }

    // Values as a column; the arrays in `keep` have to outlive the call.
    column(kind, values, keep) {
        if (values === undefined)
            return kind === 'gex_text' ? { data: null, stride: 0, width: 0 } : { data: null, stride: 0 };
        const single = !Array.isArray(values) && !ArrayBuffer.isView(values);
        const list = single ? [values] : values;
        if (kind === 'gex_text')
            return this.texts(list, single, keep);
        const cells = list instanceof CELLS[kind] ? list : CELLS[kind].from(list);
        keep.push(cells);
        const data = cells.length > 0 ? this.koffi.address(cells) : this.koffi.address(new CELLS[kind](1));
        return { data, stride: single ? 0 : cells.BYTES_PER_ELEMENT };
    }

    texts(list, single, keep) {
        const words = Array.from(list, (word) => text.encode(word ?? ''));
        const width = Math.max(1, ...words.map((word) => word.length));
        const cells = Buffer.alloc(Math.max(1, words.length) * width);
        words.forEach((word, i) => cells.set(word, i * width));
        keep.push(cells);
        return { data: this.koffi.address(cells), stride: single ? 0 : width, width };
    }

    // A copy of an array the library lends.
    array(address, type, count) {
        return count === 0 || address === null ? [] : this.koffi.decode(address, type, Number(count));
    }

    counted(type, name, ...args) {
        const count = new BigInt64Array(1);
        const address = this.lib[name](...args, count);
        return this.array(address, type, count[0]);
    }

    choose(what, finder, name) {
        const value = this.lib[finder](name);
        if (value === 0)
            throw new GexError(api.constants.GEX_ERR_ARGUMENT, -1, `${what} ${name} is not known`);
        return value;
    }

    unit(name) {
        const value = this.lib.gex_unit_find(name, 0);
        if (value === 0)
            throw new GexError(api.constants.GEX_ERR_ARGUMENT, -1, `unit ${name} is not known`);
        return value;
    }

    instant(value) {
        if (typeof value === 'bigint')
            return value;
        if (value instanceof Date)
            return BigInt(value.getTime()) * 1000000n;
        if (typeof value !== 'string' || !/(Z|[+-]\d\d(:?\d\d)?)$/.test(value))
            throw new GexError(api.constants.GEX_ERR_ARGUMENT, -1,
                `${value} is no instant: BigInt ns, Date and ISO text with an offset are`);
        const out = new BigInt64Array(1);
        this.call('gex_instant_parse', value, text.encode(value).length, api.constants.GEX_ZONE_UTC, out);
        return out[0];
    }

    instants(values) {
        if (values === undefined)
            return values;
        return Array.isArray(values) ? values.map((value) => this.instant(value)) : this.instant(values);
    }

    // ---- the stages ----

    chain(columns) {
        const keep = [];
        const rights = columns.right === undefined || ArrayBuffer.isView(columns.right) ? columns.right
            : Array.isArray(columns.right) ? columns.right.map((right) => SIGNS[right] ?? right)
                : SIGNS[columns.right] ?? columns.right;
        const given = { ...columns, right: rights, settlement: this.instants(columns.settlement) };
        const lengths = Object.values(given).filter((value) => Array.isArray(value) || ArrayBuffer.isView(value))
            .map((value) => value.length);
        const struct = this.options('gex_chain_columns', { rows: lengths.length > 0 ? lengths[0] : 1 });
        if (lengths.some((length) => length !== lengths[0]))
            throw new GexError(api.constants.GEX_ERR_ARGUMENT, -1, `columns of ${lengths.join(', ')} rows`);
        const kinds = {
            symbol: 'gex_text', root: 'gex_text', expiry: 'gex_i32', settlement: 'gex_i64', strike: 'gex_f64',
            right: 'gex_i8', exercise: 'gex_i8', multiplier: 'gex_f64', bid: 'gex_f64', ask: 'gex_f64',
            last: 'gex_f64', vol: 'gex_f64', openInterest: 'gex_f64', volume: 'gex_f64',
        };
        for (const [name, kind] of Object.entries(kinds)) {
            const field = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
            struct[field] = this.column(kind, given[name], keep);
        }
        const made = this.create('chain', 'gex_chain_create', null, struct, null);
        keep.length = 0; // until here the arrays have to live
        const rows = Number(this.lib.gex_chain_rows(made.address));
        made.rows = rows;
        made.status = this.array(this.lib.gex_chain_status(made.address), 'uint8_t', rows);
        made.strikes = this.counted('double', 'gex_chain_strikes', made.address);
        made.expiries = this.counted('int64_t', 'gex_chain_expiries', made.address);
        return made;
    }

    market(chain, { asOf, spot, vol = 'given', forward = 'implied', rate = 0, carryYield = 0, exercise = 'auto',
        clock = 'CAL_365', volClock = 'CAL_365', dynamics = 'STICKY_STRIKE' }) {
        const [regime, parameter] = dynamics.split('='); // STICKINESS=1.5, BETA=-10
        const struct = this.options('gex_market_options', {
            as_of: this.instant(asOf), spot, rate, carry_yield: carryYield,
            vol: this.choose('vol', 'gex_vol_find', vol),
            forward: this.choose('forward', 'gex_forward_find', forward),
            style: this.choose('exercise', 'gex_style_find', exercise),
            clock: this.choose('clock', 'gex_clock_find', clock),
            vol_clock: this.choose('volClock', 'gex_clock_find', volClock),
            dynamics: this.choose('dynamics', 'gex_dynamics_find', regime),
            dynamics_parameter: parameter === undefined ? 0 : Number(parameter),
        });
        const made = this.create('market', 'gex_market_create', null, chain.address, struct);
        const expiries = this.lib.gex_market_expiry_count(made.address);
        made.chain = chain;
        made.spot = spot;
        made.status = this.array(this.lib.gex_market_status(made.address), 'uint8_t', chain.rows);
        made.years = this.array(this.lib.gex_market_years(made.address), 'double', expiries);
        made.forwards = this.array(this.lib.gex_market_forward(made.address), 'double', expiries);
        return made;
    }

    // By a convention's name, or { positions: [...] }.
    book(chain, sign) {
        const keep = [];
        const given = typeof sign === 'string' ? {} : sign;
        const struct = this.options('gex_book_options', {
            sign: this.choose('sign', 'gex_sign_find', typeof sign === 'string' ? sign : 'INVENTORY_GIVEN'),
            positions: this.column('gex_f64', given.positions, keep),
        });
        const made = this.create('book', 'gex_book_create', null, chain.address, struct);
        keep.length = 0;
        made.source = this.lib.gex_book_source(made.address);
        made.positions = this.array(this.lib.gex_book_positions(made.address), 'double', chain.rows);
        return made;
    }

    greeks(market) {
        const made = this.create('greeks', 'gex_greeks_compute', null, market.address);
        made.column = (name) => this.array(
            this.lib.gex_greeks_column(made.address, this.choose('greek', 'gex_greek_find', name)), 'double',
            market.chain.rows);
        return made;
    }

    exposure(market, book, unit, { adv = 0, futurePrice = 0, futureMultiplier = 0, beta = 0 } = {}) {
        const { lib } = this;
        const greeks = this.greeks(market);
        const struct = this.options('gex_exposure_options', {
            unit: this.unit(unit), adv, future_price: futurePrice, future_multiplier: futureMultiplier, beta,
        });
        const made = this.create('exposure', 'gex_exposure_compute', null, greeks.address, book.address, struct);
        greeks.free(); // the exposure keeps them
        made.label = lib.gex_unit_label(struct.unit);
        made.total = lib.gex_exposure_total(made.address);
        made.gross = lib.gex_exposure_gross(made.address);
        made.used = Number(lib.gex_exposure_count_used(made.address));
        made.rows = this.array(lib.gex_exposure_rows(made.address), 'double', market.chain.rows);
        made.byStrike = () => this.counted('double', 'gex_exposure_by', made.address, api.constants.GEX_BY_STRIKE,
            api.constants.GEX_SUM_NET);
        made.level = (name) => {
            const price = new Float64Array(1);
            this.call('gex_level', made.address, this.choose('level', 'gex_level_find', name), price, null);
            return price[0];
        };
        return made;
    }

    flips(market, book, unit = 'GEX_USD_PCT', { low = 0.8, high = 1.2, beta = 0 } = {}) {
        const { lib } = this;
        const struct = this.options('gex_profile_options', { unit: this.unit(unit), low, high, beta });
        const made = this.create('flips', 'gex_flips_compute', null, market.address, book.address, struct);
        const roots = [];
        for (let i = 0; i < lib.gex_flips_count(made.address); i++)
            roots.push({
                price: lib.gex_flips_price(made.address, i),
                direction: lib.gex_direction_text(lib.gex_flips_direction(made.address, i)),
                size: lib.gex_flips_size(made.address, i),
                status: lib.gex_root_status_text(lib.gex_flips_root_status(made.address, i)),
            });
        const nearest = Number(lib.gex_flips_nearest(made.address));
        const status = lib.gex_roots_text(lib.gex_flips_status(made.address));
        made.free();
        return { status, roots, nearest: nearest < 0 ? null : roots[nearest] };
    }

    // Scenarios: { spot, asOf, vol }, each an array or one value; a column of the result by its name.
    flow(market, book, { spot, asOf, vol }) {
        const keep = [];
        const instants = this.instants(asOf);
        const lengths = [spot, instants, vol].filter((value) => Array.isArray(value)).map((value) => value.length);
        if (lengths.some((length) => length !== lengths[0]))
            throw new GexError(api.constants.GEX_ERR_ARGUMENT, -1, `columns of ${lengths.join(', ')} scenarios`);
        const struct = this.options('gex_flow_options', {
            rows: lengths.length > 0 ? lengths[0] : 1, spot: this.column('gex_f64', spot, keep),
            as_of: this.column('gex_i64', instants, keep), vol_shift: this.column('gex_f64', vol, keep),
        });
        const made = this.create('flow', 'gex_flow_compute', null, market.address, book.address, struct);
        keep.length = 0;
        made.column = (name) => this.array(
            this.lib.gex_flow_column(made.address, this.choose('column', 'gex_flow_find', name)), 'double',
            struct.rows);
        return made;
    }

    // The map as JSON, already parsed.
    map(market, book) {
        const made = this.create('map', 'gex_map_compute', null, market.address, book.address, null);
        const pieces = [];
        const write = this.koffi.register((user, bytes, length) => {
            pieces.push(Buffer.from(this.koffi.decode(bytes, 'uint8_t', Number(length))));
            return 0;
        }, 'gex_write *');
        try {
            this.call('gex_report_json', null, made.address, write, null);
        } finally {
            this.koffi.unregister(write);
            made.free();
        }
        return JSON.parse(Buffer.concat(pieces).toString());
    }
}

// Load the library: a path, else GEX_LIBRARY, else the system's.
function open(path = process.env.GEX_LIBRARY || 'libgex.so.0') {
    return new Gex(require('koffi'), path);
}

module.exports = { open, GexError, constants: api.constants, described: api.DESCRIBED };
