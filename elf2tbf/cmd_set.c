/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "editing.h"
#include "host/alloc.h"
#include "host/utf8.h"

#include <stdlib.h>
#include <string.h>

struct set_options {
    bool enable;
    bool disable;
    bool sticky;
    bool no_sticky;
    const char *name;
    struct cli_u32 app_version;
    struct cli_u32 short_id;
    struct cli_u32 kernel_major;
    struct cli_u32 kernel_minor;
    struct cli_u32 minimum_ram;
};

#define FIELD(f) offsetof(struct set_options, f)
static const struct cli_option options[] = {
    {"enable", 0, CLI_FLAG, FIELD(enable), NULL, NULL, 0},
    {"disable", 0, CLI_FLAG, FIELD(disable), NULL, "whether kernels start it",
     0},
    {"sticky", 0, CLI_FLAG, FIELD(sticky), NULL, NULL, 0},
    {"no-sticky", 0, CLI_FLAG, FIELD(no_sticky), NULL,
     "whether loaders need force to remove it", 0},
    {"package-name", 'n', CLI_STRING, FIELD(name), "NAME", "name of the app",
     0},
    {"app-version", 0, CLI_DECIMAL, FIELD(app_version), "N",
     "version of the app", 0},
    {"short-id", 0, CLI_NUMBER, FIELD(short_id), "ID",
     "fixed short id; 0 for none", 0},
    {"kernel-major", 0, CLI_DECIMAL, FIELD(kernel_major), "N", NULL,
     UINT16_MAX},
    {"kernel-minor", 0, CLI_DECIMAL, FIELD(kernel_minor), "N",
     "oldest kernel it runs on", UINT16_MAX},
    {"minimum-ram-size", 0, CLI_DECIMAL, FIELD(minimum_ram), "N",
     "bytes of RAM it gets", 0},
};
#undef FIELD

static int set_flags(const struct set_options *own,
                     struct object_change *change, struct err *e)
{
    uint32_t flags = object_change_header(change).flags;

    if (own->enable)
        flags |= TBF_FLAG_ENABLED;
    if (own->disable)
        flags &= ~TBF_FLAG_ENABLED;
    if (own->sticky)
        flags |= TBF_FLAG_STICKY;
    if (own->no_sticky)
        flags &= ~TBF_FLAG_STICKY;
    return object_change_field(change, TBF_BASE_HEADER, "flags", flags, e);
}

static int set_name(const struct set_options *own, struct object_change *change,
                    struct err *e)
{
    const struct tbf_spec spec = {
        .name = own->name,
        .name_len = (uint16_t)strlen(own->name),
    };

    return object_change_entry(change, TBF_TYPE_NAME, &spec, e);
}

/* A part that is not given stays as it is. */
static int set_kernel(const struct set_options *own,
                      struct object_change *change, struct err *e)
{
    struct tbf_header h = object_change_header(change);
    const struct tbf_spec spec = {
        .has_kernel_version = true,
        .kernel_major = own->kernel_major.given
                            ? (uint16_t)own->kernel_major.value
                            : h.kernel_major,
        .kernel_minor = own->kernel_minor.given
                            ? (uint16_t)own->kernel_minor.value
                            : h.kernel_minor,
    };

    if (!own->kernel_major.given && !h.has_kernel_version)
        return err_set(e, ERR_USAGE,
                       "'--kernel-minor' needs '--kernel-major': the object "
                       "has no kernel version yet");
    return object_change_entry(change, TBF_TYPE_KERNEL_VERSION, &spec, e);
}

static int set_short_id(const struct set_options *own,
                        struct object_change *change, struct err *e)
{
    const struct tbf_spec spec = {
        .has_short_id = true,
        .short_id = own->short_id.value,
    };

    return object_change_entry(change, TBF_TYPE_SHORT_ID, &spec, e);
}

/* Kernels before 2.1 read it from Main. */
static int set_minimum_ram(const struct set_options *own,
                           struct object_change *change, struct err *e)
{
    static const char name[] = "minimum_ram_size";
    uint32_t value = own->minimum_ram.value;
    static const uint32_t types[] = {TBF_TYPE_MAIN, TBF_TYPE_PROGRAM};

