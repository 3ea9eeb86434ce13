/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "apply.h"

#include "base/bits.h"
#include "host/alloc.h"
#include "host/interrupt.h"

#include <stdlib.h>
#include <string.h>

enum { UNTOUCHED = 0xff };

static const uint8_t *want_of(const struct plan *plan, uint32_t addr)
{
    return plan->want + (addr - plan->start);
}

/* Programs the operation's bytes; what surrounds them in the page is left. */
static int program(struct link *link, const struct plan *plan,
                   const struct plan_op *op, uint8_t *buf, struct err *e)
{
    uint32_t page = align_down_u32(op->addr, plan->page_size);
    uint8_t *at = buf + (op->addr - page);

    memset(buf, UNTOUCHED, plan->page_size);
    if (op->kind == PLAN_CLEAR)
        memset(at, op->mask, op->len);
    else
        memcpy(at, want_of(plan, op->addr), op->len);
    return link_program(link, page, buf, e);
}

static int verify(struct link *link, const struct plan *plan,
                  const struct plan_op *op, uint8_t *buf, struct err *e)
{
    const uint8_t *want = want_of(plan, op->addr);
    uint32_t off = 0;

    if (link_read(link, op->addr, buf, op->len, e) != 0)
        return -1;
    if (memcmp(buf, want, op->len) == 0)
        return 0;
    while (buf[off] == want[off])
        off++;
    err_set(e, ERR_VERIFY, "0x%08x reads back as 0x%02x, 0x%02x was written",
            op->addr + off, buf[off], want[off]);
    return err_hint(e, "repeat the command; if it fails again, check cable "
                       "and supply, or the flash is worn out");
}

static int do_op(struct link *link, const struct plan *plan,
                 const struct plan_op *op, uint8_t *buf, struct err *e)
{
    switch (op->kind) {
    case PLAN_ERASE:
        return link_erase(link, op->addr, e);
    case PLAN_VERIFY:
        return verify(link, plan, op, buf, e);
    default:
        return program(link, plan, op, buf, e);
    }
}

static int do_all(struct link *link, const struct plan *plan, uint8_t *buf,
                  struct err *e)
{
    static const char *const doing[] = {
        [PLAN_ERASE] = "erasing",
        [PLAN_PROGRAM] = "programming",
        [PLAN_CLEAR] = "programming",
        [PLAN_VERIFY] = "reading back",
    };

    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_op *op = &plan->ops[i];

        if (interrupt_pending())
            return err_set(e, ERR_INTERRUPT,
                           "interrupted before the page at 0x%08x",
                           align_down_u32(op->addr, plan->page_size));
        if (do_op(link, plan, op, buf, e) != 0)
            return err_while(e, "%s the page at 0x%08x", doing[op->kind],
                             align_down_u32(op->addr, plan->page_size));
    }
    return 0;
}

int apply_steps(struct link *link, const struct plan *plan, struct err *e)
{
    uint8_t *buf = alloc_resize(NULL, plan->page_size, 1);
    int result = do_all(link, plan, buf, e);

    free(buf);
    return result == 0 ? 0 : err_while(e, "writing to %s", link->name);
}

int apply_finish(struct link *link, struct err *e)
{
    return link_finish(link, e);
}

int apply(struct link *link, const struct plan *plan, struct err *e)
{
    if (plan->count == 0)
        return 0;
    return apply_steps(link, plan, e) == 0 ? apply_finish(link, e) : -1;
}
