/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "survey.h"

#include "layout.h"
#include "tbf/text.h"

#include <stdio.h>
#include <string.h>

struct survey survey_region(const struct region *region)
{
    struct survey survey = {
        .used = region->end - region->board->apps.start,
    };

    for (size_t i = 0; i < region->count; i++) {
        const struct region_object *object = &region->objects[i];

        if (region_is_app(object))
            survey.apps++;
        else if (object->is_retired)
            survey.retired += object->size;
        else if (region_is_padding(object))
            survey.padding += object->size;
    }
    if (!layout_largest(region, &survey.largest_addr, &survey.largest))
        survey.largest = 0;
    return survey;
}

bool survey_is_enabled(const struct region_object *object)
{
    return (object->header.flags & TBF_FLAG_ENABLED) != 0;
}

bool survey_is_sticky(const struct region_object *object)
{
    return (object->header.flags & TBF_FLAG_STICKY) != 0;
}

const char *survey_state(const struct region_object *object)
{
    if (object->is_retired)
        return "retired";
    if (object->status != TBF_OK)
        return tbf_status_text(object->status);
    return survey_is_enabled(object) ? "enabled" : "disabled";
}

const char *survey_name(const struct region_object *object, size_t *len)
{
    const struct tbf_header *h = &object->header;
    bool has_header = region_is_app(object) ||
                      (object->is_retired && object->status == TBF_OK);
    const char *name = has_header                  ? "(no name)"
                       : object->is_retired        ? "(retired)"
                       : region_is_padding(object) ? "(padding)"
                                                   : "(damaged)";

    if (has_header && h->name_len != 0) {
        *len = h->name_len;
        return h->name;
    }
    *len = strlen(name);
    return name;
}

void survey_credentials(const struct region *region,
                        const struct region_object *object,
                        const struct object_keys *keys, char *out, size_t room)
{
    const uint8_t *bytes = region_bytes_of(region, object);
    struct tbf_footers names = tbf_footers_start(&object->header, bytes);
    struct object_verify verdicts = object_verify_start(&object->header, bytes);
    struct sign_finding finding;
    struct tbf_footer footer;
    size_t len = 0;

    out[0] = '\0';
    while (len < room && (keys == NULL ? tbf_footers_next(&names, &footer)
                                       : object_verify_next(&verdicts, keys,
                                                            &footer, &finding)))
        if (footer.format != TBF_CREDENTIAL_RESERVED)
            len += (size_t)snprintf(
                out + len, room - len, "%s%s%s%s", len == 0 ? "" : ", ",
                tbf_credential_text(footer.format), keys == NULL ? "" : " ",
                keys == NULL ? "" : object_verdict_key(finding.verdict));
}
