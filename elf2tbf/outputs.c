/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "outputs.h"

#include "host/alloc.h"
#include "tab/tab.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* One spelling for all paths that name the same file, existing or not. */
static char *canonical(const char *path)
{
    char *real = realpath(path, NULL);

    if (real != NULL)
        return real;

    const char *slash = strrchr(path, '/');
    char *folder = slash != NULL
                       ? alloc_string(path, (size_t)(slash + 1 - path))
                       : alloc_string(".", 1);
    char *real_folder = realpath(folder, NULL);
    char *result =
        alloc_format("%s/%s", real_folder != NULL ? real_folder : folder,
                     slash != NULL ? slash + 1 : path);

    free(folder);
    free(real_folder);
    return result;
}

/* A path of this run, to find two that name the same file. */
struct claim {
    char *canonical;
    const char *path;
    bool is_output;
};

static int compare_claims(const void *a, const void *b)
{
    const struct claim *x = a;
    const struct claim *y = b;

    return strcmp(x->canonical, y->canonical);
}

static int check_claims(const struct claim *claims, size_t count, struct err *e)
{
    for (size_t i = 1; i < count; i++) {
        const struct claim *a = &claims[i - 1];
        const struct claim *b = &claims[i];

        if (strcmp(a->canonical, b->canonical) != 0 ||
            (!a->is_output && !b->is_output))
            continue;
        if (a->is_output && b->is_output)
            return err_set(e, ERR_USAGE, "two outputs would both be '%s'",
                           a->path);
        return err_set(e, ERR_USAGE, "the output '%s' would replace an input",
                       a->is_output ? a->path : b->path);
    }
    return 0;
}

int outputs_check(const struct cmdline *cmdline, struct err *e)
{
    const char *const keys[] = {cmdline->rsa4096, cmdline->ecdsa_p256,
                                cmdline->public_key};
    size_t count = 2 * cmdline->input_count + 1;
    struct claim *claims =
        alloc_zeroed(count + ARRAY_COUNT(keys), sizeof *claims);

    for (size_t i = 0; i < cmdline->input_count; i++) {
        const struct cmdline_input *in = &cmdline->inputs[i];

        claims[2 * i] = (struct claim){canonical(in->path), in->path, false};
        claims[2 * i + 1] =
            (struct claim){canonical(in->tbf_path), in->tbf_path, true};
    }
    claims[count - 1] =
        (struct claim){canonical(cmdline->output), cmdline->output, true};
    for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
        if (keys[i] != NULL)
            claims[count++] =
                (struct claim){canonical(keys[i]), keys[i], false};
    qsort(claims, count, sizeof *claims, compare_claims);
    int result = check_claims(claims, count, e);

    for (size_t i = 0; i < count; i++)
        free(claims[i].canonical);
    free(claims);
    return result;
}

int outputs_build_date(char text[32], struct err *e)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    time_t when = time(NULL);
    struct tm parts;

    if (epoch != NULL && epoch[0] != '\0') {
        char *end;

        when = (time_t)strtoll(epoch, &end, 10);
        if (*end != '\0' || when < 0 || when == LLONG_MAX)
            return err_set(e, ERR_USAGE,
                           "SOURCE_DATE_EPOCH '%s' is no number of seconds",
                           epoch);
    }
    if (gmtime_r(&when, &parts) == NULL || parts.tm_year > 9999 - 1900)
        return err_set(e, ERR_USAGE, "SOURCE_DATE_EPOCH '%s' is out of range",
                       epoch != NULL ? epoch : "");
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return 0;
}

static int make_tab(const struct cmdline *c, const struct product *products,
                    struct file_pieces *out, struct err *e)
{
    char date[32];
    char kernel[16];
    struct tab tab = {
        /* lib/tab only reads these. */
        .metadata =
            {
                .name = (char *)(uintptr_t)(c->name != NULL ? c->name : ""),
                .kernel = c->kernel_major.given ? kernel : NULL,
                .boards = (char *)(uintptr_t)c->boards,
                .build_date = c->deterministic ? NULL : date,
            },
        .members = alloc_zeroed(c->input_count, sizeof *tab.members),
        .count = c->input_count,
    };

    snprintf(kernel, sizeof kernel, "%u.%u", c->kernel_major.value,
             c->kernel_minor.value);
    for (size_t i = 0; i < c->input_count; i++)
        tab.members[i] = (struct tab_member){
            .name = products[i].name,
            .bytes = products[i].object,
            .len = products[i].layout.spec.total_size,
        };
    int result = c->deterministic ? 0 : outputs_build_date(date, e);
    if (result == 0)
        result = tab_build_pieces(&tab, out, e);
    free(tab.members);
    return result;
}

/* Stages every file, then commits every file. */
static int write_all(const struct cmdline *c, const struct product *products,
                     const struct file_pieces *tab, struct err *e)
{
    size_t count = c->input_count + 1;
    struct file_staged *staged = alloc_zeroed(count, sizeof *staged);
    int result = 0;

    for (size_t i = 0; i < c->input_count && result == 0; i++)
        result =
            file_stage(&staged[i], c->inputs[i].tbf_path, products[i].object,
                       products[i].layout.spec.total_size, FILE_ATOMIC, e);
    if (result == 0)
        result = file_stage_pieces(&staged[c->input_count], c->output,
                                   tab->list, tab->count, FILE_ATOMIC, e);
    for (size_t i = 0; i < count && result == 0; i++)
        result = file_commit(&staged[i], e);
    for (size_t i = 0; i < count; i++)
        file_discard(&staged[i]);
    free(staged);
    return result;
}

int outputs_write(const struct cmdline *cmdline, const struct product *products,
                  struct err *e)
{
    struct file_pieces tab;

    if (make_tab(cmdline, products, &tab, e) != 0)
        return -1;
    int result = write_all(cmdline, products, &tab, e);
    file_pieces_free(&tab);
    return result;
}
