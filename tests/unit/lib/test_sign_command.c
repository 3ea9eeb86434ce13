/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sign_keys.h"

#include "host/interrupt.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

TestSuite(sign_command, .timeout = 30);

static const uint8_t object[] = "an object";

#define OPENSSL_P256 \
    "openssl pkeyutl -sign -inkey " KEYS "p256_A.pem -pkeyopt digest:sha256"
#define OPENSSL_RSA                      \
    "openssl pkeyutl -sign -inkey " KEYS \
    "rsa4096_A.pem -pkeyopt digest:$SIGN_HASH"

/* One credential by a command; the result, with the text in *e. */
static int make(const char *public_key, const char *command,
                unsigned timeout_ms, struct err *e)
{
    struct sign_key *key = key_from(public_key, SIGN_ANY_FORMAT);
    struct sign_cover cover = sign_cover(object, sizeof object);
    uint8_t data[SIGN_MAX_DATA];
    uint32_t len;

    *e = (struct err){0};
    sign_key_use_command(key, command, timeout_ms);
    int result = sign_make(sign_key_format(key), key, &cover, data, e);

    cr_assert(tbf_credential_len(sign_key_format(key), &len));
    if (result == 0)
        cr_expect(eq(int,
                     verdict_of(sign_key_format(key), data, len, object,
                                sizeof object, &key, 1),
                     SIGN_GOOD));
    sign_key_free(key);
    return result;
}

Test(sign_command, openssl_signs_in_der)
{
    struct err e;

    cr_expect(zero(int, make(KEYS "p256_A.pub.pem", OPENSSL_P256, 10000, &e)),
              "%s", e.text);
}

Test(sign_command, openssl_signs_with_rsa)
{
    struct err e;

    cr_expect(zero(int, make(KEYS "rsa4096_A.pub.pem", OPENSSL_RSA, 10000, &e)),
              "%s", e.text);
}

/* What openssl writes in DER, as r and s of 32 bytes each. */
#define TO_RAW                                                 \
    " | openssl asn1parse -inform DER | /usr/bin/python3 -c '" \
    "import re, sys; sys.stdout.buffer.write(b\"\".join("      \
    "int(n, 16).to_bytes(32, \"big\") "                        \
    "for n in re.findall(\":([0-9A-F]+)\\n\", sys.stdin.read())))'"

Test(sign_command, r_and_s_side_by_side_are_taken)
{
    struct err e;

    cr_expect(
        zero(int, make(KEYS "p256_A.pub.pem", OPENSSL_P256 TO_RAW, 10000, &e)),
        "%s", e.text);
}

Test(sign_command, the_digest_and_the_environment_are_as_promised)
{
    struct err e;

    cr_expect(
        zero(int, make(KEYS "p256_A.pub.pem",
                       "[ $SIGN_HASH = sha256 ] && "
                       "[ $SIGN_KEY = " KEYS "p256_A.pub.pem ] && "
                       "digest=$(mktemp) && cat > $digest && "
                       "[ $(od -An -v -tx1 $digest | tr -d ' \n') = "
                       "$(printf 'an object\\0' | sha256sum | cut -c1-64) ] "
                       "&& " OPENSSL_P256 " -in $digest && rm $digest",
                       10000, &e)),
        "%s", e.text);
}

Test(sign_command, failures_are_told_apart)
{
    static const struct {
        const char *command;
        enum err_kind kind;
        const char *text;
    } rows[] = {
        {"exit 3", ERR_INPUT, "the command 'exit 3' failed with status 3"},
        {"no-such-program 2>&-", ERR_INPUT, "failed with status 127"},
        {"kill -9 $$", ERR_INPUT, "was ended by signal 9"},
        {"cat /dev/zero", ERR_INPUT, "answers with more than 1024 bytes"},
        {"true", ERR_INPUT,
         "answers with 0 bytes, expected a signature of 64 bytes or in DER"},
        {"head -c 63 /dev/zero", ERR_INPUT, "answers with 63 bytes, expected"},
        {"head -c 65 /dev/zero", ERR_INPUT, "answers with 65 bytes, expected"},
        {"echo MEUCIQ==", ERR_INPUT, "answers with 9 bytes, expected"},
        {"head -c 64 /dev/zero", ERR_VERIFY,
         "the signature made by 'head -c 64 /dev/zero' is not one of the key"},
        {"openssl pkeyutl -sign -inkey " KEYS "p256_B.pem", ERR_VERIFY,
         "is not one of the key in '" KEYS "p256_A.pub.pem'"},
        {OPENSSL_P256 "; exit 1", ERR_INPUT, "failed with status 1"},
    };
    struct err e;

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        cr_expect(not(zero(
            int, make(KEYS "p256_A.pub.pem", rows[i].command, 10000, &e))));
        cr_expect(eq(int, e.kind, rows[i].kind), "%s: %s", rows[i].command,
                  e.text);
        cr_expect(not(zero(ptr, strstr(e.text, rows[i].text))), "%s: %s",
                  rows[i].command, e.text);
    }
}

Test(sign_command, an_rsa_answer_has_the_length_of_the_modulus)
{
    struct err e;

    cr_expect(not(zero(int, make(KEYS "rsa4096_A.pub.pem",
                                 "head -c 511 /dev/zero", 10000, &e))));
    cr_expect(not(zero(ptr, strstr(e.text, "expected a signature of 512"))));
    cr_expect(not(zero(int, make(KEYS "rsa4096_A.pub.pem",
                                 "head -c 512 /dev/zero", 10000, &e))));
    cr_expect(eq(int, e.kind, ERR_VERIFY));
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* One that keeps its output open, one that closes it and goes on. */
Test(sign_command, a_command_that_takes_too_long_is_ended)
{
    static const char *const commands[] = {"exec sleep 60",
                                           "exec >&-; exec sleep 60"};
    struct err e;

    for (size_t i = 0; i < ARRAY_COUNT(commands); i++) {
        double start = seconds();

        cr_expect(
            not(zero(int, make(KEYS "p256_A.pub.pem", commands[i], 300, &e))));
        cr_expect(not(zero(ptr, strstr(e.text, "did not answer within 0.3 s"))),
                  "%s", e.text);
        cr_expect(lt(dbl, seconds() - start, 10));
    }
}

/* An agent, say, that was started on the way. */
Test(sign_command, a_process_left_behind_is_not_waited_for)
{
    struct err e;
    double start = seconds();

    cr_expect(zero(int, make(KEYS "p256_A.pub.pem",
                             "sleep 9 & exec " OPENSSL_P256, 20000, &e)),
              "%s", e.text);
    cr_expect(lt(dbl, seconds() - start, 8));
}

Test(sign_command, ctrl_c_stops_the_wait)
{
    struct err e;

    signal(SIGINT, SIG_DFL); /* who runs the tests may have it ignored */
    interrupt_catch();
    cr_expect(
        not(zero(int, make(KEYS "p256_A.pub.pem",
                           "kill -INT $PPID; exec sleep 60", 50000, &e))));
    cr_expect(eq(int, e.kind, ERR_INTERRUPT));
}
