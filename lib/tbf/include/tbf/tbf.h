/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Tock Binary Format: reading app objects.
 *
 * A TBF object is a 16-byte base header, type-length-value entries up to
 * header_size, an optional protected trailer, the app binary up to
 * binary_end, and credential footers up to total_size. All fields are
 * little-endian. docs/tbf.md is the specification; lib/tbf is the only code
 * of the project that knows a byte offset of the format (kernel,
 * tockloader-c, elf2tbf and the tests all link it).
 *
 * Ownership: the caller keeps the bytes. struct tbf_header points into them
 * and is valid only as long as they are. Nothing is allocated.
 * Context: pure functions; any context, any number of threads.
 * Trust: the bytes may come from an attacker. Every function is total: any
 * input yields a status, never a read outside [bytes, bytes + len).
 */

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TBF_VERSION         2u
#define TBF_BASE_SIZE       16u
#define TBF_MAX_HEADER_SIZE 65532u /* 16-bit field, multiple of 4 */
#define TBF_MAX_STORAGE_IDS 8u     /* the kernel refuses more of one kind */
#define TBF_RUN_HEADER_MAX  2048u  /* a longer header, or name, does not run */
#define TBF_RUN_NAME_MAX    255u
#define TBF_NOT_FIXED       0xffffffffu
#define TBF_FLAG_ENABLED    0x1u
#define TBF_FLAG_STICKY     0x2u

enum tbf_type {
    TBF_TYPE_MAIN = 1,
    TBF_TYPE_WRITEABLE_REGIONS = 2,
    TBF_TYPE_NAME = 3,
    TBF_TYPE_PIC_OPTION_1 = 4, /* obsolete */
    TBF_TYPE_FIXED_ADDRESSES = 5,
    TBF_TYPE_PERMISSIONS = 6,
    TBF_TYPE_STORAGE = 7,
    TBF_TYPE_KERNEL_VERSION = 8,
    TBF_TYPE_PROGRAM = 9,
    TBF_TYPE_SHORT_ID = 10,
    TBF_TYPE_CREDENTIALS = 128, /* footer */
};

/* One value per kind of defect. The text of each is in tbf/text.h. */
enum tbf_status {
    TBF_OK = 0,

    /* The list of objects ends here (docs/tbf.md §7). */
    TBF_END,     /* not version 2, or fewer than 8 bytes left: normal end */
    TBF_END_BAD, /* total_size < 16 or no multiple of 4: reported         */
    TBF_BEYOND,  /* total_size reaches past the region: reported          */

    /* This object is unusable; the list goes on at + total_size. */
    TBF_BAD_HEADER_SIZE, /* < 16, > total_size or no multiple of 4        */
    TBF_TRUNCATED,       /* fewer bytes given than the header needs       */
    TBF_BAD_CHECKSUM,    /* XOR of the header words does not match        */
    TBF_BAD_ENTRIES,     /* an entry or its padding passes the header end */
    TBF_BAD_LENGTH,      /* wrong length for its type (bad_type says)     */
    TBF_BAD_NAME,        /* package name is not UTF-8                     */
    TBF_BAD_PERMISSIONS, /* entry shorter than its count of records needs */
    TBF_NO_PROGRAM,      /* entries, but neither Main nor Program         */
    TBF_BAD_PROTECTED,   /* protected part passes binary_end              */
    TBF_BAD_BINARY_END,  /* binary_end past total_size                    */
    TBF_BAD_ENTRY_POINT, /* outside [protected size, binary_end)          */
    TBF_BAD_REGION,      /* writeable region outside the app binary       */

    /* A correct object that must not run here or now. */
    TBF_PADDING,           /* base header only                            */
    TBF_DISABLED,          /* flag bit 0 clear                            */
    TBF_NO_KERNEL_VERSION, /* the entry that every kernel demands         */
    TBF_WRONG_KERNEL,      /* other major, or minor above ours            */
    TBF_WRONG_FLASH,       /* linked for another flash address            */
    TBF_TOO_LONG,          /* header or name above TBF_RUN_..._MAX        */
};

