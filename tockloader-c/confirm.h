/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Asking before something is done that cannot be undone.
 *
 * --yes answers every question, --dry-run needs none. A question is only put
 * when somebody sits there: standard input and standard error are terminals
 * and --json was not given. What happens when nobody does depends on the
 * command: those that other tools have, too, go on, so that scripts written
 * for these work; the others refuse and name --yes.
 */

#include "session.h"

enum confirm_alone {
    CONFIRM_GO_ON,
    CONFIRM_REFUSE,
};

/* ERR_INTERRUPT if the answer is no, ERR_STATE if nobody can be asked. */
MUST_USE int confirm(const struct session *session, enum confirm_alone alone,
                     struct err *e, const char *question, ...)
    PRINTF_LIKE(4, 5);
