/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The credentials of a run: those the command line asks for, with their keys.
 *
 * Every object gets the same ones, in the order that kernels and other tools
 * expect whatever the order of the options. Their sizes are known before
 * anything is laid out; they are made when the rest of the object is final,
 * since they cover its header; and what was made is found and checked again
 * in the finished object.
 *
 * Ownership: keys are read by footers_open and freed by footers_close; paths
 * and the command are borrowed from the command line.
 */

#include "cmdline.h"
#include "sign/sign.h"

/* SHA-256, SHA-384, SHA-512, RSA-4096, ECDSA P-256, and one by a command. */
#define FOOTERS_MAX 6u

struct footers_credential {
    uint32_t format; /* enum tbf_credential  */
    uint32_t len;    /* of its data          */
    struct sign_key *key;
};

struct footers {
    struct footers_credential list[FOOTERS_MAX];
    size_t count;
};

/* Reads the keys. Close in any case. */
MUST_USE int footers_open(const struct cmdline *cmdline, struct footers *out,
                          struct notes *notes, struct err *e);
void footers_close(struct footers *footers);

/* Bytes that the credentials take. */
uint32_t footers_size(const struct footers *footers);

/* Bytes behind the app: the credentials, and free room up to minimum. */
uint64_t footers_room(const struct footers *footers, uint32_t minimum);

/*
 * Makes the credentials over the object, all of which before binary_end is
 * final, and writes them from there; footers_size bytes.
 */
MUST_USE int footers_write(const struct footers *footers, uint8_t *object,
                           uint32_t binary_end, struct err *e);

/*
 * Finds all of them in the finished object, first and in order, and checks
 * them. ERR_VERIFY if one is missing or bad.
 */
MUST_USE int footers_verify(const struct footers *footers,
                            const uint8_t *object,
                            const struct tbf_header *header, struct err *e);
