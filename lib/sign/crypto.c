/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "crypto.h"

#include <dlfcn.h>
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_LEN = 32 }; /* of r and of s */

/* All that is used of the library; the prototypes are those of its headers. */
#define EACH_FUNCTION(X)                    \
    X(OPENSSL_init_crypto)                  \
    X(EVP_Digest)                           \
    X(EVP_sha256)                           \
    X(EVP_sha384)                           \
    X(EVP_sha512)                           \
    X(HMAC)                                 \
    X(BIO_new_mem_buf)                      \
    X(BIO_ctrl_pending)                     \
    X(BIO_free)                             \
    X(OSSL_DECODER_CTX_new_for_pkey)        \
    X(OSSL_DECODER_CTX_set_pem_password_cb) \
    X(OSSL_DECODER_CTX_free)                \
    X(OSSL_DECODER_from_bio)                \
    X(EVP_PKEY_free)                        \
    X(EVP_PKEY_get_bits)                    \
    X(EVP_PKEY_is_a)                        \
    X(EVP_PKEY_get0_type_name)              \
    X(EVP_PKEY_get_utf8_string_param)       \
    X(EVP_PKEY_get_bn_param)                \
    X(EVP_PKEY_CTX_new)                     \
    X(EVP_PKEY_CTX_free)                    \
    X(EVP_PKEY_CTX_set_rsa_padding)         \
    X(EVP_PKEY_CTX_set_signature_md)        \
    X(EVP_PKEY_sign_init)                   \
    X(EVP_PKEY_sign)                        \
    X(EVP_PKEY_verify_init)                 \
    X(EVP_PKEY_verify)                      \
    X(ECDSA_SIG_new)                        \
    X(ECDSA_SIG_free)                       \
    X(ECDSA_SIG_get0)                       \
    X(ECDSA_SIG_set0)                       \
    X(d2i_ECDSA_SIG)                        \
    X(i2d_ECDSA_SIG)                        \
    X(BN_bin2bn)                            \
    X(BN_bn2binpad)                         \
    X(BN_is_word)                           \
    X(BN_clear_free)

#define MEMBER(name) __typeof__(name) *name;
#define PLACE(name)  {#name, offsetof(struct functions, name)},

struct functions {
    EACH_FUNCTION(MEMBER)
};

static const struct {
    const char *name;
    size_t offset;
} places[] = {EACH_FUNCTION(PLACE)};

static struct functions lib;

/* ISO C has no cast between a data and a function pointer; POSIX promises
 * that the bytes are the same. */
static bool find_all(void *handle)
{
    for (size_t i = 0; i < ARRAY_COUNT(places); i++) {
        void *symbol = dlsym(handle, places[i].name);

        if (symbol == NULL)
            return false;
        memcpy((char *)&lib + places[i].offset, &symbol, sizeof symbol);
    }
    return true;
}

/* Never unloaded: its cleanup at exit would then be missing. */
bool crypto_open(void)
{
    static bool is_open;

    if (is_open)
        return true;

    void *handle = dlopen("libcrypto.so.3", RTLD_LAZY | RTLD_LOCAL);

    is_open = handle != NULL && find_all(handle) &&
              lib.OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) == 1;
    return is_open;
}

/* libcrypto fails here only when memory has run out. */
static void *must(void *result)
{
    if (result == NULL)
        abort();
    return result;
}

static const EVP_MD *md(enum sign_hash hash)
{
    switch (hash) {
    case SIGN_SHA256:
        return lib.EVP_sha256();
    case SIGN_SHA384:
        return lib.EVP_sha384();
    default:
        return lib.EVP_sha512();
    }
}

void crypto_digest(enum sign_hash hash, const uint8_t *bytes, size_t len,
                   struct sign_digest *out)
{
    unsigned size = 0;

    if (lib.EVP_Digest(bytes, len, out->bytes, &size, md(hash), NULL) != 1)
        abort();
    out->len = size;
}

void crypto_hmac(const uint8_t *secret, size_t secret_len, const uint8_t *bytes,
                 size_t len, uint8_t out[32])
{
    must(lib.HMAC(lib.EVP_sha256(), secret, (int)secret_len, bytes, len, out,
                  NULL));
}

