/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this machine can do at most, for bounds: cycles a second, and how many multiply-adds, divisions and square roots
 * of packed doubles it starts in a cycle at each vector width. bench-machine prints lines "NAME VALUE".
 *
 * The clock is a chain of dependent integer additions, one a cycle. Sixteen independent chains hide the latency of the
 * multiply-add, four that of the divider. Least time of several tries.
 */
#define _POSIX_C_SOURCE 200809L
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

enum { TRIES = 9, LOOPS = 100000 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double least(void (*loop)(void)) /* seconds a turn of the loop */
{
    double best = 1;

    for (int i = 0; i < TRIES; i++) {
        const double start = now();
        loop();
        const double took = (now() - start) / (int)LOOPS;
        best = took < best ? took : best;
    }
    return best;
}

static void additions(void)
{
    uint64_t x = 1;

    for (int i = 0; i < LOOPS; i++)
        __asm__ volatile("add %0, %0\n\tadd %0, %0\n\tadd %0, %0\n\tadd %0, %0\n\t"
                         "add %0, %0\n\tadd %0, %0\n\tadd %0, %0\n\tadd %0, %0"
                         : "+r"(x));
}

/* One loop an instruction and width. What the registers hold does not matter to the pipes; exceptions are masked. */
#define LOOP(name, text)                                            \
    static void name(void)                                          \
    {                                                               \
        for (int i = 0; i < LOOPS; i++)                             \
            __asm__ volatile(text ::: CLOBBERED);                   \
    }
#define CLOBBERED                                                                                                      \
    "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",         \
        "xmm13", "xmm14", "xmm15"
#define FOUR(X, w) X(0, w) X(1, w) X(2, w) X(3, w)
#define SIXTEEN(X, w) FOUR(X, w) X(4, w) X(5, w) X(6, w) X(7, w) X(8, w) X(9, w) X(10, w) X(11, w) X(12, w) X(13, w) \
    X(14, w) X(15, w)
#define FMA(n, w) "vfmadd213pd %%" w #n ", %%" w #n ", %%" w #n "\n\t"
#define DIVIDE(n, w) "vdivpd %%" w "15, %%" w "15, %%" w #n "\n\t"
#define ROOT(n, w) "vsqrtpd %%" w "15, %%" w #n "\n\t"

LOOP(fma_128, SIXTEEN(FMA, "xmm"))
LOOP(fma_256, SIXTEEN(FMA, "ymm"))
LOOP(fma_512, SIXTEEN(FMA, "zmm"))
LOOP(divide_128, FOUR(DIVIDE, "xmm"))
LOOP(divide_256, FOUR(DIVIDE, "ymm"))
LOOP(divide_512, FOUR(DIVIDE, "zmm"))
LOOP(root_128, FOUR(ROOT, "xmm"))
LOOP(root_256, FOUR(ROOT, "ymm"))
LOOP(root_512, FOUR(ROOT, "zmm"))

static void print_width(int width, double clock, void (*fma)(void), void (*divide)(void), void (*root)(void))
{
    printf("fma_%d %.3f\n", width, 16 / (least(fma) * clock)); /* a cycle */
    printf("divide_%d %.4f\n", width, 4 / (least(divide) * clock));
    printf("root_%d %.4f\n", width, 4 / (least(root) * clock));
}

int main(void)
{
    const double clock = 8 / least(additions);

    printf("clock %.4e\n", clock);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        print_width(128, clock, fma_128, divide_128, root_128);
        print_width(256, clock, fma_256, divide_256, root_256);
    }
    if (__builtin_cpu_supports("avx512f"))
        print_width(512, clock, fma_512, divide_512, root_512);
    return 0;
}
