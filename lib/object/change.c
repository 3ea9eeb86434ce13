/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Old credentials are made again at the end, when the covered bytes have
 * reached their final state. Who can do that, the old one tells: it is judged
 * over the bytes that the file's object has, which stay untouched until then.
 * A credential of the copy with other data than all of the original is a new
 * one; these are made after there is room for them, so that they are right.
 */
#include "object/change.h"

#include "host/alloc.h"
#include "tbf/text.h"

#include <stdlib.h>
#include <string.h>

static const struct tab_member *original(const struct object_change *change)
{
    return &change->file->tab.members[change->index];
}

static int failed(const struct object_change *change, struct err *e)
{
    return change->file->is_tab
               ? err_while(e, "changing '%s' in '%s'",
                           object_name(change->file, change->index).text,
                           change->file->path)
               : err_while(e, "changing '%s'", change->file->path);
}

static int refuse(const struct object_change *change, enum tbf_edit status,
                  struct err *e)
{
    err_set(e, ERR_INPUT, "%s", tbf_edit_text(status));
    return failed(change, e);
}

/* Each credential costs a walk over all: their number is limited. */
static int check_count(const struct object_file *file, size_t index,
                       const struct tbf_header *h, struct err *e)
{
    struct tbf_footers walk =
        tbf_footers_start(h, file->tab.members[index].bytes);
    struct tbf_footer footer;
    unsigned count = 0;

    while (tbf_footers_next(&walk, &footer))
        count += footer.format != TBF_CREDENTIAL_RESERVED;
    if (count <= OBJECT_MAX_CREDENTIALS)
        return 0;
    return err_set(e, ERR_INPUT, "'%s' has %u credentials, more than %u",
                   object_name(file, index).text, count,
                   OBJECT_MAX_CREDENTIALS);
}

int object_change_begin(struct object_change *change, struct object_file *file,
                        size_t index, const struct object_policy *policy,
                        struct err *e)
{
    const struct tab_member *member = &file->tab.members[index];
    struct tbf_header h;

    *change =
        (struct object_change){.file = file, .index = index, .policy = policy};
    if (object_check(file, index, &h, e) != 0)
        return -1;
    if (h.is_padding)
        return err_set(e, ERR_INPUT,
                       "'%s' is padding, there is nothing to "
                       "change",
                       object_name(file, index).text);
    if (check_count(file, index, &h, e) != 0)
        return -1;
    change->len = h.total_size;
    change->bytes = alloc_resize(NULL, change->len, 1);
    memcpy(change->bytes, member->bytes, change->len);
    change->report.old_size = change->len;
    return 0;
}

struct tbf_header object_change_header(const struct object_change *change)
{
    struct tbf_header h;

    if (tbf_parse(change->bytes, change->len, &h) != TBF_OK)
        abort(); /* every step leaves an object that kernels take */
    return h;
}

void object_change_free(struct object_change *change)
{
    free(change->bytes);
    change->bytes = NULL;
}

/* --- room ----------------------------------------------------------------- */

static int grow(struct object_change *change, uint32_t missing, struct err *e)
{
    uint32_t size = tbf_grown_size(change->len, missing);
    enum tbf_edit status;

    if (!change->policy->grow || size == 0) {
        err_set(e, ERR_INPUT,
                "%u more bytes are needed than the object has free", missing);
        if (size != 0)
            err_hint(e, "--grow makes it larger, from %u to %u bytes",
                     change->len, size);
        return failed(change, e);
    }
    change->bytes = alloc_resize(change->bytes, size, 1);
    status = tbf_grow(change->bytes, size);
    if (status != TBF_EDIT_OK)
        return refuse(change, status, e);
    change->len = size;
    return 0;
}

static int check_result(const struct object_change *change, struct err *e)
{
    struct tbf_header h;
    struct object_problem problem =
        object_problem(change->bytes, change->len, &h);

    if (problem.text[0] == '\0')
        return 0;
    err_set(e, ERR_INPUT, "kernels would refuse the result: %s", problem.text);
    return failed(change, e);
}

bool object_change_has_entry(const struct object_change *change, uint32_t type)
{
    struct tbf_entries walk = tbf_entries_start(change->bytes, change->len);
    struct tbf_entry entry;

    while (tbf_entries_next(&walk, &entry))
        if (entry.type == type)
            return true;
    return false;
}

int object_change_entry(struct object_change *change, enum tbf_type type,
                        const struct tbf_spec *spec, struct err *e)
{
    uint32_t missing;
    enum tbf_edit status = tbf_put_entry(change->bytes, type, spec, &missing);

    if (status == TBF_EDIT_NO_ROOM) {
        if (grow(change, missing, e) != 0)
            return -1;
        status = tbf_put_entry(change->bytes, type, spec, &missing);
    }
    if (status != TBF_EDIT_OK)
        return refuse(change, status, e);
    return check_result(change, e);
}

