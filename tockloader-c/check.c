/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "check.h"

#include "abi/abi.h"
#include "host/alloc.h"
#include "image.h"
#include "layout.h"
#include "tbf/text.h"

#include <stdlib.h>

void check_list(const struct region *region, struct notes *problems)
{
    if (region->tail == REGION_TAIL_UNKNOWN || region->end_status != TBF_END)
        notes_add(problems, "%s", region_tail_text(region).text);
}

/* Why the kernel would not start the app if it were enabled. */
static void check_runnable(const struct region_object *object,
                           struct notes *problems)
{
    struct tbf_header header = object->header;
    enum tbf_status status;

    header.flags |= TBF_FLAG_ENABLED;
    status = tbf_runnable(&header, object->address, TOCK_KERNEL_MAJOR,
                          TOCK_KERNEL_MINOR);
    if (status == TBF_WRONG_FLASH)
        notes_add(problems,
                  "linked for the flash address 0x%08x, stands so "
                  "that it would have to be 0x%08x",
                  header.fixed_flash, object->address + header.protected_size);
    else if (status == TBF_WRONG_KERNEL)
        notes_add(problems, "made for kernel %u.%u, ours are %u.0 to %u.%u",
                  header.kernel_major, header.kernel_minor, TOCK_KERNEL_MAJOR,
                  TOCK_KERNEL_MAJOR, TOCK_KERNEL_MINOR);
    else if (status != TBF_OK)
        notes_add(problems, "%s", tbf_status_text(status));
}

/* RAM that this app and one in front of it both need. */
static void check_ram_clash(const struct region *region,
                            const struct region_object *object,
                            const struct image_ram *ram, struct notes *problems)
{
    const struct region_object *other = region->objects;

    for (; other != object; other++) {
        struct image_ram its;

        if (!region_is_app(other) ||
            (other->header.flags & TBF_FLAG_ENABLED) == 0 ||
            !image_ram_block(region->board, &other->header, &its) ||
            its.end <= ram->start || ram->end <= its.start)
            continue;
        notes_add(problems,
                  "its RAM, 0x%08x to 0x%08x, is also that of the app at "
                  "0x%08x: only one of them starts",
                  ram->start, ram->end - 1, other->address);
    }
}

static void check_ram(const struct region *region,
                      const struct region_object *object,
                      struct notes *problems)
{
    struct image_ram ram;

    if (!image_ram_block(region->board, &object->header, &ram))
        notes_add(problems,
                  "linked for RAM at 0x%08x, where the board cannot give it "
                  "%u bytes",
                  object->header.fixed_ram, object->header.minimum_ram);
    else if ((object->header.flags & TBF_FLAG_ENABLED) != 0)
        check_ram_clash(region, object, &ram, problems);
}

void check_object(const struct region *region,
                  const struct region_object *object, struct notes *problems)
{
    if (object->is_retired)
        return;
    if (object->status != TBF_OK)
        notes_add(problems, "%s", tbf_status_text(object->status));
    if (!region_is_app(object))
        return;
    check_runnable(object, problems);
    if (!place_flash_fits(region->board->place, object->address, object->size))
        notes_add(problems, "memory protection cannot map %u bytes at 0x%08x",
                  object->size, object->address);
    check_ram(region, object, problems);
}

void check_all_ram(const struct region *region, struct notes *remarks)
{
    bool *none = alloc_zeroed(region->count, sizeof *none);
    const struct layout_request request = {.rule = LAYOUT_STAY,
                                           .is_removed = none};
    const struct layout_item *item = NULL;
    struct layout layout;
    struct err e = {0};

    if (layout_make(region, &request, &layout, &e) == 0) {
        item = layout_without_ram(&layout);
        if (item != NULL)
            notes_add(remarks,
                      "the apps together need more RAM than the board has for "
                      "them (%u bytes): the one at 0x%08x will probably not be "
                      "started",
                      region->board->app_ram.size, item->start);
        layout_free(&layout);
    }
    free(none);
}

struct check_credentials
check_credentials_start(const struct region *region,
                        const struct region_object *object,
                        struct sign_key *const *keys, size_t key_count)
{
    const uint8_t *bytes = region_bytes_of(region, object);

    return (struct check_credentials){
        .walk = tbf_footers_start(&object->header, bytes),
        .cover = sign_cover(bytes, object->header.binary_end),
        .keys = keys,
        .key_count = key_count,
    };
}

int check_credentials_next(struct check_credentials *walk,
                           struct check_credential *out, struct err *e)
{
    struct sign_finding finding;

    do {
        if (!tbf_footers_next(&walk->walk, &out->footer))
            return 0;
    } while (out->footer.format == TBF_CREDENTIAL_RESERVED);
    if (sign_check(&out->footer, &walk->cover, walk->keys, walk->key_count,
                   &finding, e) != 0)
        return -1;
    out->verdict = finding.verdict;
    out->key = finding.key;
    return 1;
}
