/* SPDX-License-Identifier: Apache-2.0 */
/* Doors of gex/arrow.h, for tests/doors.c alone. */
#include "arrows.h"

DOOR(gex_chain_from_arrow)
{
    struct arrows *made_of = malloc(sizeof *made_of);
    char *bytes = malloc(WORLD_ROWS * sizeof w->root[0]);
    int32_t *ends = malloc((WORLD_ROWS + 1) * sizeof *ends);
    gex_chain *made = LEFT(gex_chain);
    gex_status status;

    ends[0] = 0;
    for (int32_t i = 0; i < WORLD_ROWS; i++) {
        const int32_t length = (int32_t)strlen(w->root[i]);
        memcpy(bytes + ends[i], w->root[i], (size_t)length);
        ends[i + 1] = ends[i] + length;
    }
    arrows_open(made_of, WORLD_ROWS);
    arrows_add(made_of, "root", "u", WORLD_ROWS, ends, bytes, NULL);
    arrows_add(made_of, "expiry", "i", WORLD_ROWS, w->expiry, NULL, NULL);
    arrows_add(made_of, "strike", "g", WORLD_ROWS, w->strike, NULL, NULL);
    arrows_add(made_of, "right", "c", WORLD_ROWS, w->right, NULL, NULL);
    arrows_add(made_of, "open_interest", "g", WORLD_ROWS, w->open_interest, NULL, NULL);
    status = gex_chain_from_arrow(context, &made_of->schema, &made_of->array, NULL, &made, error);
    free(ends);
    free(bytes);
    free(made_of);
    MADE(chain, digest_chain(made));
}
