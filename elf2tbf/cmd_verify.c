/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/text.h"
#include "object/file.h"
#include "object/verify.h"
#include "subcommand.h"
#include "tbf/text.h"

#include <string.h>

struct verify_options {
    struct cli_list keys;
};

static const struct cli_option options[] = {
    {"key", 0, CLI_EACH, offsetof(struct verify_options, keys), "KEY",
     "that must have signed; may be repeated", 0},
};

/* One credential, in text and in the document. */
static void tell(const struct task *task, struct json *list,
                 const struct tbf_footer *footer,
                 const struct sign_finding *finding)
{
    const char *key = finding->key != NULL ? sign_key_path(finding->key) : NULL;

    if (list != NULL) {
        struct json *item = json_add_object(list, NULL);

        json_add_string(item, "name", object_format_key(footer->format));
        json_add_string(item, "verdict", object_verdict_key(finding->verdict));
        json_add_string(item, "key", key);
    } else if (!task->quiet) {
        printf("  %-12s %s", tbf_credential_text(footer->format),
               sign_verdict_text(finding->verdict));
        if (key != NULL) {
            fputs(", key ", stdout);
            text_put(stdout, key, strlen(key), 0);
        }
        putchar('\n');
    }
}

/* What has to hold; text of what does not, null if all does. */
static const char *judge(const struct object_verify *v, bool has_keys)
{
    if (v->bad != 0)
        return "a credential is wrong";
    if (has_keys && v->signed_good == 0)
        return "no credential was made with a given key";
    if (v->good == 0)
        return v->unchecked == 0 ? "there is no credential"
                                 : "no credential could be checked";
    return NULL;
}

static int verify_object(struct task *task, const struct object_file *file,
                         size_t index, const struct object_keys *keys,
                         struct json *list, struct err *e)
{
    const struct tab_member *member = &file->tab.members[index];
    struct object_name name = object_name(file, index);
    struct sign_finding finding;
    struct tbf_footer footer;
    struct tbf_header h;

    if (object_check(file, index, &h, e) != 0)
        return -1;
    if (list == NULL && !task->quiet) {
        text_put(stdout, name.text, strlen(name.text), 0);
        puts(":");
    }
    struct object_verify v = object_verify_start(&h, member->bytes);
    while (object_verify_next(&v, keys, &footer, &finding))
        if (footer.format != TBF_CREDENTIAL_RESERVED)
            tell(task, list, &footer, &finding);

    const char *why = judge(&v, keys->count != 0);
    if (why == NULL)
        return 0;
    err_set(e, v.has_no_library ? ERR_INPUT : ERR_VERIFY, "'%s': %s", name.text,
            why);
    if (v.has_no_library)
        return err_hint(e, "libcrypto, which checks them, is missing: "
                           "apt-get install libssl3");
    if (v.bad == 0 && v.unchecked != 0 && keys->count == 0)
        return err_hint(e, "give the public key: --key KEY");
    if (v.bad == 0 && v.unchecked == 0 && v.good == 0)
        err_hint(e, "add one: elf2tbf sign --sha256 %s", file->path);
    else
        err_hint(e,
                 "the object changed since, or another key signed it; get "
                 "it anew, or sign it: elf2tbf sign %s",
                 file->path);
    return file->is_tab ? err_while(e, "verifying '%s'", file->path) : -1;
}

/* All objects are told; the first that fails is the error. */
static int verify_file(struct task *task, const struct object_file *file,
                       const struct object_keys *keys, struct json *objects,
                       struct err *e)
{
    int result = 0;

    for (size_t i = 0; i < file->tab.count; i++) {
        struct json *list = NULL;
        struct err own = {0};

        if (objects != NULL) {
            struct json *item = json_add_object(objects, NULL);

            json_add_string(item, "path", file->path);
            json_add_string(item, "name",
                            file->is_tab ? file->tab.members[i].name : NULL);
            list = json_add_array(item, "credentials");
        }
        if (verify_object(task, file, i, keys, list, &own) == 0)
            continue;
        if (result == 0)
            *e = own;
        result = -1;
    }
    return result;
}

static int verify_all(struct task *task, const struct object_keys *keys,
                      struct err *e)
{
    struct json *objects =
        task->json != NULL ? json_add_array(task->json, "objects") : NULL;
    int result = 0;

    for (size_t i = 0; i < task->operands.count; i++) {
        struct object_file file;
        struct err own = {0};
        int status = object_file_read(task->operands.words[i], &file, &own);

        if (status == 0)
            status = verify_file(task, &file, keys, objects, &own);
        object_file_free(&file);
        if (status != 0 && result == 0) {
            *e = own;
            result = -1;
        }
    }
    return result;
}

static int run(struct task *task, struct err *e)
{
    struct verify_options own = *(const struct verify_options *)task->own;
    struct object_keys keys = {0};
    int result = task_check_operands(task, 1, 0, e);

    if (result == 0)
        result = object_keys_add_all(&keys, &own.keys, &task->notes, e);
    if (result == 0)
        result = verify_all(task, &keys, e);
    object_keys_free(&keys);
    cli_list_free(&own.keys);
    return result;
}

const struct subcommand cmd_verify = {
    .name = "verify",
    .summary = "check credentials",
    .operands = "FILE...",
    .details = "Checks the digests of each object, and signatures against the "
               "given keys.\nAn object needs a right credential, and no wrong "
               "one; if keys are given, a\nsignature by one of them.\n",
    .example = "elf2tbf verify blink.tab --key public.pem\n",
    .statuses = "3, 6",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .own_size = sizeof(struct verify_options),
    .has_json = true,
    .run = run,
};
