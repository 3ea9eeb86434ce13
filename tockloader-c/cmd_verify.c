/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "command.h"

#include "backup.h"
#include "bundle.h"
#include "check.h"
#include "describe.h"
#include "host/alloc.h"
#include "host/text.h"
#include "survey.h"
#include "tbf/build.h"
#include "tbf/text.h"

#include <stdlib.h>
#include <string.h>

struct verify_options {
    struct cli_list keys;
};

static const struct cli_option options[] = {
    {"key", 0, CLI_LIST, offsetof(struct verify_options, keys), "FILE",
     "public keys that credentials are checked with", 0},
};

/* What one run works on, and what it found. */
struct job {
    struct session *session;
    struct sign_key **keys;
    size_t key_count;
    size_t wrong;       /* things that are not as they should be   */
    size_t missing;     /* apps of TABs that are not on the board  */
    char first[300];    /* of these, as a sentence                 */
    struct json *files; /* of the document, once there is one      */
};

static bool is_silent(const struct job *job)
{
    return job->session->json != NULL || job->session->options.quiet;
}

/* One line of the answer: a verdict, and what it is about. */
static void put_line(const struct job *job, const char *verdict,
                     const char *subject, size_t len, const char *text)
{
    if (is_silent(job))
        return;
    printf("%-8s ", verdict);
    text_put(stdout, subject, len, 0);
    if (text[0] != '\0') {
        fputs(": ", stdout);
        text_put(stdout, text, strlen(text), 0);
    }
    putchar('\n');
}

static void remember(struct job *job, const char *subject, const char *text)
{
    if (job->first[0] == '\0')
        snprintf(job->first, sizeof job->first, "%s: %s", subject, text);
}

/* --- what stands on the board -------------------------------------------- */

/* "0x80100000 blink", for lines and messages. */
static char *name_object(const struct region_object *object)
{
    size_t len;
    const char *name = survey_name(object, &len);

    return alloc_format("0x%08x %.*s", object->address, (int)len, name);
}

static struct json *add_object(struct json *list,
                               const struct region_object *object)
{
    const struct tbf_header *h = &object->header;
    struct json *json = json_add_object(list, NULL);

    json_add_number(json, "address", object->address);
    json_add_number(json, "size", object->size);
    if (region_is_app(object))
        json_add_text(json, "name", h->name_len == 0 ? "" : h->name,
                      h->name_len);
    else
        json_add_null(json, "name");
    return json;
}

static void add_lines(struct json *json, const struct notes *lines)
{
    struct json *list = json_add_array(json, "problems");

    for (size_t i = 0; i < lines->count; i++)
        json_add_string(list, NULL, lines->lines[i]);
}

static void add_credential(struct json *list,
                           const struct check_credential *credential)
{
    static const char *const verdicts[] = {
        [SIGN_GOOD] = "good",           [SIGN_BAD] = "bad",
        [SIGN_OTHER_KEY] = "other-key", [SIGN_NO_KEY] = "unverified",
        [SIGN_NOTHING] = "unverified",
    };
    struct json *json = json_add_object(list, NULL);

    json_add_string(json, "format",
                    object_format_key(credential->footer.format));
    json_add_string(json, "verdict", verdicts[credential->verdict]);
    json_add_string(json, "key",
                    credential->key != NULL ? sign_key_path(credential->key)
                                            : NULL);
}

/*
 * Judges the app's credentials; text gets a few words about all of them, and
 * a bad one is a problem.
 */
static int judge_credentials(struct job *job,
                             const struct region_object *object,
                             struct json *json, char *text, size_t room,
                             struct notes *problems, struct err *e)
{
    struct json *list =
        json != NULL ? json_add_array(json, "credentials") : NULL;
    struct check_credentials walk = check_credentials_start(
        &job->session->region, object, job->keys, job->key_count);
    struct check_credential found;
    size_t len = 0;
    int got;

    while ((got = check_credentials_next(&walk, &found, e)) > 0) {
        const char *format = tbf_credential_text(found.footer.format);

        if (list != NULL)
            add_credential(list, &found);
        if (len < room)
            len += (size_t)snprintf(text + len, room - len, "%s%s %s",
                                    len == 0 ? "" : ", ", format,
                                    sign_verdict_text(found.verdict));
        if (found.verdict == SIGN_BAD)
            notes_add(problems, "its credential %s is bad", format);
    }
    return got;
}