/*
 * A checked header. Offsets count from the start of the object. Where Main
 * and Program both stand, Program wins; of other repeated entries the last.
 */
struct tbf_header {
    const uint8_t *bytes; /* borrowed                                     */
    uint16_t header_size; /* base header and all entries                  */
    uint32_t total_size;  /* header, binary, padding and footers          */
    uint32_t flags;       /* TBF_FLAG_*                                   */
    bool is_padding;      /* base header only; the rest is 0 then         */

    uint32_t init_offset;    /* entry point; Thumb bit kept               */
    uint32_t protected_size; /* header and protected trailer: app start   */
    uint32_t minimum_ram;    /* bytes                                     */
    uint32_t binary_end;     /* total_size if there is only Main          */
    uint32_t version;        /* of the app; 0 = none                      */
    bool has_program;

    const char *name; /* borrowed, no terminator; null if none            */
    uint16_t name_len;

    uint32_t fixed_ram;   /* TBF_NOT_FIXED if not fixed                   */
    uint32_t fixed_flash; /* of the app start; TBF_NOT_FIXED if not fixed */

    bool has_kernel_version;
    uint16_t kernel_major;
    uint16_t kernel_minor;

    uint32_t short_id; /* 0 = none                                        */

    /* Data of optional entries; null and 0 if absent. Use the accessors. */
    const uint8_t *regions;
    uint16_t regions_len;
    const uint8_t *permissions;
    uint16_t permissions_len;
    const uint8_t *storage;
    uint16_t storage_len;

    uint16_t bad_type; /* set with TBF_BAD_LENGTH                         */
};

/*
 * Reads and checks the object that starts at bytes. len is what may be read:
 * the rest of the region, or of a file.
 *
 * TBF_OK: *out is complete (padding included; see is_padding).
 * TBF_END, TBF_END_BAD, TBF_BEYOND: *out holds the header and total size if
 * they could be read, else 0. Others: out->total_size tells how far to skip;
 * the fields behind it hold what was read before the defect.
 */
MUST_USE enum tbf_status tbf_parse(const uint8_t *bytes, size_t len,
                                   struct tbf_header *out);

/*
 * Like tbf_parse for a reader that holds only the header: len bytes are at
 * hand, of an object for which available bytes exist (len <= available).
 * TBF_TRUNCATED: call again with out->header_size bytes. Fewer than 8 bytes
 * say nothing and read as TBF_END.
 */
MUST_USE enum tbf_status tbf_parse_part(const uint8_t *bytes, size_t len,
                                        size_t available,
                                        struct tbf_header *out);

/*
 * XOR of the header's words, the checksum word left out. 1 to 3 bytes behind
 * the last whole word do not count.
 */
uint32_t tbf_checksum(const uint8_t *header, size_t header_size);

/*
 * May this object run, at this address, on a kernel of this version?
 * TBF_OK or one of the last group of statuses, tested in that order.
 */
MUST_USE enum tbf_status tbf_runnable(const struct tbf_header *h,
                                      uint32_t address, uint32_t kernel_major,
                                      uint32_t kernel_minor);

/*
 * Writeable flash regions; offsets from the start of the object. The part of
 * the header that the accessors read was checked by tbf_parse: a region lies
 * between app start and binary_end, or is empty.
 */
uint32_t tbf_region_count(const struct tbf_header *h);
bool tbf_region(const struct tbf_header *h, uint32_t index, uint32_t *offset,
                uint32_t *size);

/*
 * Driver permissions: what the header says of one block of 64 commands. Of
 * two records for the same driver and offset the first counts; a driver that
 * is listed, but not with this offset, has mask 0.
 */