int object_change_remove_entries(struct object_change *change, uint32_t type,
                                 struct err *e)
{
    enum tbf_edit status = tbf_remove_entries(change->bytes, type);

    return status == TBF_EDIT_OK ? 0 : refuse(change, status, e);
}

int object_change_field(struct object_change *change, uint32_t type,
                        const char *name, uint32_t value, struct err *e)
{
    enum tbf_edit status = tbf_set_field(change->bytes, type, name, value);

    if (status == TBF_EDIT_OK)
        return check_result(change, e);
    if (status == TBF_EDIT_NO_ENTRY && tbf_field(type, name) == NULL)
        err_set(e, ERR_INPUT, "the entry has no field '%s'", name);
    else
        err_set(e, ERR_INPUT, "%s", tbf_edit_text(status));
    return failed(change, e);
}

/* --- credentials ---------------------------------------------------------- */

/* Are the bytes that credentials cover still those of the file's object? */
static bool is_covered_changed(const struct object_change *change)
{
    struct tbf_header now = object_change_header(change);
    struct tbf_header old;

    return tbf_parse(original(change)->bytes, original(change)->len, &old) !=
               TBF_OK ||
           old.binary_end != now.binary_end ||
           memcmp(original(change)->bytes, change->bytes, now.binary_end) != 0;
}

/*
 * The credential cannot be made again; footer is the one in the copy.
 * Removing moves the others: the caller walks anew then.
 */
static int drop(struct object_change *change, const struct tbf_footer *footer,
                enum sign_verdict old, struct err *e)
{
    const char *format = tbf_credential_text(footer->format);
    enum tbf_edit status;

    if (change->policy->drop) {
        status = tbf_remove_footer(change->bytes, footer);
        change->report.removed++;
        return status == TBF_EDIT_OK ? 0 : refuse(change, status, e);
    }
    if (old == SIGN_BAD && sign_is_digest(footer->format))
        err_set(e, ERR_VERIFY,
                "the object is damaged: its %s digest is wrong already",
                format);
    else
        err_set(e, ERR_INPUT, "the change would break the %s credential",
                format);
    err_hint(e, "give the private key it was made with, or remove it: "
                "--drop-credentials");
    return failed(change, e);
}

static int remake(struct object_change *change, const struct tbf_footer *footer,
                  const struct sign_key *key, struct sign_cover *cover,
                  struct err *e)
{
    struct tbf_footer part = *footer;
    uint8_t data[SIGN_MAX_DATA];

    /* Data behind what the format needs means nothing and stays. */
    if (!tbf_credential_len(footer->format, &part.len) ||
        sign_make(footer->format, key, cover, data, e) != 0)
        return failed(change, e);
    tbf_set_footer(change->bytes, &part, data);
    change->report.remade++;
    return 0;
}

/* Says nothing of the bytes, so that no change can break it. */
static bool covers_nothing(uint32_t format)
{
    return format == TBF_CREDENTIAL_RESERVED ||
           format == TBF_CREDENTIAL_CLEARTEXT_ID;
}

/* The credential of the copy at number, Reserved ones not counted. */
static bool credential_at(const struct object_change *change, unsigned number,
                          struct tbf_footer *out)
{
    struct tbf_header h = object_change_header(change);
    struct tbf_footers walk = tbf_footers_start(&h, change->bytes);

    while (tbf_footers_next(&walk, out))
        if (out->format != TBF_CREDENTIAL_RESERVED && number-- == 0)
            return true;
    return false;
}

/* Does the original have this credential? If not, it is a new one. */
static bool is_old(const struct object_change *change,
                   const struct tbf_footer *footer)
{
    struct tbf_header old;
    struct tbf_footers walk;
    struct tbf_footer its;

    if (tbf_parse(original(change)->bytes, original(change)->len, &old) !=
        TBF_OK)
        return false;
    walk = tbf_footers_start(&old, original(change)->bytes);
    while (tbf_footers_next(&walk, &its))
        if (its.format == footer->format && its.len == footer->len &&
            memcmp(its.data, footer->data, its.len) == 0)
            return true;
    return false;
}

static struct sign_cover cover_of(const uint8_t *bytes, size_t len)
{
    struct tbf_header h;

    if (tbf_parse(bytes, len, &h) != TBF_OK)
        abort(); /* both objects were accepted */
    return sign_cover(bytes, h.binary_end);
}

