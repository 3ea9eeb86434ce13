/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "object/describe.h"

#include "host/text.h"
#include "host/ui.h"
#include "tbf/entry.h"
#include "tbf/text.h"

#include <string.h>

enum { FIELD_WIDTH = 19, VALUE_WIDTH = 12, BYTES_SHOWN = 16 };

/* What an entry is part of. */
struct context {
    const uint8_t *bytes;
    size_t len;
    uint32_t header_size;
    FILE *to;
};

/* --- fields --------------------------------------------------------------- */

static void put_field(FILE *to, const char *name)
{
    fprintf(to, "            %-*s ", FIELD_WIDTH, name);
}

static bool is_named(const struct tbf_field *field, const char *name)
{
    return strcmp(field->name, name) == 0;
}

struct meaning {
    char text[64];
};

/* Names of the bits that are set; a reserved one is told once. */
static struct meaning describe_flags(uint32_t flags)
{
    struct meaning m;
    bool is_enabled = (flags & TBF_FLAG_ENABLED) != 0;
    bool is_sticky = (flags & TBF_FLAG_STICKY) != 0;
    bool is_odd = (flags & ~(TBF_FLAG_ENABLED | TBF_FLAG_STICKY)) != 0;

    snprintf(m.text, sizeof m.text, "%s%s%s",
             is_enabled ? "enabled" : "disabled", is_sticky ? ", sticky" : "",
             is_odd ? ", reserved bits" : "");
    return m;
}

static struct meaning describe_checksum(const struct context *c, uint32_t value)
{
    struct meaning m = {""};
    uint32_t right;

    if (c->header_size > c->len)
        return m;
    right = tbf_checksum(c->bytes, c->header_size);
    if (right != value)
        snprintf(m.text, sizeof m.text, "wrong: expected 0x%08x", right);
    return m;
}

static bool is_fixed_address(const struct tbf_field *field)
{
    return strncmp(field->name, "fixed_", strlen("fixed_")) == 0;
}

/* What the number says beyond itself; an empty text for nothing. */
static struct meaning describe_number(const struct context *c,
                                      const struct tbf_field *field,
                                      uint32_t value)
{
    struct meaning m = {""};
    unsigned long long from_header = (unsigned long long)c->header_size + value;

    if (is_named(field, "flags"))
        return describe_flags(value);
    if (is_named(field, "checksum"))
        return describe_checksum(c, value);
    if (is_named(field, "init_fn_offset"))
        snprintf(m.text, sizeof m.text, "entry point 0x%llx", from_header);
    else if (is_named(field, "protected_size"))
        snprintf(m.text, sizeof m.text, "app start 0x%llx", from_header);
    else if (is_named(field, "minimum_ram_size") ||
             is_named(field, "total_size"))
        snprintf(m.text, sizeof m.text, "%s", ui_size(value).text);
    else if (is_fixed_address(field) && value == TBF_NOT_FIXED)
        snprintf(m.text, sizeof m.text, "not fixed");
    return m;
}

/* Addresses, bits and ids are hexadecimal. */
static bool is_hex(const struct tbf_field *field)
{
    return is_named(field, "flags") || is_named(field, "checksum") ||
           is_named(field, "short_id") || is_fixed_address(field);
}

static void put_value(const struct context *c, const struct tbf_field *field,
                      uint32_t value)
{
    struct meaning meaning;
    char text[16];

    snprintf(text, sizeof text, is_hex(field) ? "0x%08x" : "%u", value);
    put_field(c->to, field->name);
    fputs(text, c->to);
    meaning = describe_number(c, field, value);
    if (meaning.text[0] != '\0')
        fprintf(c->to, "%*s%s", (int)(VALUE_WIDTH - strlen(text)), "",
                meaning.text);
    putc('\n', c->to);
}

static void put_fields(const struct context *c, uint32_t type,
                       const uint8_t *data, uint32_t len)
{
    uint32_t count;
    const struct tbf_field *fields = tbf_fields(type, &count);

    for (uint32_t i = 0; i < count; i++)
        if ((uint32_t)fields[i].at + fields[i].len <= len)
            put_value(c, &fields[i], tbf_field_get(&fields[i], data));
}

/* --- entries -------------------------------------------------------------- */

static void put_bytes(FILE *to, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len && i < BYTES_SHOWN; i++)
        fprintf(to, "%s%02x", i == 0 ? "" : " ", bytes[i]);
    fputs(len > BYTES_SHOWN ? " ...\n" : "\n", to);
}

