/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "editing.h"

#include "host/text.h"

#include <string.h>

#define FIELD(f) offsetof(struct editing, f)
const struct cli_option editing_options[] = {
    {"output", 'o', CLI_STRING, FIELD(output), "FILE",
     "write here, not to the file itself", 0},
    {"only", 0, CLI_STRING, FIELD(only), "NAME,...",
     "only these objects of a TAB [all]", 0},
    {"rsa4096-private", 0, CLI_STRING, FIELD(rsa4096), "KEY", NULL, 0},
    {"ecdsa-nist-p256-private", 0, CLI_STRING, FIELD(ecdsa_p256), "KEY",
     "sign with these keys", 0},
    {"sign-cmd", 0, CLI_STRING, FIELD(sign_command), "COMMAND", NULL, 0},
    {"public-key", 0, CLI_STRING, FIELD(public_key), "KEY",
     "let a command sign", 0},
    {"drop-credentials", 0, CLI_FLAG, FIELD(drop), NULL,
     "remove credentials that cannot be made again", 0},
    {"grow", 0, CLI_FLAG, FIELD(grow), NULL,
     "make the object larger if it has no room", 0},
};
#undef FIELD
const size_t editing_option_count = ARRAY_COUNT(editing_options);

static int add_private(struct task *task, struct object_keys *keys,
                       const char *path, uint32_t format, struct err *e)
{
    if (path == NULL)
        return 0;
    return object_keys_add(keys, path, format, SIGN_PRIVATE, &task->notes, e);
}

static int add_command(struct task *task, struct object_keys *keys,
                       struct err *e)
{
    const struct editing *o = task->editing;

    if (o->sign_command == NULL && o->public_key == NULL)
        return 0;
    if (o->sign_command == NULL || o->public_key == NULL)
        return err_set(e, ERR_USAGE,
                       "'--sign-cmd' and '--public-key' need each other");
    if (object_keys_add(keys, o->public_key, SIGN_ANY_FORMAT, SIGN_PUBLIC,
                        &task->notes, e) != 0)
        return -1;
    sign_key_use_command(keys->list[keys->count - 1], o->sign_command,
                         SIGN_COMMAND_MS);
    return 0;
}

int editing_keys(struct task *task, struct object_keys *out, struct err *e)
{
    const struct editing *o = task->editing;

    if (add_private(task, out, o->rsa4096, TBF_CREDENTIAL_RSA4096, e) != 0 ||
        add_private(task, out, o->ecdsa_p256, TBF_CREDENTIAL_ECDSA_P256, e) !=
            0)
        return -1;
    return add_command(task, out, e);
}

/* --- which objects -------------------------------------------------------- */

/* Is name, with or without ".tbf", one of the words between commas? */
static bool is_listed(const char *list, const char *name)
{
    size_t name_len = strlen(name);

    while (*list != '\0') {
        size_t len = strcspn(list, ",");
        size_t stem =
            len > 4 && memcmp(list + len - 4, ".tbf", 4) == 0 ? len - 4 : len;

        if ((len == name_len || stem == name_len) &&
            memcmp(list, name, name_len) == 0)
            return true;
        list += len + (list[len] == ',');
    }
    return false;
}

static bool is_chosen(const struct editing *o, const struct object_file *file,
                      size_t index)
{
    return o->only == NULL || is_listed(o->only, file->tab.members[index].name);
}

static int check_chosen(const struct editing *o, const struct object_file *file,
                        struct err *e)
{
    if (o->only == NULL)
        return 0;
    if (!file->is_tab)
        return err_set(e, ERR_USAGE,
                       "'--only' chooses objects of a TAB, but '%s' is a "
                       "single object",
                       file->path);
    for (size_t i = 0; i < file->tab.count; i++)
        if (is_chosen(o, file, i))
            return 0;
    err_set(e, ERR_STATE, "'%s' holds no object '%s'", file->path, o->only);
    return err_hint(e, "`elf2tbf inspect %s` shows what it holds", file->path);
}

/* --- what was done -------------------------------------------------------- */

static const char *plural(unsigned count)
{
    return count == 1 ? "" : "s";
}

static void print_report(const struct task *task,
                         const struct object_file *file, size_t index,
                         const struct object_report *r)
{
    struct object_name name = object_name(file, index);

    if (task->quiet || task->json != NULL)
        return;
    text_put(stdout, name.text, strlen(name.text), 0);
    fputs(r->is_changed ? ": changed" : ": already so", stdout);
    if (r->remade != 0)
        printf(", %u credential%s made again", r->remade, plural(r->remade));
    if (r->removed != 0)
        printf(", %u credential%s removed", r->removed, plural(r->removed));
    if (r->old_size != r->new_size)
        printf(", %u bytes instead of %u", r->new_size, r->old_size);
    putchar('\n');
}

static void add_report(struct json *list, const struct object_file *file,
                       size_t index, const struct object_report *r)
{
    struct json *item = json_add_object(list, NULL);

    json_add_string(item, "name",
                    file->is_tab ? file->tab.members[index].name : NULL);
    json_add_bool(item, "changed", r->is_changed);
    json_add_number(item, "size", r->new_size);
    json_add_number(item, "remade", r->remade);
    json_add_number(item, "removed", r->removed);
}

static int change_one(struct task *task, struct object_file *file, size_t index,
                      const struct object_keys *keys, editing_apply *apply,
                      struct object_report *report, struct err *e)
{
    const struct object_policy policy = {
        .keys = keys,
        .drop = task->editing->drop,
        .grow = task->editing->grow,
    };
    struct object_change change;
    int result = object_change_begin(&change, file, index, &policy, e);

    if (result == 0)
        result = apply(task, &change, keys, e);
    if (result == 0)
        result = object_change_end(&change, report, e);
    object_change_free(&change);
    return result;
}

static int change_file(struct task *task, struct object_file *file,
                       const struct object_keys *keys, editing_apply *apply,
                       struct err *e)
{
    const struct editing *o = task->editing;
    struct object_report reports[TAB_MAX_MEMBERS];
    bool is_changed = false;

    if (check_chosen(o, file, e) != 0)
        return -1;
    for (size_t i = 0; i < file->tab.count; i++) {
        if (!is_chosen(o, file, i))
            continue;
        if (change_one(task, file, i, keys, apply, &reports[i], e) != 0)
            return -1;
        is_changed |= reports[i].is_changed;
    }
    if ((is_changed || o->output != NULL) &&
        object_file_write(file, o->output != NULL ? o->output : file->path,
                          e) != 0)
        return -1;

    struct json *list =
        task->json != NULL ? json_add_array(task->json, "objects") : NULL;
    for (size_t i = 0; i < file->tab.count; i++) {
        if (!is_chosen(o, file, i))
            continue;
        print_report(task, file, i, &reports[i]);
        if (list != NULL)
            add_report(list, file, i, &reports[i]);
    }
    return 0;
}

int editing_run(struct task *task, editing_apply *apply, struct err *e)
{
    struct object_file file = {0};
    struct object_keys keys = {0};
    int result = task_check_operands(task, 1, 1, e);

    if (result == 0)
        result = editing_keys(task, &keys, e);
    if (result == 0)
        result = object_file_read(task->operands.words[0], &file, e);
    if (result == 0)
        result = change_file(task, &file, &keys, apply, e);
    object_file_free(&file);
    object_keys_free(&keys);
    return result;
}
