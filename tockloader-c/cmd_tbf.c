/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "command.h"

#include "base/le.h"
#include "object/binary.h"
#include "tabs.h"
#include "tbf_action.h"

#include <stdlib.h>

struct tbf_options {
    const char *only;
    const char *private_key;
    const char *public_key;
    const char *cleartext_id;
    bool drop;
    bool grow;
};

#define FIELD(f) offsetof(struct tbf_options, f)
static const struct cli_option options[] = {
    {"only", 0, CLI_STRING, FIELD(only), "NAME,...",
     "only these objects of a TAB [all]", 0},
    {"private-key", 0, CLI_STRING, FIELD(private_key), "KEY", NULL, 0},
    {"public-key", 0, CLI_STRING, FIELD(public_key), "KEY",
     "sign with this key; its public half", 0},
    {"cleartext-id", 0, CLI_STRING, FIELD(cleartext_id), "N",
     "the number of a cleartext_id credential", 0},
    {"drop-credentials", 0, CLI_FLAG, FIELD(drop), NULL,
     "remove credentials that cannot be made again", 0},
    {"grow", 0, CLI_FLAG, FIELD(grow), NULL,
     "make the object larger if it has no room", 0},
};
#undef FIELD

static bool takes_key(const struct tbf_action *a)
{
    return a->verb == TBF_CREDENTIAL_ADD && !sign_is_digest(a->type) &&
           a->type != TBF_CREDENTIAL_CLEARTEXT_ID;
}

/* The key signs what is added, or makes old signatures again. */
static int read_key(struct session *session, struct tbf_action *a,
                    struct object_keys *keys, struct err *e)
{
    const struct tbf_options *own = session->own;
    uint32_t format = takes_key(a) ? a->type : SIGN_ANY_FORMAT;

    if (own->private_key == NULL) {
        if (!takes_key(a))
            return 0;
        err_set(e, ERR_USAGE, "this credential takes a private key");
        return err_hint(e, "--private-key KEY");
    }
    if (object_keys_add(keys, own->private_key, format, SIGN_PRIVATE,
                        &session->notes, e) != 0)
        return -1;
    if (takes_key(a))
        a->key = keys->list[0];
    return 0;
}

/* Signing takes no public key; one that is given must be the other half. */
static int check_public(struct session *session, const struct tbf_action *a,
                        struct err *e)
{
    static const uint8_t text[] = "both halves of one key";
    const struct tbf_options *own = session->own;
    struct sign_cover cover = sign_cover(text, sizeof text);
    uint8_t data[SIGN_MAX_DATA];
    struct tbf_footer footer = {.format = a->type, .data = data};
    struct sign_finding finding = {SIGN_NOTHING, NULL};
    struct sign_key *key;

    if (own->public_key == NULL || a->key == NULL ||
        !tbf_credential_len(a->type, &footer.len))
        return 0;
    if (sign_key_read(own->public_key, a->type, SIGN_PUBLIC, &key,
                      &session->notes, e) != 0)
        return -1;
    int result = sign_make(a->type, a->key, &cover, data, e);
    if (result == 0)
        result = sign_check(&footer, &cover, &key, 1, &finding, e);
    if (result == 0 && finding.verdict != SIGN_GOOD)
        result = err_set(e, ERR_INPUT, "'%s' is not the public half of '%s'",
                         own->public_key, own->private_key);
    sign_key_free(key);
    return result;
}

static int read_id(const struct tbf_options *own, struct tbf_action *a,
                   struct err *e)
{
    uint64_t id;

    if (a->verb != TBF_CREDENTIAL_ADD || a->type != TBF_CREDENTIAL_CLEARTEXT_ID)
        return 0;
    if (own->cleartext_id == NULL ||
        !tbf_action_number(own->cleartext_id, &id)) {
        err_set(e, ERR_USAGE, "a cleartext_id credential takes a number");
        return err_hint(e, "--cleartext-id N");
    }
    le64_store(a->id, id);
    return 0;
}