static void put_object(struct job *job, const struct region_object *object,
                       const char *credentials, const struct notes *problems)
{
    char *subject = name_object(object);

    if (problems->count == 0)
        put_line(job, "ok", subject, strlen(subject),
                 object->is_retired ? "retired" : credentials);
    for (size_t i = 0; i < problems->count; i++) {
        put_line(job, "problem", subject, strlen(subject), problems->lines[i]);
        remember(job, subject, problems->lines[i]);
    }
    job->wrong += problems->count;
    free(subject);
}

static int verify_object(struct job *job, const struct region_object *object,
                         struct json *list, struct err *e)
{
    struct json *json = list != NULL ? add_object(list, object) : NULL;
    struct notes problems = {0};
    char credentials[200] = "";
    int result = 0;

    check_object(&job->session->region, object, &problems);
    if (region_is_app(object))
        result = judge_credentials(job, object, json, credentials,
                                   sizeof credentials, &problems, e);
    if (json != NULL)
        add_lines(json, &problems);
    put_object(job, object, credentials, &problems);
    notes_free(&problems);
    return result;
}

static int verify_region(struct job *job, struct err *e)
{
    const struct region *region = &job->session->region;
    struct json *document = job->session->json;
    struct json *list =
        document != NULL ? json_add_array(document, "objects") : NULL;
    struct notes problems = {0};

    for (size_t i = 0; i < region->count; i++)
        if (verify_object(job, &region->objects[i], list, e) != 0)
            return -1;
    check_all_ram(region, &job->session->notes);
    check_list(region, &problems);
    if (document != NULL)
        add_lines(document, &problems);
    for (size_t i = 0; i < problems.count; i++) {
        put_line(job, "problem", "list", strlen("list"), problems.lines[i]);
        remember(job, "the list of apps", problems.lines[i]);
    }
    job->wrong += problems.count;
    notes_free(&problems);
    return 0;
}

/* --- files against the board --------------------------------------------- */

/* A comparison's outcome; the words stand in the document, too. */
static void tell_file(struct job *job, const char *path, const char *result,
                      const char *text, const uint32_t *address,
                      const uint32_t *difference)
{
    struct json *json;

    put_line(job, result, path, strlen(path), text);
    if (job->session->json == NULL)
        return;
    if (job->files == NULL)
        job->files = json_add_array(job->session->json, "files");
    json = json_add_object(job->files, NULL);
    json_add_string(json, "path", path);
    json_add_string(json, "result", result);
    if (address != NULL)
        json_add_number(json, "address", *address);
    else
        json_add_null(json, "address");
    if (difference != NULL)
        json_add_number(json, "difference", *difference);
    else
        json_add_null(json, "difference");
}

static uint32_t first_difference(const uint8_t *a, const uint8_t *b,
                                 uint32_t len)
{
    uint32_t at = 0;

    while (at < len && a[at] == b[at])
        at++;
    return at;
}

/*
 * How many bytes of the object are those of the image, its size if all are.
 * Flags are the user's, and the size may have been grown for the board.
 */
static uint32_t same_bytes(const struct region *region,
                           const struct region_object *object,
                           const struct image *image)
{
    uint32_t len = image->len < object->size ? image->len : object->size;
    uint8_t *wanted = alloc_resize(NULL, image->len, 1);
    uint32_t same;

    memcpy(wanted, image->bytes, image->len);
    if (image->size != image->len)
        tbf_set_total_size(wanted, image->size);
    if (object->header.flags != image->header.flags)
        tbf_set_flags(wanted, object->header.flags);
    same = first_difference(wanted, region_bytes_of(region, object), len);
    free(wanted);
    return same == len && image->size == object->size ? object->size : same;
}

static uint32_t best_match(const struct region *region,
                           const struct region_object *object,
                           const struct bundle *bundle)
{
    uint32_t best = 0;

    for (size_t i = 0; i < bundle->count; i++) {
        uint32_t same = same_bytes(region, object, &bundle->images[i]);

        if (same > best)
            best = same;
    }
    return best;
}

static void compare_app(struct job *job, const struct bundle *bundle,
                        const struct region_object *object)
{
    uint32_t same = best_match(&job->session->region, object, bundle);
    uint32_t at = object->address + same;
    char *subject = name_object(object);
    char *text;

    if (same == object->size) {
        text = alloc_format("is %s", subject);
        tell_file(job, bundle->path, "same", text, &object->address, NULL);
    } else {
        text =
            alloc_format("not what stands at %s, from 0x%08x on", subject, at);
        tell_file(job, bundle->path, "differs", text, &object->address, &at);
        remember(job, bundle->path, text);
        job->wrong++;
    }
    free(text);
    free(subject);
}

