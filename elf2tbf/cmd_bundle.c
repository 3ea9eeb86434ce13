/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/alloc.h"
#include "host/file.h"
#include "host/text.h"
#include "host/utf8.h"
#include "object/file.h"
#include "outputs.h"
#include "subcommand.h"

#include <stdlib.h>
#include <string.h>

struct bundle_options {
    const char *output;
    const char *name;
    const char *boards;
    bool deterministic;
};

#define FIELD(f) offsetof(struct bundle_options, f)
static const struct cli_option options[] = {
    {"output", 'o', CLI_STRING, FIELD(output), "FILE",
     "the TAB to write [TockApp.tab]", 0},
    {"package-name", 'n', CLI_STRING, FIELD(name), "NAME",
     "the TAB's name [the objects' name]", 0},
    {"supported-boards", 0, CLI_STRING, FIELD(boards), "B,...",
     "only for these boards [all]", 0},
    {"deterministic", 0, CLI_FLAG, FIELD(deterministic), NULL,
     "no build date in the TAB", 0},
};
#undef FIELD

/* The TAB in the making, and what its objects agree on. */
struct bundle {
    struct tab tab;
    char *name; /* of the first object; null if it has none */
    bool lacks_kernel;
    uint16_t major;
    uint16_t minor;
};

static char *stem_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(base, '.');

    return alloc_string(base, dot != NULL && dot != base ? (size_t)(dot - base)
                                                         : strlen(base));
}

static int check_name(struct bundle *b, const struct tbf_header *h,
                      const char *path, struct err *e)
{
    const char *name = h->name_len == 0 ? "" : h->name;

    if (b->name == NULL)
        b->name = alloc_string(name, h->name_len);
    if (strlen(b->name) == h->name_len &&
        memcmp(b->name, name, h->name_len) == 0)
        return 0;
    return err_set(e, ERR_INPUT,
                   "'%s' holds the app '%.*s', but the others are '%s'", path,
                   (int)h->name_len, name, b->name);
}

/* The TAB asks for what the most demanding of its objects needs. */
static int check_kernel(struct bundle *b, const struct tbf_header *h,
                        const char *path, struct err *e)
{
    if (!h->has_kernel_version) {
        b->lacks_kernel = true;
        return 0;
    }
    if (b->tab.count != 0 && b->major != h->kernel_major && !b->lacks_kernel)
        return err_set(e, ERR_INPUT,
                       "'%s' is for kernel %u, but the others are for %u", path,
                       h->kernel_major, b->major);
    b->major = h->kernel_major;
    if (h->kernel_minor > b->minor)
        b->minor = h->kernel_minor;
    return 0;
}

/* Takes the bytes and, if it is not given, the name of a file's object. */
static int take_object(struct bundle *b, struct object_file *file, size_t index,
                       char *name, struct err *e)
{
    struct tab_member *from = &file->tab.members[index];
    struct tbf_header h;

    if (object_check(file, index, &h, e) != 0 ||
        (h.is_padding && err_set(e, ERR_INPUT, "'%s' is padding, no app",
                                 object_name(file, index).text) != 0) ||
        check_name(b, &h, file->path, e) != 0 ||
        check_kernel(b, &h, file->path, e) != 0) {
        free(name);
        return -1;
    }
    b->tab.members =
        alloc_resize(b->tab.members, b->tab.count + 1, sizeof *b->tab.members);
    b->tab.members[b->tab.count++] = (struct tab_member){
        .name = name,
        .arch_len = strcspn(name, "."),
        .bytes = from->bytes,
        .len = from->len,
    };
    from->bytes = NULL;
    return 0;
}

/* A .tbf, named by its file or behind a comma, or all objects of a TAB. The
 * output may take the place of a TAB, which then is part of it. */
static int take_file(struct bundle *b, const char *word, const char *output,
                     struct err *e)
{
    const char *comma = strrchr(word, ',');
    char *path = alloc_string(word, comma != NULL ? (size_t)(comma - word)
                                                  : strlen(word));
    struct object_file file = {0};
    int result = object_file_read(path, &file, e);