static void put_regions(const struct context *c, const struct tbf_entry *entry)
{
    struct tbf_region_spec region;

    for (uint32_t i = 0; tbf_entry_region(entry, i, &region); i++) {
        put_field(c->to, "region");
        fprintf(c->to, "0x%08x, %u bytes\n", region.offset, region.size);
    }
}

/* Commands 64*offset + bit; those of one record in one line. */
static void put_permissions(const struct context *c,
                            const struct tbf_entry *entry)
{
    struct tbf_permission_spec p;

    for (uint32_t i = 0; tbf_entry_permission(entry, i, &p); i++) {
        put_field(c->to, "driver");
        fprintf(c->to, "0x%08x  commands", p.driver);
        for (uint32_t bit = 0; bit < 64; bit++)
            if ((p.mask >> bit & 1) != 0)
                fprintf(c->to, " %llu",
                        (unsigned long long)p.offset * 64 + bit);
        fputs(p.mask == 0 ? " none\n" : "\n", c->to);
    }
}

static void put_ids(const struct context *c, const struct tbf_entry *entry,
                    enum tbf_id_kind kind, const char *name)
{
    uint32_t id;

    for (uint32_t i = 0; tbf_entry_id(entry, kind, i, &id); i++) {
        put_field(c->to, name);
        fprintf(c->to, "0x%08x%s\n", id,
                kind == TBF_ID_WRITE && id == 0 ? "  may not write" : "");
    }
}

static void put_content(const struct context *c, const struct tbf_entry *entry)
{
    uint32_t count;

    switch (entry->type) {
    case TBF_TYPE_NAME:
        put_field(c->to, "package_name");
        text_put(c->to, (const char *)entry->data, entry->len, 0);
        putc('\n', c->to);
        break;
    case TBF_TYPE_WRITEABLE_REGIONS:
        put_regions(c, entry);
        break;
    case TBF_TYPE_PERMISSIONS:
        put_permissions(c, entry);
        break;
    case TBF_TYPE_STORAGE:
        put_ids(c, entry, TBF_ID_WRITE, "write_id");
        put_ids(c, entry, TBF_ID_READ, "read_id");
        put_ids(c, entry, TBF_ID_MODIFY, "modify_id");
        break;
    default:
        tbf_fields(entry->type, &count);
        if (count != 0) {
            put_fields(c, entry->type, entry->data, entry->len);
        } else {
            put_field(c->to, "data");
            put_bytes(c->to, entry->data, entry->len);
        }
        break;
    }
}

static void put_entries(const struct context *c)
{
    struct tbf_entries walk = tbf_entries_start(c->bytes, c->len);
    struct tbf_entry entry;

    while (tbf_entries_next(&walk, &entry)) {
        fprintf(c->to, "  0x%06x  %s (%u), %u bytes\n", entry.offset,
                tbf_type_text(entry.type), entry.type, entry.len);
        put_content(c, &entry);
    }
    if (walk.offset == walk.end)
        return;
    fprintf(c->to, "  0x%06x  no entry, %u bytes\n", walk.offset,
            walk.end - walk.offset);
    put_field(c->to, "data");
    put_bytes(c->to, c->bytes + walk.offset, walk.end - walk.offset);
}

/* --- parts ---------------------------------------------------------------- */

struct object_sizes object_sizes(const struct tbf_header *h,
                                 const uint8_t *bytes)
{
    struct object_sizes sizes = {
        .header = h->header_size,
        .trailer = h->protected_size - h->header_size,
        .binary = h->binary_end - h->protected_size,
    };
    struct tbf_footers walk = tbf_footers_start(h, bytes);
    struct tbf_footer footer;

    while (tbf_footers_next(&walk, &footer))
        if (footer.format != TBF_CREDENTIAL_RESERVED)
            sizes.credentials += tbf_footer_size(footer.len);
    sizes.reserve = h->total_size - h->binary_end - sizes.credentials;
    return sizes;
}

static void put_key(FILE *to, const struct sign_finding *finding)
{
    if (finding->key == NULL)
        return;
    fputs(", key ", to);
    text_put(to, sign_key_path(finding->key),
             strlen(sign_key_path(finding->key)), 0);
}

