/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/interrupt.h"

#include "base/attr.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t pending;

static void note(int number)
{
    (void)number;
    pending = 1;
}

void interrupt_catch(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    /* SA_RESETHAND: the second signal finds the default action. */
    struct sigaction action = {.sa_handler = note,
                               .sa_flags = (int)SA_RESETHAND};

    for (size_t i = 0; i < ARRAY_COUNT(signals); i++) {
        struct sigaction old;

        /* nohup and shells set "ignore" for jobs that shall go on. */
        if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
}

bool interrupt_pending(void)
{
    return pending != 0;
}
