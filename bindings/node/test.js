// SPDX-License-Identifier: Apache-2.0
// The worked chain of docs/conventions.md through koffi: a tolerance is half the last printed digit.
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { open, GexError, described } = require('./index.js');

const gex = open();
const HOUR = 3600000000000n;
const asOf = gex.instant('2024-06-03T13:00:00-04:00');
const ROWS = [ // right, strike, vol, open interest, dealers' inventory, hours left
    ['C', 5000, 0.160, 9000, -2500, 3n], ['C', 5025, 0.150, 20000, 6000, 3n], ['P', 4975, 0.180, 16000, -5000, 3n],
    ['P', 5000, 0.165, 8000, -1500, 3n], ['C', 5000, 0.150, 12000, -4000, 720n],
    ['C', 5200, 0.125, 40000, 30000, 720n], ['P', 5000, 0.152, 18000, -7000, 720n],
    ['P', 4800, 0.185, 50000, -20000, 720n], ['P', 4500, 0.240, 60000, 25000, 720n],
];
const column = (i) => ROWS.map((row) => row[i]);
const chain = gex.chain({
    root: 'SPXW', right: column(0), strike: column(1), vol: column(2), openInterest: column(3),
    settlement: ROWS.map((row) => asOf + row[5] * HOUR),
});
const market = gex.market(chain, { asOf, spot: 5000, forward: 'rate', rate: 0.04, carryYield: 0.013 });
const naive = gex.book(chain, 'NAIVE_CALL_LONG');
const inventory = gex.book(chain, { positions: column(4) });

function near(got, printed, digits) {
    assert.ok(Math.abs(got - printed) <= 0.5000001 * 10 ** -digits, `${got} is not ${printed}`);
}

test('the library is the one described', () => {
    assert.ok(gex.version.startsWith(`${described}.`));
});

test('greeks', () => {
    const greeks = gex.greeks(market);
    near(greeks.column('delta')[1], 0.03656416, 8);
    near(greeks.column('gamma')[8], 0.0003231413, 10);
    near(greeks.column('charm')[2], 279.793110, 6);
});

test('exposure', () => {
    const gamma = gex.exposure(market, naive, 'GEX_USD_PCT');
    assert.equal(gamma.label, 'USD per 1 % of spot');
    assert.equal(gamma.used, 9);
    near(gamma.total / 1e6, -89.4438, 4);
    near(gex.exposure(market, inventory, 'GEX_USD_PCT').total / 1e6, -2591.1542, 4);
    near(gex.exposure(market, inventory, 'VEX_USD_VOLPT').total / 1e6, 390.5277, 4);
    near(gex.exposure(market, naive, 'GEX_PLUS_USD_PT', { beta: -10 }).total / 1e6, -39.022373, 6);
    assert.deepEqual(Array.from(chain.strikes), [4500, 4800, 4975, 5000, 5025, 5200]);
    const printed = [-484.7119, -1322.1974, -3067.6173, 570.6309, 2885.1616, 1329.2904];
    Array.from(gamma.byStrike()).forEach((value, i) => near(value / 1e6, printed[i], 4));
    assert.equal(gamma.level('call_wall_net'), 5025);
    assert.equal(gamma.level('put_wall_net'), 4975);
});

test('flips', () => {
    const found = gex.flips(market, inventory);
    assert.equal(found.status, 'FOUND');
    assert.deepEqual(found.roots.map((root) => root.direction), ['down', 'up']);
    near(found.roots[0].price, 4603.9800, 4);
    near(found.nearest.price, 5009.3645, 4);
    near(gex.flips(market, naive).nearest.price, 5000.1345, 4);
    assert.equal(gex.flips(market, naive, 'DEX_USD').nearest, null);
});

test('flow', () => {
    const moves = gex.flow(market, naive, { spot: [4950, 5050] });
    near(moves.column('exact')[0], -1485686.8, 1);
    near(moves.column('linear')[1], 17888.8, 1);
    const joint = gex.flow(market, inventory, { spot: 5000 * 0.995, asOf: asOf + HOUR, vol: 0.01 });
    for (const [name, printed] of [['exact', -432704.8], ['spot', -378971.8], ['time', 10233.6], ['vol', -63966.6]])
        near(joint.column(name)[0], printed, 1);
});

test('map', () => {
    const map = gex.map(market, naive);
    assert.equal(map.schema, 'gex-map/1');
    near(map.totals.gex_usd_pct / 1e6, -89.4438, 4);
    assert.equal(map.contracts.used, 9);
});

test('refusals', () => {
    assert.throws(() => gex.book(chain, 'NAIVE'), /sign NAIVE is not known/);
    assert.throws(() => gex.market(chain, { asOf, spot: -1 }), (error) => error instanceof GexError
        && error.status === -4 && error.row === -1 && error.message.length > 0);
    assert.throws(() => gex.instant('2024-06-03T13:00:00'), /no instant/);
    const bad = gex.chain({ symbol: ['SPXW240603C05000000', 'nonsense'] });
    assert.deepEqual(Array.from(bad.status), [0, 3]);
    assert.throws(() => gex.chain({ strike: [1, 2], right: ['C'] }), /columns of/);
});

test('an object can be freed before those made from it', () => {
    const other = gex.chain({ root: 'SPXW', right: 'C', strike: 5000, vol: 0.16, settlement: asOf + HOUR });
    const of = gex.market(other, { asOf, spot: 5000 });
    other.free();
    other.free();
    assert.equal(gex.greeks(of).column('gamma').length, 1);
});
