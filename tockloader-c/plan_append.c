/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * The order of protocol S. What is reachable, from the first object to the
 * end of the list, is touched by single words only, each of which leaves a
 * list that a kernel walks to the same end:
 *
 *   1 objects that go and stand in front of others are retired;
 *   2 everything behind the list is made blank, the page where the list ends
 *     last, so that no leftover is ever reached;
 *   3 dead objects at the end of the list are given back: the version of the
 *     last one first, one bit, then its pages;
 *   4 the pages of what comes are erased, blank or not, and one more;
 *   5 for each new app: padding in front of it, its bytes without the first
 *     eight, read back; its total size; then the word that lets the list go
 *     on, the commit; then what it replaces is retired.
 *
 * docs/update-safety.md argues why a cut at any place, also in the middle of
 * a word or of an erasure, is harmless; tests/cut tries them.
 */

#include "base/bits.h"
#include "plan_ops.h"
#include "tbf/clear.h"

/* Units up to this size hold one word of a header only. */
enum { WORD = 4 };

static bool writes_words(const struct plan *plan)
{
    return plan->write_unit <= WORD;
}

static bool is_new(const struct layout *layout, const struct layout_item *item)
{
    return item->kept == NULL && item->start >= layout->append;
}

/* --- retiring ------------------------------------------------------------- */

/* The item of the app that replaces it, null if none does. */
static const struct layout_item *successor(const struct layout *layout,
                                           const struct layout_item *item)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->items[i].wish != NULL &&
            layout->items[i].wish->old == item->kept)
            return &layout->items[i];
    return NULL;
}

/* The flag first: what a cut leaves can then be told from damage. */
static void program_state(struct plan *plan, uint32_t object)
{
    static const uint32_t words[] = {TBF_FLAGS_AT, TBF_CHECKSUM_AT};

    if (!writes_words(plan)) {
        plan_program(plan, PLAN_STEP_RETIRE, object + TBF_FLAGS_AT, 2 * WORD);
        return;
    }
    for (int i = 0; i < 2; i++)
        if (memcmp(plan_have(plan, object + words[i]),
                   plan_want(plan, object + words[i]), WORD) != 0)
            plan_program(plan, PLAN_STEP_RETIRE, object + words[i], WORD);
}

/* For good. Flash with larger units may allow a second write of zeros only. */
static void retire(struct plan *plan, uint32_t object)
{
    tbf_clear_retire(plan_want(plan, object));
    if (!writes_words(plan))
        memset(plan_want(plan, object + TBF_FLAGS_AT), 0, 2 * WORD);
    program_state(plan, object);
}

/*
 * An old version becomes a disabled app where its checksum allows that: two
 * words of one bit each. The kernel's and other loaders' lists stay whole.
 */
static void retire_old(struct plan *plan, const struct layout_item *item,
                       const struct layout_item *by)
{
    uint32_t flags = layout_flags(by->wish, by->image);

    if ((flags & TBF_FLAG_ENABLED) != 0 && writes_words(plan) &&
        tbf_clear_enabled(plan_want(plan, item->start)))
        program_state(plan, item->start);
    else
        retire(plan, item->start);
}

static void retire_all_removed(struct plan *plan, const struct layout *layout)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->items[i].retires &&
            successor(layout, &layout->items[i]) == NULL)
            retire(plan, layout->items[i].start);
}

/* --- disabling in place --------------------------------------------------- */

static void change_flags(struct plan *plan, const struct layout *layout)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->items[i].kept != NULL && layout->items[i].image != NULL)
            program_state(plan, layout->items[i].start);
}

/* --- behind the list ------------------------------------------------------ */

static uint32_t page_of(const struct plan *plan, uint32_t addr)
{
    return align_down_u32(addr, plan->page_size);
}

static uint32_t next_page(const struct plan *plan, uint32_t addr)
{
    return (uint32_t)align_up_u64(addr, plan->page_size);
}

/* Old headers in the page where the list ends: none of them may be the first
 * thing that a torn erasure of this page leaves readable. */
static void kill_heads(struct plan *plan, uint32_t end, uint32_t page_end)
{
    for (uint32_t at = end; page_end - at >= TBF_BASE_SIZE; at += WORD) {
        struct tbf_header ignored;
        const uint8_t *bytes = plan_have(plan, at);
        bool is_end = at == end;

        if (is_end ? plan_is_blank(bytes, TBF_BASE_SIZE)
                   : tbf_parse_part(bytes, page_end - at,
                                    plan->start + plan->size - at,
                                    &ignored) == TBF_END)
            continue;
        if (bytes[0] == TBF_VERSION_BIT && writes_words(plan))
            plan_clear(plan, PLAN_STEP_CONTENT, at, 1,
                       (uint8_t)~TBF_VERSION_BIT);
        plan_clear(plan, PLAN_STEP_CONTENT, at + TBF_FLAGS_AT, 2 * WORD, 0);
    }
}

/* From the last page down to the one where the list ends. */
static void clean_tail(struct plan *plan, uint32_t end, bool may_erase_page)
{
    uint32_t limit = plan->start + plan->size;
    uint32_t first = next_page(plan, end + 1);

    if (plan_is_blank(plan_have(plan, end), limit - end))
        return;
    if (may_erase_page)
        kill_heads(plan, end, first);
    for (uint32_t page = limit; page > first;) {
        page -= plan->page_size;
        if (!plan_is_blank(plan_have(plan, page), plan->page_size))
            plan_erase(plan, page);
    }
    if (may_erase_page && page_of(plan, end) == end)
        plan_erase(plan, end);
}

