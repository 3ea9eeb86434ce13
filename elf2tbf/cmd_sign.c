/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "editing.h"

struct sign_options {
    bool sha256;
    bool sha384;
    bool sha512;
    bool add;
};

static const struct cli_option options[] = {
    {"sha256", 0, CLI_FLAG, offsetof(struct sign_options, sha256), NULL, NULL,
     0},
    {"sha384", 0, CLI_FLAG, offsetof(struct sign_options, sha384), NULL, NULL,
     0},
    {"sha512", 0, CLI_FLAG, offsetof(struct sign_options, sha512), NULL,
     "add digests", 0},
    {"add", 0, CLI_FLAG, offsetof(struct sign_options, add), NULL,
     "keep those of the same kind beside it", 0},
};

enum { MAX_WANTED = 6 }; /* three digests, two keys, one command */

/* Adds what is wanted, in the order in which elf2tbf writes it. */
static size_t list_wanted(const struct sign_options *own,
                          const struct object_keys *keys,
                          struct object_credential out[MAX_WANTED])
{
    size_t count = 0;

    if (own->sha256)
        out[count++].format = TBF_CREDENTIAL_SHA256;
    if (own->sha384)
        out[count++].format = TBF_CREDENTIAL_SHA384;
    if (own->sha512)
        out[count++].format = TBF_CREDENTIAL_SHA512;
    for (size_t i = 0; i < keys->count; i++) {
        out[count].format = sign_key_format(keys->list[i]);
        out[count++].key = keys->list[i];
    }
    return count;
}

static int apply(struct task *task, struct object_change *change,
                 const struct object_keys *keys, struct err *e)
{
    const struct sign_options *own = task->own;
    struct object_credential wanted[MAX_WANTED] = {0};
    size_t count = list_wanted(own, keys, wanted);

    if (count == 0) {
        err_set(e, ERR_USAGE, "nothing to sign with");
        return err_hint(e, "give a digest (--sha256) or a key "
                           "(--ecdsa-nist-p256-private KEY)");
    }
    return object_change_add_credentials(change, wanted, count, own->add, e);
}

static int run(struct task *task, struct err *e)
{
    return editing_run(task, apply, e);
}

const struct subcommand cmd_sign = {
    .name = "sign",
    .summary = "add digests and signatures to objects that exist",
    .operands = "FILE",
    .details = "Puts credentials into the room that an object keeps free for "
               "them, in place of\nolder ones of the same kind.\n",
    .example = "elf2tbf sign --ecdsa-nist-p256-private key.pem blink.tab\n",
    .statuses = "3, 6, 7",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .own_size = sizeof(struct sign_options),
    .is_editing = true,
    .has_json = true,
    .run = run,
};