static void put_footers(const struct context *c, const struct tbf_header *h,
                        const struct object_keys *keys)
{
    struct object_verify v = object_verify_start(h, c->bytes);
    struct sign_finding finding;
    struct tbf_footer footer;

    while (object_verify_next(&v, keys, &footer, &finding)) {
        fprintf(c->to, "  0x%06x  %s (%u), %u bytes", footer.offset,
                tbf_credential_text(footer.format), footer.format, footer.len);
        if (footer.format != TBF_CREDENTIAL_RESERVED) {
            fprintf(c->to, ": %s", sign_verdict_text(finding.verdict));
            put_key(c->to, &finding);
        }
        putc('\n', c->to);
    }
    if (v.walk.offset == v.walk.end)
        return;
    fprintf(c->to, "  0x%06x  no footer, %u bytes\n", v.walk.offset,
            v.walk.end - v.walk.offset);
    put_field(c->to, "data");
    put_bytes(c->to, c->bytes + v.walk.offset, v.walk.end - v.walk.offset);
}

/* What lies behind the header of a well-formed app. */
static void put_body(const struct context *c, const struct tbf_header *h,
                     const struct object_keys *keys)
{
    struct object_sizes sizes = object_sizes(h, c->bytes);

    if (sizes.trailer != 0)
        fprintf(c->to, "  0x%06x  protected trailer, %u bytes\n",
                h->header_size, sizes.trailer);
    fprintf(c->to, "  0x%06x  app binary, %u bytes", h->protected_size,
            sizes.binary);
    if (h->init_offset != 0)
        fprintf(c->to, ", entry point 0x%x", h->init_offset);
    putc('\n', c->to);
    put_footers(c, h, keys);
    fprintf(c->to,
            "  sizes     header %u, trailer %u, binary %u, credentials %u, "
            "free %u\n",
            sizes.header, sizes.trailer, sizes.binary, sizes.credentials,
            sizes.reserve);
}

/* Do the header's numbers say where binary and footers are? */
static bool has_body(enum tbf_status status, const struct tbf_header *h)
{
    return (status == TBF_OK && !h->is_padding) ||
           status == TBF_BAD_ENTRY_POINT || status == TBF_BAD_REGION;
}

static void put_object(const struct tab_member *member,
                       const struct object_keys *keys, FILE *to)
{
    struct tbf_header h;
    enum tbf_status status = tbf_parse(member->bytes, member->len, &h);
    struct object_problem problem =
        object_problem(member->bytes, member->len, &h);
    struct context c = {member->bytes, member->len, h.header_size, to};

    if (problem.text[0] != '\0')
        fprintf(to, "  malformed: %s\n", problem.text);
    if (status == TBF_END || member->len < TBF_BASE_SIZE) {
        put_field(to, "data");
        put_bytes(to, member->bytes, member->len);
        return;
    }
    fprintf(to, "  0x%06x  base header, %u bytes\n", 0, TBF_BASE_SIZE);
    put_fields(&c, TBF_BASE_HEADER, member->bytes, TBF_BASE_SIZE);
    put_entries(&c);
    if (status == TBF_OK && h.is_padding)
        fprintf(to, "  0x%06x  padding, %u bytes\n", TBF_BASE_SIZE,
                h.total_size - TBF_BASE_SIZE);
    else if (has_body(status, &h))
        put_body(&c, &h, keys);
}

static void put_metadata(FILE *to, const char *name, const char *value)
{
    if (value == NULL)
        return;
    fprintf(to, "  %-28s ", name);
    text_put(to, value, strlen(value), 0);
    putc('\n', to);
}

static void put_tab(const struct object_file *file, FILE *to)
{
    const struct tab_metadata *m = &file->tab.metadata;

    text_put(to, file->path, strlen(file->path), 0);
    fprintf(to, ": TAB with %zu object%s\n", file->tab.count,
            file->tab.count == 1 ? "" : "s");
    put_metadata(to, "name", m->name);
    put_metadata(to, "minimum-tock-kernel-version", m->kernel);
    put_metadata(to, "only-for-boards", m->boards);
    put_metadata(to, "build-date", m->build_date);
}

void object_describe_text(const struct object_file *file,
                          const struct object_keys *keys, FILE *to)
{
    if (file->is_tab)
        put_tab(file, to);
    for (size_t i = 0; i < file->tab.count; i++) {
        struct object_name name = object_name(file, i);

        if (file->is_tab)
            putc('\n', to);
        text_put(to, name.text, strlen(name.text), 0);
        fprintf(to, ": %zu bytes\n", file->tab.members[i].len);
        put_object(&file->tab.members[i], keys, to);
    }
}

int object_describe_check(const struct object_file *file, struct err *e)
{
    struct tbf_header h;

    for (size_t i = 0; i < file->tab.count; i++)
        if (object_check(file, i, &h, e) != 0)
            return -1;
    return 0;
}