    if (result == 0 && file.is_tab && comma != NULL)
        result = err_set(e, ERR_USAGE, "'%s' is a TAB: its objects have names",
                         path);
    if (result == 0 && !file.is_tab)
        result = task_check_output(output, path, e);
    for (size_t i = 0; i < file.tab.count && result == 0; i++) {
        const char *own = file.tab.members[i].name;
        char *name = file.is_tab ? alloc_string(own, strlen(own))
                     : comma != NULL
                         ? alloc_string(comma + 1, strlen(comma + 1))
                         : stem_of(path);

        result = take_object(b, &file, i, name, e);
    }
    object_file_free(&file);
    free(path);
    return result;
}

static int complete(struct bundle *b, const struct task *task, struct err *e)
{
    const struct bundle_options *own = task->own;
    const char *name = own->name != NULL ? own->name : b->name;
    struct tab_metadata *m = &b->tab.metadata;

    if (!utf8_is_valid(name, strlen(name)) ||
        (own->boards != NULL &&
         !utf8_is_valid(own->boards, strlen(own->boards))))
        return err_set(e, ERR_USAGE, "the name or list of boards is no UTF-8");
    m->name = alloc_string(name, strlen(name));
    if (own->boards != NULL)
        m->boards = alloc_string(own->boards, strlen(own->boards));
    if (!b->lacks_kernel)
        m->kernel = alloc_format("%u.%u", b->major, b->minor);
    if (own->deterministic)
        return 0;
    m->build_date = alloc_zeroed(32, 1);
    return outputs_build_date(m->build_date, e);
}

static void add_notes(const struct bundle *b, struct task *task)
{
    const struct bundle_options *own = task->own;

    if (b->lacks_kernel)
        notes_add(&task->notes,
                  "an object does not say which kernel it was made for; no "
                  "kernel will start it: elf2tbf set --kernel-major 2 FILE");
    if (own->name != NULL && strcmp(own->name, b->name) != 0)
        notes_add(&task->notes,
                  "the objects are named '%s', which is the name that counts",
                  b->name);
}

static int write_tab(struct bundle *b, const char *path, struct err *e)
{
    uint8_t *bytes;
    size_t len;

    if (tab_build(&b->tab, &bytes, &len, e) != 0)
        return -1;
    int result = file_write(path, bytes, len, FILE_ATOMIC, e);
    free(bytes);
    return result;
}

static void report(const struct bundle *b, const struct task *task,
                   const char *path)
{
    if (task->json != NULL) {
        json_add_string(task->json, "path", path);
        struct json *list = json_add_array(task->json, "objects");

        for (size_t i = 0; i < b->tab.count; i++)
            json_add_string(list, NULL, b->tab.members[i].name);
    } else if (!task->quiet) {
        text_put(stdout, path, strlen(path), 0);
        printf(": %zu object%s\n", b->tab.count, b->tab.count == 1 ? "" : "s");
    }
}

static int run(struct task *task, struct err *e)
{
    const struct bundle_options *own = task->own;
    const char *path = own->output != NULL ? own->output : "TockApp.tab";
    struct bundle b = {0};
    int result = task_check_operands(task, 1, TAB_MAX_MEMBERS, e);

    for (size_t i = 0; i < task->operands.count && result == 0; i++)
        result = take_file(&b, task->operands.words[i], path, e);
    if (result == 0)
        result = complete(&b, task, e);
    if (result == 0)
        result = write_tab(&b, path, e);
    if (result == 0) {
        add_notes(&b, task);
        report(&b, task, path);
    }
    free(b.name);
    tab_free(&b.tab);
    return result;
}

const struct subcommand cmd_bundle = {
    .name = "bundle",
    .summary = "make a TAB of objects",
    .operands = "FILE[,ARCHITECTURE]...",
    .details = "Puts .tbf files, each named by its file or the word behind the "
               "comma, and the\nobjects of TABs into one TAB.\n",
    .example = "elf2tbf bundle -o blink.tab cortex-m4.tbf rv32imac.tbf\n",
    .statuses = "3",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .own_size = sizeof(struct bundle_options),
    .has_json = true,
    .run = run,
};
