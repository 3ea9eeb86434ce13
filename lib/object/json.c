/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "object/describe.h"

#include "host/alloc.h"
#include "tbf/entry.h"
#include "tbf/text.h"

#include <stdlib.h>

static void add_fields(struct json *to, uint32_t type, const uint8_t *data,
                       uint32_t len)
{
    uint32_t count;
    const struct tbf_field *fields = tbf_fields(type, &count);

    for (uint32_t i = 0; i < count; i++)
        if ((uint32_t)fields[i].at + fields[i].len <= len)
            json_add_number(to, fields[i].name,
                            tbf_field_get(&fields[i], data));
}

static void add_regions(struct json *to, const struct tbf_entry *entry)
{
    struct json *list = json_add_array(to, "regions");
    struct tbf_region_spec region;

    for (uint32_t i = 0; tbf_entry_region(entry, i, &region); i++) {
        struct json *item = json_add_object(list, NULL);

        json_add_number(item, "offset", region.offset);
        json_add_number(item, "size", region.size);
    }
}

/* The mask as the list of its bits: it has more than a number can hold. */
static void add_permissions(struct json *to, const struct tbf_entry *entry)
{
    struct json *list = json_add_array(to, "permissions");
    struct tbf_permission_spec p;

    for (uint32_t i = 0; tbf_entry_permission(entry, i, &p); i++) {
        struct json *item = json_add_object(list, NULL);
        struct json *bits;

        json_add_number(item, "driver", p.driver);
        json_add_number(item, "offset", p.offset);
        bits = json_add_array(item, "bits");
        for (uint32_t bit = 0; bit < 64; bit++)
            if ((p.mask >> bit & 1) != 0)
                json_add_number(bits, NULL, bit);
    }
}

static void add_ids(struct json *to, const struct tbf_entry *entry,
                    enum tbf_id_kind kind, const char *key)
{
    struct json *list = json_add_array(to, key);
    uint32_t id;

    for (uint32_t i = 0; tbf_entry_id(entry, kind, i, &id); i++)
        json_add_number(list, NULL, id);
}

static void add_storage(struct json *to, const struct tbf_entry *entry)
{
    uint32_t id;

    if (tbf_entry_id(entry, TBF_ID_WRITE, 0, &id))
        json_add_number(to, "write_id", id);
    add_ids(to, entry, TBF_ID_READ, "read_ids");
    add_ids(to, entry, TBF_ID_MODIFY, "modify_ids");
}

