/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "apply.h"

#include "host/alloc.h"
#include "host/interrupt.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t *want_of(const struct plan *plan, uint32_t page)
{
    return plan->want + (page - plan->start);
}

static int write_pages(struct link *link, const struct plan *plan,
                       struct err *e)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_op *op = &plan->ops[i];
        int result;

        if (interrupt_pending())
            return err_set(e, ERR_INTERRUPT,
                           "interrupted before the page at "
                           "0x%08x",
                           op->page);
        if (op->kind == PLAN_ERASE)
            result = link_erase(link, op->page, e);
        else
            result = link_program(link, op->page, want_of(plan, op->page), e);
        if (result != 0)
            return err_while(e, "%s the page at 0x%08x",
                             op->kind == PLAN_ERASE ? "erasing" : "programming",
                             op->page);
    }
    return 0;
}

static int verify_page(struct link *link, const struct plan *plan,
                       uint32_t page, uint8_t *buf, struct err *e)
{
    const uint8_t *want = want_of(plan, page);
    uint32_t off = 0;

    if (link_read(link, page, buf, plan->page_size, e) != 0)
        return err_while(e, "reading back the page at 0x%08x", page);
    if (memcmp(buf, want, plan->page_size) == 0)
        return 0;
    while (buf[off] == want[off])
        off++;
    err_set(e, ERR_VERIFY, "0x%08x reads back as 0x%02x, 0x%02x was written",
            page + off, buf[off], want[off]);
    return err_hint(e, "repeat the command; if it fails again, check cable "
                       "and supply, or the flash is worn out");
}

static int verify(struct link *link, const struct plan *plan, struct err *e)
{
    uint8_t *buf = alloc_resize(NULL, plan->page_size, 1);
    int result = 0;

    for (size_t i = 0; i < plan->count && result == 0; i++)
        result = verify_page(link, plan, plan->ops[i].page, buf, e);
    free(buf);
    return result;
}

int apply(struct link *link, const struct plan *plan, struct err *e)
{
    if (plan->count == 0)
        return 0;
    if (write_pages(link, plan, e) != 0 || verify(link, plan, e) != 0)
        return err_while(e, "writing to %s", link->name);
    return link_finish(link, e);
}