static EVP_PKEY *pkey(struct crypto_key *key)
{
    return (EVP_PKEY *)key;
}

/* Called for a locked key: nobody is asked, the attempt only noted. */
static int no_passphrase(char *buffer, int size, int is_writing, void *asked)
{
    (void)buffer;
    (void)size;
    (void)is_writing;
    *(bool *)asked = true;
    return -1;
}

/* One object of a PEM file after the other: a key may stand behind others,
 * as behind the parameters of its curve. */
static EVP_PKEY *decode(const uint8_t *bytes, size_t len, int selection,
                        bool *is_locked)
{
    EVP_PKEY *found = NULL;
    BIO *bio = must(lib.BIO_new_mem_buf(bytes, (int)len));
    OSSL_DECODER_CTX *context = must(lib.OSSL_DECODER_CTX_new_for_pkey(
        &found, NULL, NULL, NULL, selection, NULL, NULL));
    size_t left = len;
    size_t before;

    if (lib.OSSL_DECODER_CTX_set_pem_password_cb(context, no_passphrase,
                                                 is_locked) != 1)
        abort();
    do {
        before = left;
        lib.OSSL_DECODER_from_bio(context, bio);
        left = lib.BIO_ctrl_pending(bio);
    } while (found == NULL && !*is_locked && left != 0 && left < before);
    lib.OSSL_DECODER_CTX_free(context);
    lib.BIO_free(bio);
    return found;
}

enum crypto_result crypto_key_parse(const uint8_t *bytes, size_t len,
                                    struct crypto_key **out)
{
    bool is_locked = false;
    EVP_PKEY *found = decode(bytes, len, EVP_PKEY_KEYPAIR, &is_locked);

    if (found == NULL && !is_locked)
        found = decode(bytes, len, EVP_PKEY_PUBLIC_KEY, &is_locked);
    *out = (struct crypto_key *)found;
    if (found != NULL)
        return CRYPTO_OK;
    return is_locked ? CRYPTO_LOCKED : CRYPTO_NO_KEY;
}

/* A number of the key; null if it has none of this name. */
static BIGNUM *number(struct crypto_key *key, const char *name)
{
    BIGNUM *value = NULL;

    lib.EVP_PKEY_get_bn_param(pkey(key), name, &value);
    return value;
}

static bool has_number(struct crypto_key *key, const char *name)
{
    BIGNUM *value = number(key, name);

    lib.BN_clear_free(value);
    return value != NULL;
}

static void rsa_facts(struct crypto_key *key, struct crypto_facts *out)
{
    BIGNUM *exponent = number(key, OSSL_PKEY_PARAM_RSA_E);

    out->kind = CRYPTO_RSA;
    out->is_private = has_number(key, OSSL_PKEY_PARAM_RSA_D);
    out->has_usual_exponent =
        exponent != NULL && lib.BN_is_word(exponent, 65537) == 1;
    lib.BN_clear_free(exponent);
}

void crypto_key_facts(struct crypto_key *key, struct crypto_facts *out)
{
    const char *type = lib.EVP_PKEY_get0_type_name(pkey(key));

    *out = (struct crypto_facts){
        .kind = CRYPTO_OTHER,
        .bits = lib.EVP_PKEY_get_bits(pkey(key)),
        .is_private = has_number(key, OSSL_PKEY_PARAM_PRIV_KEY),
    };
    snprintf(out->name, sizeof out->name, "%s", type != NULL ? type : "?");
    if (lib.EVP_PKEY_is_a(pkey(key), "RSA") == 1)
        rsa_facts(key, out);
    if (lib.EVP_PKEY_is_a(pkey(key), "EC") == 1 &&
        lib.EVP_PKEY_get_utf8_string_param(
            pkey(key), OSSL_PKEY_PARAM_GROUP_NAME, out->name, sizeof out->name,
            NULL) == 1 &&
        strcmp(out->name, "prime256v1") == 0)
        out->kind = CRYPTO_P256;
}

void crypto_key_free(struct crypto_key *key)
{
    if (key != NULL)
        lib.EVP_PKEY_free(pkey(key));
}

