/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/tbf.h"

struct tbf_walk tbf_walk_start(const uint8_t *bytes, uint32_t len)
{
    return (struct tbf_walk){bytes, len, 0, TBF_OK};
}

/* A defect inside an object must not hide those behind it: docs/tbf.md §7. */
bool tbf_walk_next(struct tbf_walk *walk, struct tbf_object *out)
{
    /* Never past len: tbf_parse accepts no object that is longer than the
     * bytes it is given. */
    uint32_t left = walk->len - walk->offset;

    out->offset = walk->offset;
    out->status = tbf_parse(walk->bytes + walk->offset, left, &out->header);
    out->size = out->header.total_size;
    switch (out->status) {
    case TBF_END:
    case TBF_END_BAD:
    case TBF_BEYOND:
        walk->end = out->status;
        return false;
    default:
        walk->offset += out->size;
        return true;
    }
}