static int verify_tab(struct job *job, const char *path, struct err *e)
{
    const struct region *region = &job->session->region;
    struct bundle bundle;
    const char *name;
    size_t len;
    bool is_there = false;

    /* Whether the app is meant for this board was decided when it came. */
    if (bundle_open(path, job->session->board, true, &job->session->notes,
                    &bundle, e) != 0)
        return -1;
    name = bundle_name(&bundle, &len);
    for (size_t i = 0; i < region->count; i++) {
        const struct region_object *object = &region->objects[i];

        if (!region_is_app(object) ||
            !region_is_named(&object->header, name, len))
            continue;
        compare_app(job, &bundle, object);
        is_there = true;
    }
    if (!is_there) {
        char *text = alloc_format("no app '%.*s' is installed", (int)len, name);

        tell_file(job, path, "missing", text, NULL, NULL);
        remember(job, path, text);
        job->missing++;
        free(text);
    }
    bundle_free(&bundle);
    return 0;
}

static int verify_backup(struct job *job, const char *path, struct err *e)
{
    const struct region *region = &job->session->region;
    uint32_t start = region->board->apps.start;
    uint32_t len = region->end - start;
    struct backup backup;
    char text[80] = "";

    if (backup_read(path, &backup, e) != 0)
        return -1;
    uint32_t shorter = len < backup.len ? len : backup.len;
    uint32_t same = first_difference(region->bytes, backup.bytes, shorter);
    uint32_t at = start + same;

    if (backup.start == start && same == len && len == backup.len) {
        tell_file(job, path, "same", "is what stands on the board", &start,
                  NULL);
    } else {
        if (backup.start != start)
            snprintf(text, sizeof text,
                     "made of apps at 0x%08x, these are at "
                     "0x%08x",
                     backup.start, start);
        else
            snprintf(text, sizeof text,
                     "not what stands on the board, from 0x%08x on", at);
        tell_file(job, path, "differs", text, &start,
                  backup.start == start ? &at : &start);
        remember(job, path, text);
        job->wrong++;
    }
    backup_free(&backup);
    return 0;
}

/* --- the command --------------------------------------------------------- */

static int read_keys(struct job *job, const struct cli_list *paths,
                     struct err *e)
{
    job->keys = alloc_zeroed(paths->count, sizeof(struct sign_key *));
    for (size_t i = 0; i < paths->count; i++) {
        if (sign_key_read(paths->words[i], SIGN_ANY_FORMAT, SIGN_PUBLIC,
                          &job->keys[i], &job->session->notes, e) != 0)
            return -1;
        job->key_count++;
    }
    return 0;
}

static int verify_all(struct job *job, struct err *e)
{
    const struct cli_list *files = &job->session->operands;

    if (verify_region(job, e) != 0)
        return -1;
    for (size_t i = 0; i < files->count; i++) {
        const char *path = files->words[i];
        int result = backup_is_one(path) ? verify_backup(job, path, e)
                                         : verify_tab(job, path, e);

        if (result != 0)
            return -1;
    }
    return 0;
}

static int conclude(const struct job *job, struct err *e)
{
    size_t found = job->wrong + job->missing;

    if (found == 0)
        return 0;
    if (found == 1)
        err_set(e, job->wrong != 0 ? ERR_VERIFY : ERR_STATE, "%s", job->first);
    else
        err_set(e, job->wrong != 0 ? ERR_VERIFY : ERR_STATE,
                "%zu problems, the first: %s", found, job->first);
    return err_hint(e, "`tockloader-c install` writes an app again, "
                       "`tockloader-c list -v` shows what is there");
}

static int run(struct session *session, struct err *e)
{
    const struct verify_options *own = session->own;
    struct job job = {.session = session};
    int result = -1;

    if (session_open_region(session, SESSION_LOOK, e) == 0 &&
        read_keys(&job, &own->keys, e) == 0 && verify_all(&job, e) == 0)
        result = conclude(&job, e);
    for (size_t i = 0; i < job.key_count; i++)
        sign_key_free(job.keys[i]);
    free(job.keys);
    return result;
}

const struct command cmd_verify = {
    .name = "verify",
    .summary = "check the apps on the board",
    .operands = "[FILE...]",
    .details =
        "Checks the app region as the kernel will at boot: list, headers, "
        "addresses, RAM,\ncredentials. Each FILE, a TAB or a backup, is "
        "compared with what stands there.\n",
    .examples = "tockloader-c verify --board qemu_rv32_virt --flash-file b.img "
                "hello.tab\n",
    .statuses = "3 6 7",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .own_size = sizeof(struct verify_options),
    .run = run,
};
