/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "command.h"

#include "object/binary.h"
#include "object/describe.h"
#include "tabs.h"

struct inspect_options {
    struct cli_some keys;
    bool crt0;
    bool binary;
};

#define FIELD(f) offsetof(struct inspect_options, f)
static const struct cli_option options[] = {
    {"verify-credentials", 0, CLI_SOME, FIELD(keys), "KEY",
     "check signatures with these keys", 0},
    {"crt0-header", 0, CLI_FLAG, FIELD(crt0), NULL,
     "what the app binary of a C app begins with", 0},
    {"tbf-binary", 0, CLI_FLAG, FIELD(binary), NULL, "dump the app binary", 0},
};
#undef FIELD

/* What only the options ask for; malformed objects have no such parts. */
static void print_binary(const struct inspect_options *own,
                         const struct object_file *file)
{
    for (size_t i = 0; i < file->tab.count; i++) {
        const struct tab_member *m = &file->tab.members[i];
        struct tbf_header h;

        if (tbf_parse(m->bytes, m->len, &h) != TBF_OK || h.is_padding)
            continue;
        printf("\n%s:\n", object_name(file, i).text);
        if (own->crt0)
            object_print_crt0(&h, m->bytes, stdout);
        if (own->binary)
            object_print_dump(m->bytes + h.protected_size,
                              h.binary_end - h.protected_size, stdout);
    }
}

static void tell(const struct session *session, const struct object_file *file,
                 const struct object_keys *keys, struct json *list)
{
    const struct inspect_options *own = session->own;

    if (list != NULL) {
        object_describe_json(file, keys, json_add_object(list, NULL));
        return;
    }
    object_describe_text(file, keys, stdout);
    if (own->crt0 || own->binary)
        print_binary(own, file);
}

/* All files are told; the first malformed one is the error. */
static int inspect_all(const struct session *session,
                       const struct cli_list *tabs,
                       const struct object_keys *keys, struct err *e)
{
    struct json *list =
        session->json != NULL ? json_add_array(session->json, "files") : NULL;
    int result = 0;

    for (size_t i = 0; i < tabs->count; i++) {
        struct object_file file;
        struct err own = {0};
        int status = object_file_read(tabs->words[i], &file, &own);

        if (status == 0) {
            if (i != 0 && list == NULL)
                putchar('\n');
            tell(session, &file, keys, list);
            status = object_describe_check(&file, &own);
        }
        object_file_free(&file);
        if (status != 0 && result == 0) {
            *e = own;
            result = -1;
        }
    }
    return result;
}

static int run(struct session *session, struct err *e)
{
    struct cli_list key_words =
        ((const struct inspect_options *)session->own)->keys.list;
    struct cli_list tabs = {0};
    struct object_keys keys = {0};
    int result = tabs_choose(&session->operands, 0, &tabs, &session->notes, e);

    if (result == 0)
        result = object_keys_add_all(&keys, &key_words, &session->notes, e);
    if (result == 0)
        result = inspect_all(session, &tabs, &keys, e);
    object_keys_free(&keys);
    tabs_free(&tabs);
    cli_list_free(&key_words);
    return result;
}

const struct command cmd_inspect_tab = {
    .name = "inspect-tab",
    .group = COMMAND_FILES,
    .summary = "what is in a TAB or an object",
    .operands = "[FILE...]",
    .details = "Tells header entries with their offsets and meaning, footers "
               "and whether they\nare right, and where the bytes go. Without "
               "FILE a TAB below this folder is\ntaken.\n",
    .examples = "tockloader-c inspect-tab hello.tab\n",
    .statuses = "3",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .own_size = sizeof(struct inspect_options),
    .run = run,
};
