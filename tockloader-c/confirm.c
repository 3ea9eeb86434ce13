/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "confirm.h"

#include "host/text.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

static bool is_somebody_there(const struct session *session)
{
    return session->json == NULL && isatty(STDIN_FILENO) &&
           isatty(STDERR_FILENO);
}

int confirm(const struct session *session, enum confirm_alone alone,
            struct err *e, const char *question, ...)
{
    char text[400];
    char answer[8] = "";
    va_list args;

    if (session->options.yes || session->options.dry_run)
        return 0;
    if (!is_somebody_there(session)) {
        if (alone == CONFIRM_GO_ON)
            return 0;
        err_set(e, ERR_STATE, "not confirmed, nothing was written");
        return err_hint(e, "--yes confirms it where nobody can be asked");
    }
    va_start(args, question);
    vsnprintf(text, sizeof text, question, args);
    va_end(args);
    text_put(stderr, text, strlen(text), 0);
    fputs(" (--yes does not ask)? [y/N] ", stderr);
    if (fgets(answer, sizeof answer, stdin) != NULL &&
        (answer[0] == 'y' || answer[0] == 'Y'))
        return 0;
    return err_set(e, ERR_INTERRUPT, "not confirmed, nothing was written");
}