/* *number goes on unless the credential was removed. */
static int renew(struct object_change *change, const struct tbf_footer *footer,
                 struct sign_cover *old_cover, struct sign_cover *cover,
                 unsigned *number, struct err *e)
{
    struct sign_finding old;

    if (sign_check(footer, old_cover, change->policy->keys->list,
                   change->policy->keys->count, &old, e) != 0)
        return failed(change, e);
    if (old.verdict != SIGN_GOOD)
        return drop(change, footer, old.verdict, e);
    ++*number;
    return remake(change, footer, old.key, cover, e);
}

static int renew_all(struct object_change *change, struct err *e)
{
    struct sign_cover old_cover =
        cover_of(original(change)->bytes, original(change)->len);
    struct sign_cover cover = cover_of(change->bytes, change->len);
    struct tbf_footer footer;
    unsigned number = 0;

    if (!is_covered_changed(change))
        return 0;
    while (credential_at(change, number, &footer)) {
        if (covers_nothing(footer.format) || !is_old(change, &footer))
            number++;
        else if (renew(change, &footer, &old_cover, &cover, &number, e) != 0)
            return -1;
    }
    return 0;
}

static int remove_format(struct object_change *change, uint32_t format,
                         unsigned *removed, struct err *e)
{
    struct tbf_footer footer;
    unsigned number = 0;

    while (credential_at(change, number, &footer)) {
        if (footer.format != format) {
            number++;
            continue;
        }
        enum tbf_edit status = tbf_remove_footer(change->bytes, &footer);
        if (status != TBF_EDIT_OK)
            return refuse(change, status, e);
        ++*removed;
    }
    return 0;
}

int object_change_remove_credentials(struct object_change *change,
                                     uint32_t format, struct err *e)
{
    unsigned removed = 0;

    if (remove_format(change, format, &removed, e) != 0)
        return -1;
    change->report.removed += removed;
    if (removed != 0)
        return 0;
    err_set(e, ERR_STATE, "there is no %s credential",
            tbf_credential_text(format));
    err_hint(e, "`elf2tbf inspect %s` shows what there is", change->file->path);
    return failed(change, e);
}

static uint32_t data_len(const struct object_credential *credential)
{
    uint32_t len = credential->len;

    if (credential->data == NULL &&
        !tbf_credential_len(credential->format, &len))
        abort(); /* only such are asked for */
    return len;
}

static int make_room(struct object_change *change,
                     const struct object_credential *credentials, size_t count,
                     struct err *e)
{
    uint64_t needed = 0;
    uint32_t room;
    enum tbf_edit status = tbf_footer_room(change->bytes, &room);

    if (status != TBF_EDIT_OK)
        return refuse(change, status, e);
    for (size_t i = 0; i < count; i++)
        needed += tbf_footer_size(data_len(&credentials[i]));
    return needed <= room ? 0 : grow(change, (uint32_t)(needed - room), e);
}

static int add(struct object_change *change,
               const struct object_credential *credential,
               struct sign_cover *cover, struct err *e)
{
    uint8_t made[SIGN_MAX_DATA];
    const uint8_t *data = credential->data;
    enum tbf_edit status;
    uint32_t missing;

    if (data == NULL) {
        if (sign_make(credential->format, credential->key, cover, made, e) != 0)
            return failed(change, e);
        data = made;
    }
    status = tbf_add_footer(change->bytes, credential->format, data,
                            data_len(credential), &missing);
    return status == TBF_EDIT_OK ? 0 : refuse(change, status, e);
}

int object_change_add_credentials(struct object_change *change,
                                  const struct object_credential *credentials,
                                  size_t count, bool keep_old, struct err *e)
{
    unsigned replaced = 0;

    for (size_t i = 0; i < count && !keep_old; i++)
        if (remove_format(change, credentials[i].format, &replaced, e) != 0)
            return -1;
    if (make_room(change, credentials, count, e) != 0)
        return -1;

    struct tbf_header h = object_change_header(change);
    struct sign_cover cover = sign_cover(change->bytes, h.binary_end);
    for (size_t i = 0; i < count; i++)
        if (add(change, &credentials[i], &cover, e) != 0)
            return -1;
    return 0;
}

int object_change_end(struct object_change *change,
                      struct object_report *report, struct err *e)
{
    struct tab_member *member = &change->file->tab.members[change->index];

    if (renew_all(change, e) != 0 || check_result(change, e) != 0)
        return -1;
    change->report.new_size = change->len;
    change->report.is_changed =
        change->len != member->len ||
        memcmp(change->bytes, member->bytes, change->len) != 0;
    *report = change->report;
    free(member->bytes);
    member->bytes = change->bytes;
    member->len = change->len;
    change->bytes = NULL;
    return 0;
}
