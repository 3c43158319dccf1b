/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which instructions of libgex a call executes. The processor's trap flag stops the program after each of them, so this
 * works for every instruction set and needs neither a counter of the processor nor an emulator; a stop costs
 * microseconds, so the batches are small.
 *
 *     bench-steps TASK SAMPLE INSTRUCTION_SET
 *
 * prints "library PATH", "rows N", then "OFFSET COUNT" for each address of libgex: how often it is executed for N rows
 * more in a batch. "elsewhere COUNT" is the same for libc and libm. bench/operations.py says what the addresses hold.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "calls.h"

enum { FEW = 64, MANY = 192, LIBRARY_BYTES = 8 << 20 /* more than libgex has */ };

static int32_t   counts[LIBRARY_BYTES], elsewhere;
static int32_t   direction; /* +1 for the batch of MANY, -1 for that of FEW */
static uintptr_t base;

static void count_instruction(int signal_number, siginfo_t *info, void *machine)
{
    const uintptr_t at = (uintptr_t)((const ucontext_t *)machine)->uc_mcontext.gregs[REG_RIP] - base;

    (void)signal_number, (void)info;
    if (at < LIBRARY_BYTES)
        counts[at] += direction;
    else
        elsewhere += direction;
}

static void count_call(void (*run)(void *), void *call, int32_t sign)
{
    const unsigned long long trap = 0x100;

    run(call); /* pages touched, symbols bound */
    direction = sign;
    __builtin_ia32_writeeflags_u64(__builtin_ia32_readeflags_u64() | trap);
    run(call);
    __builtin_ia32_writeeflags_u64(__builtin_ia32_readeflags_u64() & ~trap);
}

static int32_t set_named(const char *name)
{
    int32_t set = GEX_ISA_LAST_;

    while (set > 0 && strcmp(gex_isa_name(set), name) != 0)
        set--;
    return set;
}

int main(int argc, char **argv)
{
    const char *task = argc > 1 ? argv[1] : "";
    const struct sample sample = sample_read(argc > 2 ? argv[2] : "", task);
    gex_context *context = context_for(set_named(argc > 3 ? argv[3] : ""), NULL, NULL);
    struct sigaction action = {.sa_sigaction = count_instruction, .sa_flags = SA_SIGINFO};
    Dl_info library;

    if (context == NULL || dladdr((void *)(uintptr_t)&gex_european, &library) == 0 ||
        sigaction(SIGTRAP, &action, NULL) != 0)
        return 1;
    base = (uintptr_t)library.dli_fbase;
    if (strcmp(task, "european") == 0) {
        count_call(european_call_run, european_call_create(context, &sample, FEW), -1);
        count_call(european_call_run, european_call_create(context, &sample, MANY), 1);
    } else {
        count_call(implied_call_run, implied_call_create(context, &sample, FEW), -1);
        count_call(implied_call_run, implied_call_create(context, &sample, MANY), 1);
    }
    printf("library %s\nrows %d\n", library.dli_fname, MANY - FEW);
    for (size_t offset = 0; offset < LIBRARY_BYTES; offset++)
        if (counts[offset] != 0)
            printf("%zx %d\n", offset, counts[offset]);
    printf("elsewhere %d\n", elsewhere);
    return 0;
}
