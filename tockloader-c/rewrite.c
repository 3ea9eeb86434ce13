/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "rewrite.h"

#include <string.h>

enum { ERASED = 0xff };

static void begin(const struct session *session, struct plan *plan)
{
    plan_begin(plan, &session->board->apps, session->board->page_size,
               session->link->info.write_unit, session->bytes);
}

void rewrite_plan(const struct session *session, const uint8_t *bytes,
                  uint32_t len, struct plan *out)
{
    begin(session, out);
    memset(out->want, ERASED, out->size);
    if (len != 0)
        memcpy(out->want, bytes, len);
    plan_close(out);
}

void rewrite_plan_tail(const struct session *session, struct plan *out)
{
    begin(session, out);
    plan_clean(out, &session->region);
}