    for (size_t i = 0; i < ARRAY_COUNT(types); i++)
        if (object_change_has_entry(change, types[i]) &&
            object_change_field(change, types[i], name, value, e) != 0)
            return -1;
    return 0;
}

/* What the most demanding of the TAB's objects needs, this one as changed. */
static char *newest_kernel(const struct object_change *change)
{
    const struct tab *tab = &change->file->tab;
    struct tbf_header h = object_change_header(change);
    uint32_t newest = (uint32_t)h.kernel_major << 16 | h.kernel_minor;

    for (size_t i = 0; i < tab->count; i++) {
        const struct tab_member *m = &tab->members[i];

        if (i == change->index || tbf_parse(m->bytes, m->len, &h) != TBF_OK ||
            !h.has_kernel_version)
            continue;
        uint32_t needed = (uint32_t)h.kernel_major << 16 | h.kernel_minor;
        if (needed > newest)
            newest = needed;
    }
    return alloc_format("%u.%u", newest >> 16, newest & 0xffff);
}

/* The metadata of a TAB whose objects all change says the same as they do. */
static void follow(struct task *task, struct object_change *change)
{
    const struct set_options *own = task->own;
    struct tab *tab = &change->file->tab;
    bool has_kernel = own->kernel_major.given || own->kernel_minor.given;

    if (!change->file->is_tab || task->editing->only != NULL ||
        (own->name == NULL && !has_kernel))
        return;
    if (own->name != NULL) {
        free(tab->metadata.name);
        tab->metadata.name = alloc_string(own->name, strlen(own->name));
    }
    if (has_kernel) {
        free(tab->metadata.kernel);
        tab->metadata.kernel = newest_kernel(change);
    }
    tab_renew_metadata(tab);
}

static int apply(struct task *task, struct object_change *change,
                 const struct object_keys *keys, struct err *e)
{
    const struct set_options *own = task->own;

    (void)keys; /* object_change_end finds those that it needs */
    if (set_flags(own, change, e) != 0 ||
        (own->name != NULL && set_name(own, change, e) != 0) ||
        (own->app_version.given &&
         object_change_field(change, TBF_TYPE_PROGRAM, "app_version",
                             own->app_version.value, e) != 0) ||
        (own->short_id.given && set_short_id(own, change, e) != 0) ||
        ((own->kernel_major.given || own->kernel_minor.given) &&
         set_kernel(own, change, e) != 0) ||
        (own->minimum_ram.given && set_minimum_ram(own, change, e) != 0))
        return -1;
    follow(task, change);
    return 0;
}

static bool is_nothing(const struct set_options *own)
{
    return !own->enable && !own->disable && !own->sticky && !own->no_sticky &&
           own->name == NULL && !own->app_version.given &&
           !own->short_id.given && !own->kernel_major.given &&
           !own->kernel_minor.given && !own->minimum_ram.given;
}

static int check(const struct set_options *own, struct err *e)
{
    if (own->enable && own->disable)
        return err_set(e, ERR_USAGE,
                       "'--enable' cannot be used with '--disable'");
    if (own->sticky && own->no_sticky)
        return err_set(e, ERR_USAGE,
                       "'--sticky' cannot be used with '--no-sticky'");
    if (own->name != NULL && (!utf8_is_valid(own->name, strlen(own->name)) ||
                              strlen(own->name) > TBF_MAX_HEADER_SIZE))
        return err_set(e, ERR_USAGE,
                       "the package name is not UTF-8 or too long");
    if (is_nothing(own)) {
        err_set(e, ERR_USAGE, "nothing to set");
        return err_hint(e, "`elf2tbf set --help` lists what can be set");
    }
    return 0;
}

static int run(struct task *task, struct err *e)
{
    return check(task->own, e) == 0 ? editing_run(task, apply, e) : -1;
}

const struct subcommand cmd_set = {
    .name = "set",
    .summary = "change flags, version, ids of objects that exist",
    .operands = "FILE",
    .details = "Changes the headers of objects. Digests over them are made "
               "again, signatures\nwith the keys that are given; a change that "
               "would break one is refused.\n",
    .example = "elf2tbf set --disable --app-version 4 blink.tab\n",
    .statuses = "3, 6, 7",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .own_size = sizeof(struct set_options),
    .is_editing = true,
    .has_json = true,
    .run = run,
};
