/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf_action.h"

#include "host/alloc.h"
#include "host/cli.h"
#include "host/utf8.h"
#include "tbf/entry.h"
#include "tbf/text.h"

#include <stdlib.h>
#include <string.h>

/* --- names ---------------------------------------------------------------- */

struct name {
    const char *word;
    uint32_t number;
    size_t values; /* that `tlv add` takes; 0: cannot be added */
};

static const struct name types[] = {
    {"base", TBF_BASE_HEADER, 0},
    {"main", TBF_TYPE_MAIN, 0},
    {"program", TBF_TYPE_PROGRAM, 0},
    {"writeable_flash_regions", TBF_TYPE_WRITEABLE_REGIONS, 2},
    {"name", TBF_TYPE_NAME, 1},
    {"package_name", TBF_TYPE_NAME, 1},
    {"pic_option_1", TBF_TYPE_PIC_OPTION_1, 0},
    {"fixed_addresses", TBF_TYPE_FIXED_ADDRESSES, 2},
    {"permissions", TBF_TYPE_PERMISSIONS, 2},
    {"persistent_acl", TBF_TYPE_STORAGE, 3},
    {"persistent_storage", TBF_TYPE_STORAGE, 3},
    {"kernel_version", TBF_TYPE_KERNEL_VERSION, 1},
    {"short_id", TBF_TYPE_SHORT_ID, 1},
};

static const struct name formats[] = {
    {"reserved", TBF_CREDENTIAL_RESERVED, 0},
    {"rsa3072", TBF_CREDENTIAL_RSA3072, 0},
    {"rsa4096", TBF_CREDENTIAL_RSA4096, 0},
    {"sha256", TBF_CREDENTIAL_SHA256, 0},
    {"sha384", TBF_CREDENTIAL_SHA384, 0},
    {"sha512", TBF_CREDENTIAL_SHA512, 0},
    {"ecdsap256", TBF_CREDENTIAL_ECDSA_P256, 0},
    {"hmac_sha256", TBF_CREDENTIAL_HMAC_SHA256, 0},
    {"rsa2048", TBF_CREDENTIAL_RSA2048, 0},
    {"cleartext_id", TBF_CREDENTIAL_CLEARTEXT_ID, 0},
};

static const struct name *find_name(const struct name *names, size_t count,
                                    const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i].word, word) == 0)
            return &names[i];
    return NULL;
}

static int unknown_name(const struct name *names, size_t count,
                        const char *what, const char *word, struct err *e)
{
    const char **words = alloc_zeroed(count + 1, sizeof *words);
    const char *nearest;

    for (size_t i = 0; i < count; i++)
        words[i] = names[i].word;
    nearest = cli_nearest(word, words);
    free(words);
    err_set(e, ERR_USAGE, "unknown %s '%s'", what, word);
    if (nearest != NULL)
        return err_hint(e, "did you mean '%s'?", nearest);
    return err_hint(e, "tockloader-c(1) lists them at `tbf`");
}

/* --- numbers -------------------------------------------------------------- */

bool tbf_action_number(const char *text, uint64_t *out)
{
    static const struct {
        char letter;
        int base;
    } prefixes[] = {{'x', 16}, {'o', 8}, {'b', 2}};
    int base = 10;
    char *end;

    for (size_t i = 0; i < ARRAY_COUNT(prefixes); i++)
        if (text[0] == '0' && (text[1] | 0x20) == prefixes[i].letter)
            base = prefixes[i].base;
    if (base != 10)
        text += 2;
    /* strtoull would take blanks, signs and another 0x. */
    if (strspn(text, "0123456789abcdefABCDEF") != strlen(text) ||
        *text == '\0' || strlen(text) > 64)
        return false;
    *out = strtoull(text, &end, base);
    return *end == '\0' && (*out != UINT64_MAX || base != 10);
}

