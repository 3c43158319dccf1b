#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write decimals.txt: numbers as text and as bits, by Python's float(), repr() and format().

    python3 generate_decimals.py > decimals.txt

Those are David Gay's correctly rounded routines; every parse line is proved once more here in exact fractions. Lines:
  parse    BITS TEXT             the double nearest to TEXT, ties to even
  shortest BITS TEXT             fewest digits that read back, nearest of those; exponent below 1e-5 and from 1e17 on
  fixed    BITS PLACES TEXT      format(x, ".PLACESf")
  grouped  BITS PLACES TEXT      format(x, ",.PLACESf")
"""
import math
import random
import struct
from fractions import Fraction

SEED = 20230914
LARGEST = Fraction(2) ** 1024 - Fraction(2) ** 970
rng = random.Random(SEED)


def bits(x):
    return struct.pack(">d", x).hex()


def from_bits(n):
    return struct.unpack(">d", struct.pack(">Q", n))[0]


def exact_text(f, pad=""):
    """A fraction whose denominator is a power of two, in full, as mantissa and exponent."""
    power = f.denominator.bit_length() - 1
    digits = str(f.numerator * 5 ** power)
    return f"{digits}{pad}e{-power - len(pad)}"


def plain_text(f):
    power = f.denominator.bit_length() - 1
    digits = str(f.numerator * 5 ** power).rjust(power + 1, "0")
    return digits[:len(digits) - power] + ("." + digits[len(digits) - power:] if power else "")


def fraction(text):
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, part = mantissa.partition(".")
    exponent = int(exponent or 0) - len(part)
    return Fraction(int(whole + part or "0")) * Fraction(10) ** exponent


def parse_line(text):
    x = float(text)
    unsigned = text.lstrip("+-").lower()
    if "n" not in unsigned and len(unsigned.partition("e")[2]) < 6:  # larger powers are 0 or infinity plainly
        value = fraction(unsigned)
        if math.isinf(x):
            assert value >= LARGEST + Fraction(2) ** 969
        else:
            off = abs(value - Fraction(abs(x)))
            for other in (math.nextafter(abs(x), math.inf), math.nextafter(abs(x), 0.0)):
                neighbour = LARGEST + Fraction(2) ** 970 if math.isinf(other) else Fraction(other)
                if other == abs(x):
                    continue
                distance = abs(value - neighbour)
                assert off < distance or (off == distance and int(bits(x), 16) % 2 == 0), text
    print("parse", bits(x), text)


def doubles():
    yield from (0.0, -0.0, 1.0, -1.0, 0.1, 0.5, 1.5, 2.5, 100.0, 4505.1001, 1e5, 123456.789, 9007199254740993.0)
    yield from (5e-324, 1e-323, 2.2250738585072009e-308, 2.2250738585072014e-308, 1.7976931348623157e308)
    yield from (9.5e-6, 9.999999999999999e-6, 1e-5, 1e-4, 1e15, 1e16, 99999999999999984.0, 1e17, 1.2e17, 1e21)
    yield from (1e22, 1e23)
    for odd in range(1, 16, 2):  # a tie between numbers of 17 digits, where no 16 digits read back
        yield 2.0 ** 41 + odd / 32
        yield 2.0 ** 31 + odd / 256
    for e in range(-1074, 1024, 13):
        yield math.ldexp(1.0, e)  # the gap below is half the gap above
        yield math.nextafter(math.ldexp(1.0, e), 0.0)
    for e in range(-323, 309, 5):
        yield float(f"1e{e}")
        yield float(f"-9e{e}") if e < 308 else -1e308
    for _ in range(500):
        x = from_bits(rng.getrandbits(64))
        yield x if math.isfinite(x) else 0.3
    for _ in range(80):
        yield from_bits(rng.getrandbits(52) >> rng.randrange(52))
    for _ in range(200):
        yield round(rng.uniform(-1e5, 1e5), rng.randrange(0, 7))
    for _ in range(100):
        yield float(rng.getrandbits(rng.randrange(1, 90)))


def hard_texts():
    # forms
    yield from ("0", "-0", "+0", "0.0", ".0", "0.", "-.5", "+5.", "007", "1e0", "1E5", "1e+05", "1e-0", "0e999999999")
    yield from ("nan", "NaN", "inf", "-inf", "+Inf", "infinity", "-INFINITY")
    yield from ("0.1", "0.3", "4505.1001", "12345678", "0.18", "1e22", "1e23", "123456789012345678",
                "9999999999999999999")
    # around the largest, the least normal, the least subnormal
    yield from ("1.7976931348623157e308", "1.7976931348623158e308", "1.797693134862315807e308",
                "1.7976931348623159e308", "1.8e308", "1e309", "1e310", "1e311", "9e4000",
                "1e999999999999999999999", "123456789e400",
                "2.2250738585072011e-308", "2.2250738585072012e-308", "2.2250738585072014e-308",
                "2.225073858507201e-308", "4.9e-324", "5e-324", "2.5e-324", "2.4e-324", "1e-323", "1e-324", "1e-325",
                "1e-400", "1e-999999999999999999999", "2.4703282292062327208e-324", "2.4703282292062328e-324",
                "7.4109846876186981626485318930233e-324")
    # ties of integers, and digits that a shortcut through extended precision gets wrong
    yield from ("9007199254740991", "9007199254740992", "9007199254740993", "9007199254740994", "9007199254740995",
                "9007199254740993.0000000000000000000000000000000001", "9007199254740992.9999999999999999999999999999",
                "18014398509481990", "36028797018963972", "0.500000000000000166533453693773481063544750213623046875",
                "0.50000000000000016653345369377348106354475021362304687500000001", "6.8985865317742005e26",
                "1.50000000000000011102230246251565", "3.518437208883201171875e13", "62.5364939768271845828",
                "8.10109172351e-10", "5708990770823839207320493820740630171355185", "89255e-22", "30517578125e-40",
                "1.8254370818746402660437411213933955878019332885742187")
    # a tie between neighbours, in full; then just beside it, and the same with the difference far behind
    ties = [5e-324, 2.225073858507201e-308, 2.2250738585072014e-308, 1.7976931348623155e308]
    ties += [1.0, 0.1, 1e-5, 1e22, 1e-200]
    ties += [from_bits(rng.getrandbits(63) % 0x7fefffffffffffff) for _ in range(40)]
    for x in ties:
        tie = (Fraction(x) + Fraction(math.nextafter(x, math.inf))) / 2
        yield exact_text(tie)
        yield plain_text(tie) if x > 1e-300 and x < 1e300 else exact_text(tie)
        digits, exponent = exact_text(tie).split("e")
        yield f"{int(digits) - 1}e{exponent}"
        yield f"{digits}1e{int(exponent) - 1}"
    tie = (Fraction(1) + Fraction(math.nextafter(1.0, 2.0))) / 2
    yield plain_text(tie) + "0" * 2000
    yield plain_text(tie) + "0" * 2000 + "1"
    tie = (Fraction(2.225073858507201e-308) + Fraction(math.nextafter(2.225073858507201e-308, 1.0))) / 2
    yield exact_text(tie, "0" * 500)
    digits, exponent = exact_text(tie).split("e")
    yield f"{digits}{'0' * 500}1e{int(exponent) - 501}"
    # zeros that the exponent takes back
    yield "0" * 900 + "12.5"
    yield "0." + "0" * 900 + "125e901"
    yield "125" + "0" * 900 + "e-901"
    yield "1" * 1200 + "e-1000"
    yield "0." + "9" * 1200
    yield "9" * 309
    yield "1" + "0" * 310


def shortest(x):
    if x == 0:
        return "-0" if math.copysign(1.0, x) < 0 else "0"
    mantissa, _, exponent = f"{repr(abs(x)).lower()}".partition("e")
    whole, _, part = mantissa.partition(".")
    digits = (whole + part).lstrip("0")
    point = int(exponent or 0) + (len(whole) if whole.strip("0") else len(part.lstrip("0")) - len(part))
    digits = digits.rstrip("0")
    if point > 17 or point < -4:
        text = digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + f"e{point - 1}"
    elif point <= 0:
        text = "0." + "0" * -point + digits
    elif len(digits) <= point:
        text = digits + "0" * (point - len(digits))
    else:
        text = digits[:point] + "." + digits[point:]
    text = ("-" if x < 0 else "") + text
    assert float(text) == x
    return text


def main():
    print("# Written by generate_decimals.py, which says what the lines mean.")
    for text in hard_texts():
        parse_line(text)
    values = list(doubles())
    for x in values:
        print("shortest", bits(x), shortest(x))
    for x in values[::3]:
        for digits in (rng.randrange(15, 18), rng.randrange(18, 40)):
            parse_line(format(x, f".{digits}e"))
    fixed = [x for x in values if abs(x) < 1e25][::2] + [1.7976931348623157e308, -1.7976931348623157e308, 1e300]
    fixed += [0.5, 1.5, 2.5, 3.5, -0.5, 0.125, 0.375, 0.25, 0.005, 0.015, 0.025, 1.005, 2.675, 0.9995, 999.5]
    fixed += [999999.5, 1e-9, -1e-9]
    for i, x in enumerate(fixed):
        for places in {0, 1, 2, 3, rng.randrange(18), 17} if i % 4 == 0 else {2, rng.randrange(18)}:
            if i % 2 == 0:
                print("fixed", bits(x), places, format(x, f".{places}f"))
            else:
                print("grouped", bits(x), places, format(x, f",.{places}f"))


if __name__ == "__main__":
    main()