static void erase_down(struct plan *plan, uint32_t from, uint32_t to)
{
    while (from > to) {
        from -= plan->page_size;
        plan_erase(plan, from);
    }
}

static void kill(struct plan *plan, const struct region_object *object)
{
    uint32_t state = object->address + TBF_FLAGS_AT;

    if (writes_words(plan)) {
        plan_clear(plan, PLAN_STEP_RETIRE, state, 1,
                   (uint8_t)~TBF_FLAG_ENABLED);
        plan_clear(plan, PLAN_STEP_RETIRE, object->address + TBF_CHECKSUM_AT,
                   WORD, 0);
    } else {
        plan_clear(plan, PLAN_STEP_RETIRE, state, 2 * WORD, 0);
    }
}

/* Takes the objects behind append out of use, then out of the list. */
static void give_back(struct plan *plan, const struct region *region,
                      uint32_t append)
{
    size_t first = region->count;

    while (first > 0 && region->objects[first - 1].address >= append)
        first--;
    for (size_t i = first; i < region->count; i++)
        if (region_is_app(&region->objects[i]))
            kill(plan, &region->objects[i]);
    for (size_t i = region->count; i-- > first && writes_words(plan);)
        plan_clear(plan, PLAN_STEP_CONTENT, region->objects[i].address, 1,
                   (uint8_t)~TBF_VERSION_BIT);
    erase_down(plan, next_page(plan, region->end), append);
}

/* --- what comes ----------------------------------------------------------- */

/* The first eight bytes, with them the list goes on behind the object. */
static void commit(struct plan *plan, uint32_t object)
{
    if (writes_words(plan)) {
        plan_program(plan, PLAN_STEP_CONTENT, object + TBF_TOTAL_SIZE_AT, WORD);
        plan_program(plan, PLAN_STEP_COMMIT, object, WORD);
    } else {
        plan_program(plan, PLAN_STEP_COMMIT, object, TBF_HEAD_SIZE);
    }
}

/* All but the first eight bytes, checked before they count. */
static void put_content(struct plan *plan, uint32_t start, uint32_t end)
{
    plan_program(plan, PLAN_STEP_CONTENT, start + TBF_HEAD_SIZE,
                 end - start - TBF_HEAD_SIZE);
    plan_verify(plan, start + TBF_HEAD_SIZE, end - start - TBF_HEAD_SIZE);
}

/* Index of the item of the object that this wish replaces; count if none. */
static size_t old_item(const struct layout *layout,
                       const struct layout_wish *wish)
{
    size_t i = 0;

    while (i < layout->count &&
           (wish->old == NULL || layout->items[i].kept != wish->old ||
            !layout->items[i].retires))
        i++;
    return i;
}

static void put_items(struct plan *plan, const struct layout *layout)
{
    for (size_t i = 0; i < layout->count; i++) {
        const struct layout_item *item = &layout->items[i];
        uint32_t end = item->end;
        size_t old;

        if (!is_new(layout, item))
            continue;
        /* Padding that fills the last page of an app comes with it. */
        if (item->image != NULL && i + 1 < layout->count &&
            end % plan->page_size != 0)
            end = layout->items[++i].end;
        put_content(plan, item->start, end);
        commit(plan, item->start);
        if (item->image == NULL)
            continue;
        old = old_item(layout, item->wish);
        if (old != layout->count)
            retire_old(plan, &layout->items[old], item);
    }
}

/* --------------------------------------------------------------------------------
 */

/* Where pages can be erased: not where the list ends in the middle of one. */
static uint32_t first_erasable(const struct plan *plan,
                               const struct layout *layout)
{
    return next_page(plan, layout->append);
}

void plan_clean(struct plan *plan, const struct region *region)
{
    uint32_t limit = region_limit(region);
    uint32_t first = next_page(plan, region->end);

    memset(plan_want(plan, first), PLAN_ERASED, limit - first);
    clean_tail(plan, region->end, region->end == first);
    plan_end(plan);
}

static void move_end(struct plan *plan, const struct layout *layout)
{
    const struct region *region = layout->region;
    uint32_t end = layout_end(layout);
    uint32_t limit = region_limit(region);

    clean_tail(plan, region->end,
               layout->append < region->end ||
                   region->end % plan->page_size == 0);
    if (layout->append < region->end)
        give_back(plan, region, layout->append);
    if (end > layout->append)
        erase_down(plan, end == limit ? end : end + plan->page_size,
                   first_erasable(plan, layout));
    put_items(plan, layout);
}

void plan_append(struct plan *plan, const struct layout *layout)
{
    const struct region *region = layout->region;
    uint32_t first = first_erasable(plan, layout);
    bool moves =
        layout->append < region->end || layout_end(layout) > region->end;

    if (moves)
        memset(plan_want(plan, first), PLAN_ERASED,
               region_limit(region) - first);
    plan_write_items(plan, layout);
    change_flags(plan, layout);
    retire_all_removed(plan, layout);
    if (moves)
        move_end(plan, layout);
    plan_end(plan);
}