static int number(const char *text, uint32_t max, uint32_t *out, struct err *e)
{
    uint64_t value;

    if (!tbf_action_number(text, &value) || value > max)
        return err_set(e, ERR_USAGE,
                       "'%s' is no number from 0 to %u (decimal, 0x, 0o or "
                       "0b)",
                       text, max);
    *out = (uint32_t)value;
    return 0;
}

/* "1,2,3" or "" or "None"; the caller frees *out. */
static int number_list(const char *text, uint32_t **out, uint32_t *count,
                       struct err *e)
{
    char *copy = alloc_string(text, strlen(text));
    char *rest = copy;
    char *word;
    int result = 0;

    *count = 0;
    *out = alloc_zeroed(strlen(text) + 1, sizeof **out);
    while (result == 0 && (word = strsep(&rest, ",")) != NULL)
        if (*word != '\0')
            result = number(word, UINT32_MAX, &(*out)[(*count)++], e);
    free(copy);
    return result;
}

/* --- the words ------------------------------------------------------------ */

static bool are(const char *const *words, size_t count, const char *first,
                const char *second)
{
    return count >= 2 && strcmp(words[0], first) == 0 &&
           strcmp(words[1], second) == 0;
}

static int usage(struct err *e)
{
    err_set(e, ERR_USAGE,
            "expected `tbf tlv add|modify|delete`, `tbf credential add|delete` "
            "or `tbf convert cbinary`");
    return err_hint(e, "`tockloader-c help tbf` tells more");
}

static int parse_verb(const char *const *words, size_t count,
                      enum tbf_verb *out, struct err *e)
{
    static const struct {
        const char *first;
        const char *second;
        enum tbf_verb verb;
    } verbs[] = {
        {"tlv", "add", TBF_TLV_ADD},
        {"tlv", "modify", TBF_TLV_MODIFY},
        {"tlv", "delete", TBF_TLV_DELETE},
        {"credential", "add", TBF_CREDENTIAL_ADD},
        {"credential", "delete", TBF_CREDENTIAL_DELETE},
        {"convert", "cbinary", TBF_CONVERT},
    };

    for (size_t i = 0; i < ARRAY_COUNT(verbs); i++)
        if (are(words, count, verbs[i].first, verbs[i].second)) {
            *out = verbs[i].verb;
            return 0;
        }
    return usage(e);
}

/* Entries of types without a name can be deleted by number. */
static int parse_type(const char *word, struct tbf_action *out, size_t *values,
                      struct err *e)
{
    const struct name *name = find_name(types, ARRAY_COUNT(types), word);
    uint64_t value;

    if (name == NULL && out->verb == TBF_TLV_DELETE &&
        tbf_action_number(word, &value) && value <= UINT16_MAX) {
        out->type = (uint32_t)value;
        return 0;
    }
    if (name == NULL)
        return unknown_name(types, ARRAY_COUNT(types), "entry", word, e);
    if (out->verb == TBF_TLV_ADD && name->values == 0)
        return err_set(e, ERR_USAGE, "'%s' cannot be added", word);
    out->type = name->number;
    *values = out->verb == TBF_TLV_ADD      ? name->values
              : out->verb == TBF_TLV_MODIFY ? 2
                                            : 0;
    return 0;
}

static int parse_format(const char *word, struct tbf_action *out, struct err *e)
{
    const struct name *name = find_name(formats, ARRAY_COUNT(formats), word);

    if (name == NULL)
        return unknown_name(formats, ARRAY_COUNT(formats), "credential", word,
                            e);
    if (name->number == TBF_CREDENTIAL_RESERVED)
        return err_set(e, ERR_USAGE,
                       "'reserved' is the room that other credentials leave");
    out->type = name->number;
    return 0;
}

int tbf_action_parse(const char *const *words, size_t count,
                     struct tbf_action *out, size_t *used, struct err *e)
{
    size_t values = 0;