bool crypto_modulus(struct crypto_key *key, uint8_t *out, size_t len)
{
    BIGNUM *modulus = number(key, OSSL_PKEY_PARAM_RSA_N);
    bool fits =
        modulus != NULL && lib.BN_bn2binpad(modulus, out, (int)len) == (int)len;

    lib.BN_clear_free(modulus);
    return fits;
}

static bool is_rsa(struct crypto_key *key)
{
    return lib.EVP_PKEY_is_a(pkey(key), "RSA") == 1;
}

typedef int start_function(EVP_PKEY_CTX *context);

static EVP_PKEY_CTX *start(struct crypto_key *key, enum sign_hash hash,
                           start_function *init)
{
    EVP_PKEY_CTX *context = must(lib.EVP_PKEY_CTX_new(pkey(key), NULL));

    if (init(context) == 1 &&
        (!is_rsa(key) ||
         lib.EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1) &&
        lib.EVP_PKEY_CTX_set_signature_md(context, md(hash)) == 1)
        return context;
    lib.EVP_PKEY_CTX_free(context);
    return NULL;
}

/* The longest DER form of an ECDSA signature has 72 bytes. */
enum { DER_ROOM = 80 };

bool crypto_from_der(const uint8_t *der, size_t len,
                     uint8_t out[CRYPTO_P256_LEN])
{
    const uint8_t *at = der;
    ECDSA_SIG *pair = lib.d2i_ECDSA_SIG(NULL, &at, (long)len);
    const BIGNUM *r;
    const BIGNUM *s;

    if (pair == NULL)
        return false;
    lib.ECDSA_SIG_get0(pair, &r, &s);
    bool fits = at == der + len &&
                lib.BN_bn2binpad(r, out, WORD_LEN) == WORD_LEN &&
                lib.BN_bn2binpad(s, out + WORD_LEN, WORD_LEN) == WORD_LEN;
    lib.ECDSA_SIG_free(pair);
    return fits;
}

static size_t to_der(const uint8_t raw[CRYPTO_P256_LEN], uint8_t out[DER_ROOM])
{
    ECDSA_SIG *pair = must(lib.ECDSA_SIG_new());
    uint8_t *at = out;

    lib.ECDSA_SIG_set0(pair, must(lib.BN_bin2bn(raw, WORD_LEN, NULL)),
                       must(lib.BN_bin2bn(raw + WORD_LEN, WORD_LEN, NULL)));
    int len = lib.i2d_ECDSA_SIG(pair, &at);

    lib.ECDSA_SIG_free(pair);
    return (size_t)len;
}

static bool sign(EVP_PKEY_CTX *context, bool rsa,
                 const struct sign_digest *digest, uint8_t *signature,
                 size_t len)
{
    uint8_t der[DER_ROOM];
    size_t made = rsa ? len : sizeof der;

    if (lib.EVP_PKEY_sign(context, rsa ? signature : der, &made, digest->bytes,
                          digest->len) != 1)
        return false;
    return rsa ? made == len : crypto_from_der(der, made, signature);
}

bool crypto_sign(struct crypto_key *key, enum sign_hash hash,
                 const struct sign_digest *digest, uint8_t *signature,
                 size_t len)
{
    EVP_PKEY_CTX *context = start(key, hash, lib.EVP_PKEY_sign_init);
    bool done =
        context != NULL && sign(context, is_rsa(key), digest, signature, len);

    lib.EVP_PKEY_CTX_free(context);
    return done;
}

bool crypto_verify(struct crypto_key *key, enum sign_hash hash,
                   const struct sign_digest *digest, const uint8_t *signature,
                   size_t len)
{
    EVP_PKEY_CTX *context = start(key, hash, lib.EVP_PKEY_verify_init);
    uint8_t der[DER_ROOM];

    if (context == NULL)
        return false;
    if (!is_rsa(key)) {
        len = to_der(signature, der);
        signature = der;
    }
    bool good = lib.EVP_PKEY_verify(context, signature, len, digest->bytes,
                                    digest->len) == 1;

    lib.EVP_PKEY_CTX_free(context);
    return good;
}