static int convert(const struct session *session,
                   const struct object_file *file, FILE *to, struct err *e)
{
    const struct tbf_options *own = session->own;
    struct tbf_header h;

    if (object_check_chosen(own->only, file, e) != 0)
        return -1;
    for (size_t i = 0; i < file->tab.count; i++) {
        if (!object_is_chosen(own->only, file, i))
            continue;
        if (object_check(file, i, &h, e) != 0)
            return -1;
        object_print_c(&h, file->tab.members[i].bytes, to);
    }
    return 0;
}

static int change(const struct session *session, struct tbf_action *a,
                  struct object_file *file, const struct object_keys *keys,
                  struct json *list, struct err *e)
{
    const struct tbf_options *own = session->own;
    const struct object_batch batch = {
        .apply = tbf_action_apply,
        .context = a,
        .policy = {keys, own->drop, own->grow},
        .only = own->only,
        .is_dry = session->options.dry_run,
        .to = session->options.quiet || list != NULL ? NULL : stdout,
        .list = list,
    };

    return object_batch_run(&batch, file, e);
}

static int change_all(const struct session *session, struct tbf_action *a,
                      const struct cli_list *tabs,
                      const struct object_keys *keys, struct err *e)
{
    struct json *list =
        session->json != NULL ? json_add_array(session->json, "objects") : NULL;
    int result = 0;

    for (size_t i = 0; i < tabs->count && result == 0; i++) {
        struct object_file file;

        result = object_file_read(tabs->words[i], &file, e);
        if (result == 0)
            result = change(session, a, &file, keys, list, e);
        object_file_free(&file);
    }
    return result;
}

/* A document holds the text as a string. */
static int convert_all(const struct session *session,
                       const struct cli_list *tabs, struct err *e)
{
    char *text = NULL;
    size_t len;
    FILE *to = session->json != NULL ? open_memstream(&text, &len) : stdout;
    int result =
        to != NULL ? 0 : err_set(e, ERR_INTERNAL, "no memory for the text");

    for (size_t i = 0; i < tabs->count && result == 0; i++) {
        struct object_file file;

        result = object_file_read(tabs->words[i], &file, e);
        if (result == 0)
            result = convert(session, &file, to, e);
        object_file_free(&file);
    }
    if (to != NULL && to != stdout) {
        fclose(to);
        json_add_string(session->json, "source", text);
        free(text);
    }
    return result;
}

static int run(struct session *session, struct err *e)
{
    const struct cli_list *words = &session->operands;
    struct object_keys keys = {0};
    struct cli_list tabs = {0};
    struct tbf_action a;
    size_t used;
    int result = -1;

    if (tbf_action_parse(words->words, words->count, &a, &used, e) == 0 &&
        read_id(session->own, &a, e) == 0 &&
        read_key(session, &a, &keys, e) == 0 &&
        check_public(session, &a, e) == 0 &&
        tabs_choose(words, used, &tabs, &session->notes, e) == 0)
        result = a.verb == TBF_CONVERT
                     ? convert_all(session, &tabs, e)
                     : change_all(session, &a, &tabs, &keys, e);
    tabs_free(&tabs);
    object_keys_free(&keys);
    return result;
}

const struct command cmd_tbf = {
    .name = "tbf",
    .group = COMMAND_FILES,
    .summary = "change the objects in TABs and .tbf files",
    .operands = "tlv|credential|convert ... [FILE...]",
    .details =
        "  tlv add TYPE VALUE...    tlv modify TYPE FIELD VALUE    tlv delete "
        "TYPE\n  credential add FORMAT    credential delete FORMAT    convert "
        "cbinary\nDigests over a changed header are made again, signatures "
        "with "
        "--private-key; a\nchange that would break one is refused.\n",
    .examples = "tockloader-c tbf tlv modify program app_version 3 hello.tab\n",
    .statuses = "3 6 7",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .own_size = sizeof(struct tbf_options),
    .run = run,
};
