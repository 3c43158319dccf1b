/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the one suite this program was built for. CK_FORK=no and CK_RUN_CASE work as Check documents them. */
#include <check.h>
#include <stdlib.h>

Suite *SUITE(void);

int main(void)
{
    SRunner *runner = srunner_create(SUITE());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
