/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Writing TBF headers, footers and padding objects into a caller's buffer.
 *
 * The counterpart of tbf/tbf.h: struct tbf_spec says what the header shall
 * hold, tbf_build_header writes it in the order Main, Program, name, regions,
 * fixed addresses, permissions, storage, kernel version, short id, each only
 * when asked for (Main and Program always), with a correct checksum. All
 * regions go into one entry: kernels read only the last (docs/tbf.md §4.2).
 * What elf2tab does otherwise can be asked for: an entry for each region, and
 * one Reserved footer with a length that does not fit.
 *
 * Ownership: the caller's buffers; nothing is kept. Context: pure, any.
 */

#include "tbf/tbf.h"

struct tbf_region_spec {
    uint32_t offset;
    uint32_t size;
};

struct tbf_permission_spec {
    uint32_t driver;
    uint32_t offset;
    uint64_t mask;
};

struct tbf_spec {
    uint32_t flags;
    uint32_t total_size;
    uint32_t init_offset;    /* entry point from the object's start; the    */
                             /* writer subtracts the header size            */
    uint32_t protected_size; /* app start; the writer subtracts likewise    */
    uint32_t minimum_ram;
    uint32_t binary_end;
    uint32_t version;
    const char *name; /* null = no entry */
    uint16_t name_len;
    const struct tbf_region_spec *regions;
    uint32_t region_count;
    bool has_entry_per_region;
    bool has_fixed_addresses;
    uint32_t fixed_ram;
    uint32_t fixed_flash;
    const struct tbf_permission_spec *permissions;
    uint32_t permission_count;
    bool has_storage;
    uint32_t write_id;
    const uint32_t *read_ids;
    uint32_t read_count;
    const uint32_t *modify_ids;
    uint32_t modify_count;
    bool has_kernel_version;
    uint16_t kernel_major;
    uint16_t kernel_minor;
    bool has_short_id;
    uint32_t short_id;
};

/* Size of the header that spec needs; 0 if it passes TBF_MAX_HEADER_SIZE. */
uint32_t tbf_header_size(const struct tbf_spec *spec);

/*
 * Writes the header. False, nothing written, if buf is too small, the header
 * too large, or app start or entry point lie before the header's end.
 */
MUST_USE bool tbf_build_header(const struct tbf_spec *spec, uint8_t *buf,
                               size_t len);

/*
 * One optional entry alone: its size with head and padding, 0 if spec does not
 * ask for it or the type is not optional; and the entry itself, in a buffer
 * that has as much room.
 */
uint64_t tbf_entry_size(const struct tbf_spec *spec, enum tbf_type type);
void tbf_build_entry(const struct tbf_spec *spec, enum tbf_type type,
                     uint8_t *buf);

/* Bytes that a footer with len data bytes takes. */
uint32_t tbf_footer_size(uint32_t len);

/* Writes one footer at buf; len is at most 65531. False if it does not fit. */
MUST_USE bool tbf_build_footer(uint8_t *buf, size_t room, uint32_t format,
                               const uint8_t *data, uint32_t len);

/*
 * Fills room bytes with Reserved footers: as many as the 16-bit length
 * needs, none for fewer than 8 bytes (these are then zero). No byte is left
 * over from 8 bytes on.
 */
void tbf_build_reserved(uint8_t *buf, size_t room);

/* The same where all bytes are zero already: only the heads are written. */
void tbf_put_reserved(uint8_t *buf, size_t room);

/*
 * The same with one footer of any size, of whose length only the low 16 bits
 * are written: a walk over the footers ends there.
 */
void tbf_build_reserved_cut(uint8_t *buf, size_t room);

/* Writes a padding object's 16 bytes; size >= 16 and a multiple of 4. */
void tbf_build_padding(uint8_t buf[TBF_BASE_SIZE], uint32_t size);

/*
 * Changes a header's flags in place and brings the checksum up to date. The
 * header was accepted by tbf_parse; credentials over it become invalid.
 */
void tbf_set_flags(uint8_t *header, uint32_t flags);
void tbf_set_total_size(uint8_t *header, uint32_t total_size);
