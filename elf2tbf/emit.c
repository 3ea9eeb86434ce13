/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "emit.h"

#include "base/le.h"
#include "host/alloc.h"
#include "tbf/text.h"

#include <stdlib.h>
#include <string.h>

static void put_parts(const struct elf_program *p, const struct binary *binary,
                      uint8_t *object)
{
    for (size_t i = 0; i < binary->count; i++) {
        const struct binary_part *part = &binary->parts[i];

        memcpy(object + part->at, p->bytes + part->segment.offset,
               part->segment.file_size);
    }
}

/* The app's start-up code finds them directly behind its data. */
static void put_relocations(const struct layout *l, uint8_t *object)
{
    uint8_t *at = object + l->relocation_at;

    le32_store(at, l->relocation_len);
    at += 4;
    for (size_t i = 0; i < l->relocation_count; i++) {
        memcpy(at, l->relocations[i].bytes, l->relocations[i].len);
        at += l->relocations[i].len;
    }
}

/* The memory is zeroed, and stays untouched where nothing else is put. */
static void put_reserved(const struct layout *l, uint8_t *object)
{
    uint32_t at = l->spec.binary_end + footers_size(l->footers);
    uint32_t room = l->spec.total_size - at;

    if (l->has_one_reserved)
        tbf_build_reserved_cut(object + at, room);
    else
        tbf_put_reserved(object + at, room);
}

static int check_object(const struct layout *l, const uint8_t *object,
                        struct err *e)
{
    const struct tbf_spec *spec = &l->spec;
    struct tbf_header h;
    enum tbf_status status = tbf_parse(object, spec->total_size, &h);

    if (status != TBF_OK)
        return err_set(e, ERR_INPUT, "kernels would refuse the object: %s",
                       tbf_status_text(status));
    if (h.total_size != spec->total_size || h.is_padding ||
        h.binary_end != spec->binary_end ||
        h.protected_size != spec->protected_size ||
        h.init_offset != spec->init_offset ||
        h.minimum_ram != spec->minimum_ram)
        return err_set(e, ERR_INTERNAL,
                       "the object does not read back as it was written");
    return footers_verify(l->footers, object, &h, e);
}

int emit_object(const struct elf_program *program, const struct layout *layout,
                uint8_t **bytes, struct err *e)
{
    const struct tbf_spec *spec = &layout->spec;
    uint8_t *object = alloc_zeroed(spec->total_size, 1);
    int result;

    if (tbf_build_header(spec, object, spec->total_size)) {
        put_parts(program, &layout->binary, object);
        put_relocations(layout, object);
        put_reserved(layout, object);
        result = footers_write(layout->footers, object, spec->binary_end, e);
        if (result == 0)
            result = check_object(layout, object, e);
    } else {
        result = err_set(e, ERR_INTERNAL, "the header does not fit");
    }
    if (result == 0)
        *bytes = object;
    else
        free(object);
    return result;
}
