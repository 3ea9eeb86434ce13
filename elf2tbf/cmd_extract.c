/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/alloc.h"
#include "host/file.h"
#include "host/text.h"
#include "object/file.h"
#include "subcommand.h"

#include <stdlib.h>
#include <string.h>

struct extract_options {
    const char *directory;
    const char *output;
    bool binary;
};

#define FIELD(f) offsetof(struct extract_options, f)
static const struct cli_option options[] = {
    {"directory", 'd', CLI_STRING, FIELD(directory), "DIR",
     "where the files go [.]", 0},
    {"output", 'o', CLI_STRING, FIELD(output), "FILE",
     "the file for a single object", 0},
    {"binary", 0, CLI_FLAG, FIELD(binary), NULL,
     "only the app binary, as NAME.bin", 0},
};
#undef FIELD

/* One object on its way to a file. */
struct part {
    char *path;
    const uint8_t *bytes;
    size_t len;
};

/* Is name, with or without ".tbf", among the operands behind the file? */
static bool is_named(const struct task *task, const char *name, size_t *which)
{
    size_t len = strlen(name);

    for (size_t i = 1; i < task->operands.count; i++) {
        const char *word = task->operands.words[i];

        if (strncmp(word, name, len) == 0 &&
            (word[len] == '\0' || strcmp(word + len, ".tbf") == 0)) {
            *which = i;
            return true;
        }
    }
    return false;
}

static int check_names(const struct task *task, const struct object_file *file,
                       struct err *e)
{
    bool *is_found = alloc_zeroed(task->operands.count, sizeof *is_found);
    int result = 0;
    size_t which;

    for (size_t i = 0; i < file->tab.count; i++)
        if (is_named(task, file->tab.members[i].name, &which))
            is_found[which] = true;
    for (size_t i = 1; i < task->operands.count && result == 0; i++) {
        if (is_found[i])
            continue;
        result = err_set(e, ERR_STATE, "'%s' holds no object '%s'", file->path,
                         task->operands.words[i]);
        err_hint(e, "`elf2tbf inspect %s` shows what it holds", file->path);
    }
    free(is_found);
    return result;
}

/* The path without folder and last extension. */
static char *stem_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(base, '.');

    return alloc_string(base, dot != NULL && dot != base ? (size_t)(dot - base)
                                                         : strlen(base));
}

static char *path_of(const struct task *task, const struct object_file *file,
                     size_t index)
{
    const struct extract_options *own = task->own;
    char *stem;
    char *path;

    if (own->output != NULL)
        return alloc_string(own->output, strlen(own->output));
    stem = file->is_tab ? alloc_string(file->tab.members[index].name,
                                       strlen(file->tab.members[index].name))
                        : stem_of(file->path);
    path =
        alloc_format("%s/%s.%s", own->directory != NULL ? own->directory : ".",
                     stem, own->binary ? "bin" : "tbf");
    free(stem);
    return path;
}

static int take_part(const struct task *task, const struct object_file *file,
                     size_t index, struct part *out, struct err *e)
{
    const struct extract_options *own = task->own;
    const struct tab_member *member = &file->tab.members[index];
    struct tbf_header h;

    *out = (struct part){NULL, member->bytes, member->len};
    if (own->binary) {
        if (object_check(file, index, &h, e) != 0)
            return -1;
        if (h.is_padding)
            return err_set(e, ERR_INPUT, "'%s' is padding, it has no binary",
                           object_name(file, index).text);
        out->bytes += h.protected_size;
        out->len = h.binary_end - h.protected_size;
    }
    out->path = path_of(task, file, index);
    return task_check_output(out->path, file->path, e);
}

/* Stages every file, then commits every file. */
static int write_parts(const struct part *parts, size_t count, struct err *e)
{
    struct file_staged *staged = alloc_zeroed(count, sizeof *staged);
    int result = 0;

    for (size_t i = 0; i < count && result == 0; i++)
        result = file_stage(&staged[i], parts[i].path, parts[i].bytes,
                            parts[i].len, FILE_ATOMIC, e);
    for (size_t i = 0; i < count && result == 0; i++)
        result = file_commit(&staged[i], e);
    for (size_t i = 0; i < count; i++)
        file_discard(&staged[i]);
    free(staged);
    return result;
}

static void report(const struct task *task, const struct part *parts,
                   size_t count)
{
    struct json *list =
        task->json != NULL ? json_add_array(task->json, "files") : NULL;

    for (size_t i = 0; i < count; i++) {
        if (list != NULL) {
            struct json *item = json_add_object(list, NULL);

            json_add_string(item, "path", parts[i].path);
            json_add_number(item, "size", (uint32_t)parts[i].len);
        } else if (!task->quiet) {
            text_put(stdout, parts[i].path, strlen(parts[i].path), 0);
            printf(": %zu bytes\n", parts[i].len);
        }
    }
}

static int extract(const struct task *task, const struct object_file *file,
                   struct err *e)
{
    const struct extract_options *own = task->own;
    struct part *parts = alloc_zeroed(file->tab.count, sizeof *parts);
    size_t count = 0;
    size_t which;
    int result = check_names(task, file, e);

    for (size_t i = 0; i < file->tab.count && result == 0; i++)
        if (task->operands.count == 1 ||
            is_named(task, file->tab.members[i].name, &which))
            result = take_part(task, file, i, &parts[count++], e);
    if (result == 0 && own->output != NULL && count != 1)
        result = err_set(e, ERR_USAGE,
                         "'--output' is for one object, these are %zu", count);
    if (result == 0)
        result = write_parts(parts, count, e);
    if (result == 0)
        report(task, parts, count);
    for (size_t i = 0; i < count; i++)
        free(parts[i].path);
    free(parts);
    return result;
}

static int run(struct task *task, struct err *e)
{
    const struct extract_options *own = task->own;
    struct object_file file;

    if (task_check_operands(task, 1, TAB_MAX_MEMBERS, e) != 0)
        return -1;
    if (own->directory != NULL && own->output != NULL)
        return err_set(e, ERR_USAGE,
                       "'--directory' cannot be used with '--output'");
    if (object_file_read(task->operands.words[0], &file, e) != 0)
        return -1;
    if (!file.is_tab && !own->binary) {
        object_file_free(&file);
        return err_set(e, ERR_INPUT,
                       "'%s' is a single object, there is nothing to extract "
                       "but its binary (--binary)",
                       task->operands.words[0]);
    }
    int result = extract(task, &file, e);
    object_file_free(&file);
    return result;
}

const struct subcommand cmd_extract = {
    .name = "extract",
    .summary = "take objects out of a TAB",
    .operands = "FILE [NAME]...",
    .details = "Writes the objects of a TAB, all or those that are named, as "
               "files.\n",
    .example = "elf2tbf extract -d build blink.tab cortex-m4\n",
    .statuses = "3, 7",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .own_size = sizeof(struct extract_options),
    .has_json = true,
    .run = run,
};