static void add_hex(struct json *to, const char *key, const uint8_t *bytes,
                    size_t len)
{
    static const char digits[] = "0123456789abcdef";
    char *text = alloc_zeroed(2 * len + 1, 1);

    for (size_t i = 0; i < len; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    json_add_string(to, key, text);
    free(text);
}

static void add_content(struct json *to, const struct tbf_entry *entry)
{
    uint32_t count;

    switch (entry->type) {
    case TBF_TYPE_NAME:
        json_add_text(to, "package_name", (const char *)entry->data,
                      entry->len);
        break;
    case TBF_TYPE_WRITEABLE_REGIONS:
        add_regions(to, entry);
        break;
    case TBF_TYPE_PERMISSIONS:
        add_permissions(to, entry);
        break;
    case TBF_TYPE_STORAGE:
        add_storage(to, entry);
        break;
    default:
        tbf_fields(entry->type, &count);
        if (count != 0)
            add_fields(to, entry->type, entry->data, entry->len);
        else
            add_hex(to, "data", entry->data, entry->len);
        break;
    }
}

static void add_entries(struct json *object, const struct tab_member *member)
{
    struct json *list = json_add_array(object, "entries");
    struct tbf_entries walk = tbf_entries_start(member->bytes, member->len);
    struct tbf_entry entry;

    while (tbf_entries_next(&walk, &entry)) {
        struct json *item = json_add_object(list, NULL);

        json_add_number(item, "offset", entry.offset);
        json_add_number(item, "size", entry.size);
        json_add_number(item, "type", entry.type);
        json_add_string(item, "name", tbf_type_text(entry.type));
        add_content(item, &entry);
    }
}

static void add_base(struct json *object, const struct tab_member *member)
{
    struct json *base;

    if (member->len < TBF_BASE_SIZE) {
        json_add_null(object, "base");
        return;
    }
    base = json_add_object(object, "base");
    add_fields(base, TBF_BASE_HEADER, member->bytes, TBF_BASE_SIZE);
}

static void add_footers(struct json *object, const struct tbf_header *h,
                        const uint8_t *bytes, const struct object_keys *keys)
{
    struct json *list = json_add_array(object, "footers");
    struct object_verify v = object_verify_start(h, bytes);
    struct sign_finding finding;
    struct tbf_footer footer;

    while (object_verify_next(&v, keys, &footer, &finding)) {
        struct json *item = json_add_object(list, NULL);

        json_add_number(item, "offset", footer.offset);
        json_add_number(item, "size", tbf_footer_size(footer.len));
        json_add_number(item, "format", footer.format);
        json_add_string(item, "name", object_format_key(footer.format));
        json_add_string(item, "verdict",
                        footer.format == TBF_CREDENTIAL_RESERVED
                            ? NULL
                            : object_verdict_key(finding.verdict));
        json_add_string(item, "key",
                        finding.key == NULL ? NULL
                                            : sign_key_path(finding.key));
    }
}

static void add_body(struct json *object, const struct tbf_header *h,
                     const uint8_t *bytes, const struct object_keys *keys)
{
    struct object_sizes sizes = object_sizes(h, bytes);
    struct json *to;

    json_add_number(object, "app_start", h->protected_size);
    json_add_number(object, "entry_point", h->init_offset);
    json_add_number(object, "binary_end", h->binary_end);
    add_footers(object, h, bytes, keys);
    to = json_add_object(object, "sizes");
    json_add_number(to, "header", sizes.header);
    json_add_number(to, "trailer", sizes.trailer);
    json_add_number(to, "binary", sizes.binary);
    json_add_number(to, "credentials", sizes.credentials);
    json_add_number(to, "free", sizes.reserve);
}

static void add_object(struct json *list, const struct object_file *file,
                       size_t index, const struct object_keys *keys)
{
    const struct tab_member *member = &file->tab.members[index];
    struct json *object = json_add_object(list, NULL);
    struct tbf_header h;
    enum tbf_status status = tbf_parse(member->bytes, member->len, &h);
    struct object_problem problem =
        object_problem(member->bytes, member->len, &h);

    json_add_string(object, "name", file->is_tab ? member->name : NULL);
    json_add_number(object, "size", (uint32_t)member->len);
    json_add_string(object, "problem",
                    problem.text[0] == '\0' ? NULL : problem.text);
    json_add_bool(object, "padding", status == TBF_OK && h.is_padding);
    add_base(object, member);
    if (status == TBF_END)
        return;
    add_entries(object, member);
    if (status == TBF_OK && !h.is_padding)
        add_body(object, &h, member->bytes, keys);
}

static void add_tab(struct json *to, const struct object_file *file)
{
    const struct tab_metadata *m = &file->tab.metadata;
    struct json *tab;

    if (!file->is_tab) {
        json_add_null(to, "tab");
        return;
    }
    tab = json_add_object(to, "tab");
    json_add_string(tab, "name", m->name);
    json_add_string(tab, "kernel", m->kernel);
    json_add_string(tab, "boards", m->boards);
    json_add_string(tab, "build_date", m->build_date);
}

void object_describe_json(const struct object_file *file,
                          const struct object_keys *keys, struct json *to)
{
    struct json *list;

    json_add_string(to, "path", file->path);
    json_add_string(to, "kind", file->is_tab ? "tab" : "tbf");
    add_tab(to, file);
    list = json_add_array(to, "objects");
    for (size_t i = 0; i < file->tab.count; i++)
        add_object(list, file, i, keys);
}