    *out = (struct tbf_action){0};
    *used = 2;
    if (parse_verb(words, count, &out->verb, e) != 0)
        return -1;
    if (out->verb == TBF_CONVERT)
        return 0;
    if (count < 3)
        return err_set(e, ERR_USAGE, "`tbf %s %s` needs a type", words[0],
                       words[1]);
    if (strcmp(words[0], "credential") == 0
            ? parse_format(words[2], out, e) != 0
            : parse_type(words[2], out, &values, e) != 0)
        return -1;
    if (count < 3 + values)
        return err_set(e, ERR_USAGE, "`tbf %s %s %s` needs %zu value%s",
                       words[0], words[1], words[2], values,
                       values == 1 ? "" : "s");
    out->values = words + 3;
    *used = 3 + values;
    return 0;
}

/* --- entries -------------------------------------------------------------- */

static int add_region(const struct tbf_action *a, struct object_change *change,
                      struct err *e)
{
    struct tbf_header h = object_change_header(change);
    uint32_t count = tbf_region_count(&h);
    struct tbf_region_spec *regions = alloc_zeroed(count + 1, sizeof *regions);
    const struct tbf_spec spec = {.regions = regions,
                                  .region_count = count + 1};
    int result = 0;

    for (uint32_t i = 0; i < count; i++)
        tbf_region(&h, i, &regions[i].offset, &regions[i].size);
    if (number(a->values[0], UINT32_MAX, &regions[count].offset, e) != 0 ||
        number(a->values[1], UINT32_MAX, &regions[count].size, e) != 0)
        result = -1;
    if (result == 0)
        result =
            object_change_entry(change, TBF_TYPE_WRITEABLE_REGIONS, &spec, e);
    free(regions);
    return result;
}

/* A command of a driver that is listed already adds a bit to its record. */
static int add_permission(const struct tbf_action *a,
                          struct object_change *change, struct err *e)
{
    struct tbf_header h = object_change_header(change);
    uint32_t count = tbf_permission_count(&h);
    struct tbf_permission_spec *list = alloc_zeroed(count + 1, sizeof *list);
    struct tbf_spec spec = {.permissions = list};
    uint32_t driver = 0, command = 0, at = 0;
    int result = 0;

    for (uint32_t i = 0; i < count; i++)
        tbf_permission_at(&h, i, &list[i].driver, &list[i].offset,
                          &list[i].mask);
    if (number(a->values[0], UINT32_MAX, &driver, e) != 0 ||
        number(a->values[1], UINT32_MAX, &command, e) != 0)
        result = -1;
    if (result == 0) {
        while (at < count &&
               (list[at].driver != driver || list[at].offset != command / 64))
            at++;
        list[at].driver = driver;
        list[at].offset = command / 64;
        list[at].mask |= (uint64_t)1 << command % 64;
        spec.permission_count = at == count ? count + 1 : count;
        result = object_change_entry(change, TBF_TYPE_PERMISSIONS, &spec, e);
    }
    free(list);
    return result;
}

static int add_storage(const struct tbf_action *a, struct object_change *change,
                       struct err *e)
{
    struct tbf_spec spec = {.has_storage = true};
    uint32_t *read_ids = NULL;
    uint32_t *modify_ids = NULL;
    int result = -1;

    if (number(a->values[0], UINT32_MAX, &spec.write_id, e) == 0 &&
        number_list(a->values[1], &read_ids, &spec.read_count, e) == 0 &&
        number_list(a->values[2], &modify_ids, &spec.modify_count, e) == 0) {
        spec.read_ids = read_ids;
        spec.modify_ids = modify_ids;
        result = object_change_entry(change, TBF_TYPE_STORAGE, &spec, e);
    }
    free(read_ids);
    free(modify_ids);
    return result;
}

static int add_kernel_version(const struct tbf_action *a,
                              struct object_change *change, struct err *e)
{
    const char *text = a->values[0];
    const char *dot = strchr(text, '.');
    size_t len = dot != NULL ? (size_t)(dot - text) : strlen(text);
    char *major_text = alloc_string(text, len);
    uint32_t major = 0;
    uint32_t minor = 0;
    int result = number(major_text, UINT16_MAX, &major, e);

