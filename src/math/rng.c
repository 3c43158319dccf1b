/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers by the kernels of an instruction set, and the generator a counter at a time. */
#include "rng.h"

#include "kernel/kernel.h"

void gex__philox(const uint32_t key[2], const uint32_t counter[4], uint32_t words[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], key0 = key[0], key1 = key[1];

    for (int round = 0; round < 10; round++) {
        const uint64_t p0 = (uint64_t)c0 * UINT32_C(0xd2511f53), p1 = (uint64_t)c2 * UINT32_C(0xcd9e8d57);

        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ key0;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ key1;
        c1 = (uint32_t)p1;
        c3 = (uint32_t)p0;
        key0 += UINT32_C(0x9e3779b9);
        key1 += UINT32_C(0xbb67ae85);
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
}

void gex__normals(int32_t instruction_set, const uint32_t key[2], const uint32_t counter[4], int64_t rows,
                  double *const outputs[4])
{
    gex__kernels_of(instruction_set)->normals(key, counter, rows, outputs);
}

void gex__normals_of_words(int32_t instruction_set, const uint32_t *words, int64_t rows, double *output)
{
    gex__kernels_of(instruction_set)->normals_of_words(words, rows, output);
}