enum tbf_permission {
    TBF_PERMISSION_NONE,    /* no such entry: everything is allowed       */
    TBF_PERMISSION_UNKNOWN, /* entry there, driver not listed: refused    */
    TBF_PERMISSION_LISTED,  /* *mask: bit b allows command 64*offset + b  */
};
enum tbf_permission tbf_permission(const struct tbf_header *h, uint32_t driver,
                                   uint32_t offset, uint64_t *mask);
uint32_t tbf_permission_count(const struct tbf_header *h);
bool tbf_permission_at(const struct tbf_header *h, uint32_t index,
                       uint32_t *driver, uint32_t *offset, uint64_t *mask);

/*
 * Storage permissions. False if there are none, if the entry is too short for
 * its counts, or if it has more ids of one kind than the kernel supports: the
 * app then has no storage permissions at all.
 */
struct tbf_storage {
    uint32_t write_id; /* 0 = may not write */
    uint16_t read_count;
    uint16_t modify_count;
    uint32_t read_ids[TBF_MAX_STORAGE_IDS];
    uint32_t modify_ids[TBF_MAX_STORAGE_IDS];
};
bool tbf_storage(const struct tbf_header *h, struct tbf_storage *out);

/*
 * Walk over the objects of an app region.
 *
 *     struct tbf_walk walk = tbf_walk_start(bytes, len);
 *     struct tbf_object object;
 *     while (tbf_walk_next(&walk, &object))
 *         ...object.status is TBF_OK or says why it is unusable
 *     ...walk.end tells why it ended: TBF_END, TBF_END_BAD or TBF_BEYOND
 *
 * Every step advances by at least 16 bytes, so that a walk always ends. When
 * it has ended, *out holds what could be read at walk.offset (for a report)
 * and further calls change nothing.
 */
struct tbf_object {
    uint32_t offset;        /* from the start of the region */
    uint32_t size;          /* total_size                   */
    enum tbf_status status; /* of tbf_parse                 */
    struct tbf_header header;
};

struct tbf_walk {
    const uint8_t *bytes; /* borrowed */
    uint32_t len;
    uint32_t offset; /* of the next object; where the list ended at the end */
    enum tbf_status end;
};

struct tbf_walk tbf_walk_start(const uint8_t *bytes, uint32_t len);
bool tbf_walk_next(struct tbf_walk *walk, struct tbf_object *out);

/*
 * Credential footers. The walk goes on past formats that it does not know
 * and ends at the first thing that is no credential or does not fit; the
 * offset in struct tbf_footers then tells where that was.
 */
enum tbf_credential {
    TBF_CREDENTIAL_RESERVED = 0,
    TBF_CREDENTIAL_RSA3072 = 1,
    TBF_CREDENTIAL_RSA4096 = 2,
    TBF_CREDENTIAL_SHA256 = 3,
    TBF_CREDENTIAL_SHA384 = 4,
    TBF_CREDENTIAL_SHA512 = 5,
    TBF_CREDENTIAL_ECDSA_P256 = 6,
    TBF_CREDENTIAL_HMAC_SHA256 = 7,
    TBF_CREDENTIAL_RSA2048 = 0xa,
    TBF_CREDENTIAL_CLEARTEXT_ID = 0xf1,
};

struct tbf_footer {
    uint32_t offset; /* of the entry, from the start of the object */
    uint32_t format; /* enum tbf_credential or unknown             */
    const uint8_t *data;
    uint32_t len; /* of data; a known format may have more than it needs */
};

struct tbf_footers {
    const uint8_t *bytes; /* the object, borrowed */
    uint32_t offset;
    uint32_t end;
};

/* bytes: the whole object of h->total_size bytes; h accepted by tbf_parse. */
struct tbf_footers tbf_footers_start(const struct tbf_header *h,
                                     const uint8_t *bytes);
bool tbf_footers_next(struct tbf_footers *walk, struct tbf_footer *out);

/* Bytes of data that a known format needs; false for an unknown format. */
bool tbf_credential_len(uint32_t format, uint32_t *len);
