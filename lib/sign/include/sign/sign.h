/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Credentials of TBF objects: digests, signatures and the keys for them.
 *
 * A credential covers the bytes of an object up to binary_end, header
 * included (docs/tbf.md §5). Making one gives the data of its footer;
 * checking one gives a verdict:
 *
 *     struct sign_cover cover = sign_cover(object, header.binary_end);
 *     uint8_t data[SIGN_MAX_DATA];
 *     struct sign_key *key;
 *
 *     sign_key_read(path, TBF_CREDENTIAL_RSA4096, SIGN_PRIVATE, &key, ...);
 *     sign_make(TBF_CREDENTIAL_RSA4096, key, &cover, data, e);
 *     tbf_build_footer(..., TBF_CREDENTIAL_RSA4096, data, data_len);
 *
 *     while (tbf_footers_next(&walk, &footer))
 *         sign_check(&footer, &cover, keys, key_count, &finding, e);
 *
 * Each key belongs to one format, so that sign_key_format tells what it signs.
 * Cryptography is that of libcrypto, loaded at the first use: a run without
 * credentials does not pay for it.
 *
 * Ownership: keys are allocated here and freed by sign_key_free; covers,
 * footers and commands are borrowed. Context: one thread.
 * Trust: key files, footers and answers of commands may be hostile; private
 * keys leave this module only as signatures.
 */

#include "host/err.h"
#include "host/notes.h"
#include "sign/digest.h"
#include "tbf/tbf.h"

/* The longest data of a credential, that of RSA-4096. */
#define SIGN_MAX_DATA 1024u

/* What credentials are made over, and the digests of it computed so far. */
struct sign_cover {
    const uint8_t *bytes; /* borrowed, unchanged while the cover is used */
    size_t len;
    struct sign_digest digests[SIGN_HASH_COUNT];
};

struct sign_cover sign_cover(const uint8_t *bytes, size_t len);

/* --- keys ---------------------------------------------------------------- */

struct sign_key;

enum sign_half {
    SIGN_PUBLIC,  /* a public or a private key will do */
    SIGN_PRIVATE, /* it must be able to sign           */
};

/* Is this format a digest, which needs no key? */
bool sign_is_digest(uint32_t format);

/* Does a credential of this format say which key made it? If not, one by
 * another key cannot be told from one over other bytes. */
bool sign_names_key(uint32_t format);

/* For sign_key_read: a key of any format but HMAC. */
#define SIGN_ANY_FORMAT 0xffffffffu

/*
 * Reads the key in a file, for credentials of one format: PEM or DER, PKCS#8,
 * PKCS#1, SEC1 or SubjectPublicKeyInfo; for TBF_CREDENTIAL_HMAC_SHA256 the
 * secret is the file's bytes. ERR_INPUT, naming what was found and what was
 * expected, for any other kind, size, curve or exponent, and for a key that
 * is locked by a passphrase: nobody is asked for it. A private key that other
 * users can read gives a note.
 */
MUST_USE int sign_key_read(const char *path, uint32_t format,
                           enum sign_half half, struct sign_key **out,
                           struct notes *notes, struct err *e);

/* What the tools give a command: time to touch a token or to type a PIN. */
#define SIGN_COMMAND_MS 120000u

/*
 * Lets a command sign for the key, of which only the public half is needed.
 * It is run by the shell, gets the digest as raw bytes (32 for P-256 and
 * RSA-2048, else 64) on its standard input and has timeout_ms to write the
 * signature to its standard output: RSA PKCS#1 v1.5 as long as the modulus;
 * ECDSA in DER, or r and s of 32 bytes each. The environment variable
 * SIGN_HASH is "sha256" or "sha512", SIGN_KEY the public key's file.
 */
void sign_key_use_command(struct sign_key *key, const char *command,
                          unsigned timeout_ms);

/* The format of credentials that the key makes and checks. */
uint32_t sign_key_format(const struct sign_key *key);

/* The file it was read from. */
const char *sign_key_path(const struct sign_key *key);

void sign_key_free(struct sign_key *key);

/* --- credentials --------------------------------------------------------- */

/*
 * Computes the data of one credential: tbf_credential_len(format) bytes. key
 * is null for the digests SHA-256, SHA-384 and SHA-512, for other formats one
 * read with SIGN_PRIVATE or given a command. Errors: ERR_INPUT if libcrypto
 * cannot be loaded or the command fails; ERR_INTERRUPT.
 */
MUST_USE int sign_make(uint32_t format, const struct sign_key *key,
                       struct sign_cover *cover, uint8_t data[SIGN_MAX_DATA],
                       struct err *e);

enum sign_verdict {
    SIGN_GOOD,      /* the digest or a given key's signature is right        */
    SIGN_BAD,       /* it is not: these are not the bytes that were signed,  */
                    /* or, with ECDSA, RSA-2048 and HMAC, another key signed */
    SIGN_OTHER_KEY, /* the credential names a key that was not given         */
    SIGN_NO_KEY,    /* no key of this format was given                       */
    SIGN_NOTHING,   /* nothing to check: Reserved, cleartext id, unknown     */
};

struct sign_finding {
    enum sign_verdict verdict;
    const struct sign_key *key; /* the one that is right, if one is needed */
};

/*
 * Judges one footer, as tbf_footers_next gave it. keys may be of any mixture;
 * those of other formats are passed over. Fails (ERR_INPUT) only if libcrypto
 * cannot be loaded.
 */
MUST_USE int sign_check(const struct tbf_footer *footer,
                        struct sign_cover *cover, struct sign_key *const *keys,
                        size_t key_count, struct sign_finding *out,
                        struct err *e);

/* The verdict for a reader. */
const char *sign_verdict_text(enum sign_verdict verdict);
