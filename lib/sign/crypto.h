/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What credentials need of libcrypto, in our terms. (Not in those of
 * host/err.h: a name of it means something else in libcrypto's headers.)
 *
 * crypto.c is the only file of the project that knows libcrypto, which it
 * loads in crypto_open; call that first, the rest may rely on it. The user's
 * configuration of OpenSSL is not read: the same inputs give the same bytes
 * everywhere.
 */

#include "base/attr.h"
#include "sign/digest.h"

#include <stdbool.h>

/* False if libcrypto is missing or too old. Again is harmless. */
MUST_USE bool crypto_open(void);

void crypto_digest(enum sign_hash hash, const uint8_t *bytes, size_t len,
                   struct sign_digest *out);

/* HMAC-SHA-256; secret_len <= INT_MAX. */
void crypto_hmac(const uint8_t *secret, size_t secret_len, const uint8_t *bytes,
                 size_t len, uint8_t out[32]);

/* --- keys ---------------------------------------------------------------- */

struct crypto_key;

enum crypto_kind { CRYPTO_RSA, CRYPTO_P256, CRYPTO_OTHER };

struct crypto_facts {
    enum crypto_kind kind;
    int bits;
    bool is_private;
    bool has_usual_exponent; /* 65537; credentials do not store it */
    char name[32];           /* of the curve, else of the kind     */
};

enum crypto_result { CRYPTO_OK, CRYPTO_NO_KEY, CRYPTO_LOCKED };

/* The first key in the bytes, a private one if there is one. */
enum crypto_result crypto_key_parse(const uint8_t *bytes, size_t len,
                                    struct crypto_key **out);
void crypto_key_facts(struct crypto_key *key, struct crypto_facts *out);
void crypto_key_free(struct crypto_key *key);

/* Big-endian, len bytes. */
MUST_USE bool crypto_modulus(struct crypto_key *key, uint8_t *out, size_t len);

/* --- signatures ---------------------------------------------------------- */

/* A signature as credentials hold it: PKCS#1 v1.5, or r and s. */
#define CRYPTO_P256_LEN 64u

MUST_USE bool crypto_sign(struct crypto_key *key, enum sign_hash hash,
                          const struct sign_digest *digest, uint8_t *signature,
                          size_t len);
bool crypto_verify(struct crypto_key *key, enum sign_hash hash,
                   const struct sign_digest *digest, const uint8_t *signature,
                   size_t len);

/* From the DER form of an ECDSA signature; false if it is none. */
MUST_USE bool crypto_from_der(const uint8_t *der, size_t len,
                              uint8_t out[CRYPTO_P256_LEN]);
