/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "editing.h"

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
    const char *output = task->editing->output;

    if (path == NULL)
        return 0;
    if (output != NULL && task_check_output(output, path, e) != 0)
        return -1;
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

/* What apply gets beside the change. */
struct context {
    struct task *task;
    const struct object_keys *keys;
    editing_apply *apply;
};

static int apply_one(void *context, struct object_change *change, struct err *e)
{
    const struct context *c = context;

    return c->apply(c->task, change, c->keys, e);
}

int editing_run(struct task *task, editing_apply *apply, struct err *e)
{
    const struct editing *o = task->editing;
    struct object_file file = {0};
    struct object_keys keys = {0};
    int result = task_check_operands(task, 1, 1, e);

    if (result == 0)
        result = editing_keys(task, &keys, e);
    if (result == 0)
        result = object_file_read(task->operands.words[0], &file, e);
    if (result == 0) {
        struct context context = {task, &keys, apply};
        const struct object_batch batch = {
            .apply = apply_one,
            .context = &context,
            .policy = {&keys, o->drop, o->grow},
            .only = o->only,
            .output = o->output,
            .to = task->quiet || task->json != NULL ? NULL : stdout,
            .list = task->json != NULL ? json_add_array(task->json, "objects")
                                       : NULL,
        };

        result = object_batch_run(&batch, &file, e);
    }
    object_file_free(&file);
    object_keys_free(&keys);
    return result;
}
