/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "describe.h"

#include "survey.h"

static void add_credentials(struct json *app, const struct region *region,
                            const struct region_object *object)
{
    struct json *list = json_add_array(app, "credentials");
    struct tbf_footers walk =
        tbf_footers_start(&object->header, region_bytes_of(region, object));
    struct tbf_footer footer;

    while (tbf_footers_next(&walk, &footer))
        if (footer.format != TBF_CREDENTIAL_RESERVED)
            json_add_string(list, NULL, object_format_key(footer.format));
}

static void add_verdicts(struct json *app, const struct region *region,
                         const struct region_object *object,
                         const struct object_keys *keys)
{
    struct json *list = json_add_array(app, "verdicts");
    struct object_verify v =
        object_verify_start(&object->header, region_bytes_of(region, object));
    struct sign_finding finding;
    struct tbf_footer footer;

    while (object_verify_next(&v, keys, &footer, &finding))
        if (footer.format != TBF_CREDENTIAL_RESERVED)
            json_add_string(list, NULL, object_verdict_key(finding.verdict));
}

static void add_app(struct json *apps, const struct region *region,
                    const struct region_object *object,
                    const struct object_keys *keys)
{
    const struct tbf_header *h = &object->header;
    struct json *app = json_add_object(apps, NULL);

    json_add_text(app, "name", h->name_len == 0 ? "" : h->name, h->name_len);
    json_add_number(app, "address", object->address);
    json_add_number(app, "size", object->size);
    json_add_number(app, "used", h->binary_end);
    json_add_number(app, "version", h->version);
    json_add_bool(app, "enabled", survey_is_enabled(object));
    json_add_bool(app, "sticky", survey_is_sticky(object));
    if (h->short_id == 0)
        json_add_null(app, "short_id");
    else
        json_add_number(app, "short_id", h->short_id);
    add_credentials(app, region, object);
    if (keys != NULL)
        add_verdicts(app, region, object, keys);
    json_add_string(app, "problem",
                    object->status == TBF_OK ? NULL : survey_state(object));
}

static struct json *add_other(struct json *list,
                              const struct region_object *object)
{
    struct json *other = json_add_object(list, NULL);

    json_add_number(other, "address", object->address);
    json_add_number(other, "size", object->size);
    return other;
}

void describe_region(struct json *document, const struct region *region,
                     const struct object_keys *keys)
{
    struct json *area = json_add_object(document, "region");
    struct json *apps = json_add_array(document, "apps");
    struct json *padding = json_add_array(document, "padding");
    struct json *retired = json_add_array(document, "retired");
    struct json *damaged = json_add_array(document, "damaged");

    json_add_number(area, "start", region->board->apps.start);
    json_add_number(area, "size", region->board->apps.size);
    json_add_number(area, "end", region->end);
    for (size_t i = 0; i < region->count; i++) {
        const struct region_object *object = &region->objects[i];

        if (region_is_app(object))
            add_app(apps, region, object, keys);
        else if (object->is_retired)
            add_other(retired, object);
        else if (region_is_padding(object))
            add_other(padding, object);
        else
            json_add_string(add_other(damaged, object), "problem",
                            survey_state(object));
    }
}