    free(major_text);
    if (result == 0 && dot != NULL)
        result = number(dot + 1, UINT16_MAX, &minor, e);
    if (result != 0)
        return -1;

    const struct tbf_spec spec = {.has_kernel_version = true,
                                  .kernel_major = (uint16_t)major,
                                  .kernel_minor = (uint16_t)minor};
    return object_change_entry(change, TBF_TYPE_KERNEL_VERSION, &spec, e);
}

static int add_name(const char *name, struct object_change *change,
                    struct err *e)
{
    const struct tbf_spec spec = {.name = name,
                                  .name_len = (uint16_t)strlen(name)};

    if (!utf8_is_valid(name, strlen(name)) ||
        strlen(name) > TBF_MAX_HEADER_SIZE)
        return err_set(e, ERR_USAGE, "the name is not UTF-8 or too long");
    return object_change_entry(change, TBF_TYPE_NAME, &spec, e);
}

static int add_numbers(const struct tbf_action *a, struct object_change *change,
                       struct err *e)
{
    struct tbf_spec spec = {0};

    if (a->type == TBF_TYPE_SHORT_ID) {
        spec.has_short_id = true;
        if (number(a->values[0], UINT32_MAX, &spec.short_id, e) != 0)
            return -1;
    } else {
        spec.has_fixed_addresses = true;
        if (number(a->values[0], UINT32_MAX, &spec.fixed_ram, e) != 0 ||
            number(a->values[1], UINT32_MAX, &spec.fixed_flash, e) != 0)
            return -1;
    }
    return object_change_entry(change, (enum tbf_type)a->type, &spec, e);
}

static int add_entry(const struct tbf_action *a, struct object_change *change,
                     struct err *e)
{
    switch (a->type) {
    case TBF_TYPE_WRITEABLE_REGIONS:
        return add_region(a, change, e);
    case TBF_TYPE_NAME:
        return add_name(a->values[0], change, e);
    case TBF_TYPE_PERMISSIONS:
        return add_permission(a, change, e);
    case TBF_TYPE_STORAGE:
        return add_storage(a, change, e);
    case TBF_TYPE_KERNEL_VERSION:
        return add_kernel_version(a, change, e);
    default: /* short id and fixed addresses */
        return add_numbers(a, change, e);
    }
}

static int modify(const struct tbf_action *a, struct object_change *change,
                  struct err *e)
{
    uint32_t value = 0;

    if (a->type == TBF_TYPE_NAME && strcmp(a->values[0], "package_name") == 0)
        return add_name(a->values[1], change, e);
    if (number(a->values[1], UINT32_MAX, &value, e) != 0)
        return -1;
    return object_change_field(change, a->type, a->values[0], value, e);
}

/* --- all together --------------------------------------------------------- */

static int add_credential(const struct tbf_action *a,
                          struct object_change *change, struct err *e)
{
    bool is_id = a->type == TBF_CREDENTIAL_CLEARTEXT_ID;
    const struct object_credential credential = {
        .format = a->type,
        .key = a->key,
        .data = is_id ? a->id : NULL,
        .len = is_id ? sizeof a->id : 0,
    };

    return object_change_add_credentials(change, &credential, 1, false, e);
}

int tbf_action_apply(void *context, struct object_change *change, struct err *e)
{
    const struct tbf_action *a = context;

    switch (a->verb) {
    case TBF_TLV_ADD:
        return add_entry(a, change, e);
    case TBF_TLV_MODIFY:
        return modify(a, change, e);
    case TBF_TLV_DELETE:
        return object_change_remove_entries(change, a->type, e);
    case TBF_CREDENTIAL_ADD:
        return add_credential(a, change, e);
    default:
        return object_change_remove_credentials(change, a->type, e);
    }
}
