/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "object/describe.h"
#include "subcommand.h"

struct inspect_options {
    struct cli_list keys;
};

static const struct cli_option options[] = {
    {"key", 0, CLI_EACH, offsetof(struct inspect_options, keys), "KEY",
     "check signatures with this key; may be repeated", 0},
};

static void describe(const struct task *task, const struct object_file *file,
                     const struct object_keys *keys, struct json *list)
{
    if (list != NULL)
        object_describe_json(file, keys, json_add_object(list, NULL));
    else if (!task->quiet)
        object_describe_text(file, keys, stdout);
}

/* All files are told; the first malformed one is the error. */
static int inspect_all(struct task *task, const struct object_keys *keys,
                       struct err *e)
{
    struct json *list =
        task->json != NULL ? json_add_array(task->json, "files") : NULL;
    struct err first = {0};
    int result = 0;

    for (size_t i = 0; i < task->operands.count; i++) {
        struct object_file file;
        struct err own = {0};
        int status = object_file_read(task->operands.words[i], &file, &own);

        if (status == 0) {
            if (i != 0 && list == NULL && !task->quiet)
                putchar('\n');
            describe(task, &file, keys, list);
            status = object_describe_check(&file, &own);
        }
        object_file_free(&file);
        if (status != 0 && result == 0) {
            first = own;
            result = -1;
        }
    }
    if (result != 0)
        *e = first;
    return result;
}

static int run(struct task *task, struct err *e)
{
    struct inspect_options own = *(const struct inspect_options *)task->own;
    struct object_keys keys = {0};
    int result = task_check_operands(task, 1, 0, e);

    if (result == 0)
        result = object_keys_add_all(&keys, &own.keys, &task->notes, e);
    if (result == 0)
        result = inspect_all(task, &keys, e);
    object_keys_free(&keys);
    cli_list_free(&own.keys);
    return result;
}

const struct subcommand cmd_inspect = {
    .name = "inspect",
    .summary = "tell what is in objects and TABs",
    .operands = "FILE...",
    .details = "Tells header entries with their offsets and meaning, footers "
               "and whether they\nare right, and where the bytes go.\n",
    .example = "elf2tbf inspect blink.tab\n",
    .statuses = "3",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .own_size = sizeof(struct inspect_options),
    .has_json = true,
    .run = run,
};
