/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "attributes.h"

#include "base/attr.h"
#include "base/le.h"

#include <ctype.h>
#include <string.h>

enum {
    FORMAT = 'A',
    TAG_FILE = 1, /* what follows holds for the whole program */

    ARM_CPU_NAME = 5,
    ARM_CPU_ARCH = 6,
    ARM_CPU_PROFILE = 7,
    ARM_COMPATIBILITY = 32, /* a number and a string */

    RISCV_ARCH = 5,
};

/* What is left to read; left becomes 0 at the first thing that is cut off. */
struct reader {
    const uint8_t *at;
    size_t left;
};

static struct reader nothing(void)
{
    return (struct reader){NULL, 0};
}

static uint32_t read_u32(struct reader *r)
{
    if (r->left < 4) {
        *r = nothing();
        return 0;
    }

    uint32_t value = le32_load(r->at);
    r->at += 4;
    r->left -= 4;
    return value;
}

/* Seven bits a byte, the lowest first; bits above 32 get lost. */
static uint32_t read_number(struct reader *r)
{
    uint32_t value = 0;

    for (unsigned shift = 0; r->left != 0; shift += 7) {
        uint8_t byte = *r->at++;

        r->left--;
        if (shift < 32)
            value |= (uint32_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return value;
    }
    return 0;
}

static const char *read_string(struct reader *r)
{
    const uint8_t *end = r->left != 0 ? memchr(r->at, '\0', r->left) : NULL;

    if (end == NULL) {
        *r = nothing();
        return "";
    }

    const char *string = (const char *)r->at;
    r->left -= (size_t)(end + 1 - r->at);
    r->at = end + 1;
    return string;
}

/* A block whose length counts the head of `head` bytes already read. */
static struct reader read_block(struct reader *r, uint32_t len, uint32_t head)
{
    if (len < head || len - head > r->left) {
        *r = nothing();
        return nothing();
    }

    struct reader block = {r->at, len - head};
    r->at += block.left;
    r->left -= block.left;
    return block;
}

/* The attributes of the whole program in the subsection of a vendor. */
static struct reader find_file_attributes(struct reader section,
                                          const char *vendor)
{
    if (section.left == 0 || *section.at != FORMAT)
        return nothing();
    section.at++;
    section.left--;
    while (section.left != 0) {
        uint32_t len = read_u32(&section);
        struct reader part = read_block(&section, len, 4);

        if (strcmp(read_string(&part), vendor) != 0)
            continue;
        while (part.left != 0) {
            const uint8_t *start = part.at;
            uint32_t tag = read_number(&part);
            uint32_t size = read_u32(&part);
            if (part.left == 0)
                break;
            struct reader block =
                read_block(&part, size, (uint32_t)(part.at - start));
            if (tag == TAG_FILE)
                return block;
        }
    }
    return nothing();
}

struct arm_attributes {
    const char *cpu;
    uint32_t arch;
    uint32_t profile;
};

static struct arm_attributes read_arm(struct reader r)
{
    struct arm_attributes out = {"", 0, 0};

    while (r.left != 0) {
        uint32_t tag = read_number(&r);

        if (tag == ARM_COMPATIBILITY) {
            read_number(&r);
            read_string(&r);
        } else if (tag == 4 || tag == ARM_CPU_NAME || (tag > 32 && tag & 1)) {
            const char *value = read_string(&r);

            if (tag == ARM_CPU_NAME)
                out.cpu = value;
        } else {
            uint32_t value = read_number(&r);

            if (tag == ARM_CPU_ARCH)
                out.arch = value;
            if (tag == ARM_CPU_PROFILE)
                out.profile = value;
        }
    }
    return out;
}

/* Values of the CPU architecture in Arm's ABI; only M profiles run Tock. */
static const char *arm_name(const struct arm_attributes *a)
{
    static const struct {
        uint32_t arch;
        const char *name;
    } names[] = {
        {11, "cortex-m0"},  {12, "cortex-m0"},  {13, "cortex-m4"},
        {16, "cortex-m23"}, {17, "cortex-m33"}, {21, "cortex-m55"},
    };

    if (a->arch == 10 && a->profile == 'M')
        return "cortex-m3";
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (names[i].arch == a->arch)
            return names[i].name;
    return NULL;
}

static void set_name(struct attributes_name *out, const char *text, size_t len)
{
    if (len >= sizeof out->text)
        len = sizeof out->text - 1;
    for (size_t i = 0; i < len; i++)
        out->text[i] = (char)tolower((unsigned char)text[i]);
    out->text[len] = '\0';
}

/* "Cortex-M7": digits after the M and nothing that is not of a name. */
static bool is_cortex_m(const char *cpu, size_t *len)
{
    size_t digits = 0;

    if (strncasecmp(cpu, "cortex-m", 8) != 0)
        return false;
    while (isdigit((unsigned char)cpu[8 + digits]))
        digits++;
    *len = 8 + digits;
    return digits != 0 && digits <= 3;
}

static bool find_arm(const struct arm_attributes *a,
                     struct attributes_name *out)
{
    const char *name = arm_name(a);
    size_t len;

    if (is_cortex_m(a->cpu, &len))
        set_name(out, a->cpu, len);
    else if (name != NULL)
        set_name(out, name, strlen(name));
    else
        return false;
    return true;
}

static const char *read_riscv(struct reader r)
{
    const char *arch = "";

    while (r.left != 0) {
        uint32_t tag = read_number(&r);

        if (tag % 2 == 0) {
            read_number(&r);
            continue;
        }
        const char *value = read_string(&r);
        if (tag == RISCV_ARCH)
            arch = value;
    }
    return arch;
}

/*
 * "rv32i2p1_m2p0_a2p1_c2p0_zicsr2p0" to "rv32imac": the base and each
 * extension of one letter, without versions.
 */
static bool find_riscv(const char *arch, struct attributes_name *out)
{
    enum { BASE = 4 }; /* "rv32" */
    size_t len = BASE;

    if (strncmp(arch, "rv32", BASE) != 0 && strncmp(arch, "rv64", BASE) != 0)
        return false;
    set_name(out, arch, BASE);

    const char *at = arch + strnlen(arch, BASE);
    while (len < sizeof out->text - 1) {
        /* Extensions of several letters begin with one of these. */
        if (!islower((unsigned char)*at) || strchr("sxz", *at) != NULL)
            break;
        out->text[len++] = *at++;
        /* Its version: digits, 'p', digits. */
        at += strspn(at, "0123456789");
        if (*at == 'p' && isdigit((unsigned char)at[1])) {
            at++;
            at += strspn(at, "0123456789");
        }
        at += *at == '_';
    }
    out->text[len] = '\0';
    return len > BASE;
}

bool attributes_architecture(const struct elf_program *program,
                             struct attributes_name *out)
{
    bool is_arm = program->machine == ELF_MACHINE_ARM;
    const struct elf_section *section = elf_section_find(
        program, is_arm ? ".ARM.attributes" : ".riscv.attributes");
    struct err ignored = {0};
    const uint8_t *bytes;

    if ((!is_arm && program->machine != ELF_MACHINE_RISCV) || section == NULL ||
        elf_section_bytes(program, section, &bytes, &ignored) != 0)
        return false;

    struct reader r =
        find_file_attributes((struct reader){bytes, (size_t)section->size},
                             is_arm ? "aeabi" : "riscv");
    if (!is_arm)
        return find_riscv(read_riscv(r), out);

    struct arm_attributes arm = read_arm(r);
    return find_arm(&arm, out);
}

bool attributes_is_architecture(const char *name)
{
    static const char *const families[] = {
        "cortex-m", "rv32", "rv64", "riscv32", "riscv64",
    };

    for (size_t i = 0; i < ARRAY_COUNT(families); i++)
        if (strncmp(name, families[i], strlen(families[i])) == 0)
            return true;
    return false;
}

/* Each of these runs what was built for those before it. */
static const char *const arm_order[] = {
    "cortex-m0",
    "cortex-m3",
    "cortex-m4",
    "cortex-m7",
};

/* Its place in arm_order, or their number. */
static size_t arm_rank(const char *name, size_t len)
{
    size_t rank = 0;

    while (rank < ARRAY_COUNT(arm_order) &&
           (strlen(arm_order[rank]) != len ||
            memcmp(arm_order[rank], name, len) != 0))
        rank++;
    return rank;
}

/* rv32imac, also written riscv32imac: width, then extensions. */
static const char *riscv_part(const char *name)
{
    if (strncmp(name, "riscv", 5) == 0)
        return name + 5;
    return strncmp(name, "rv", 2) == 0 ? name + 2 : NULL;
}

static bool riscv_can_run(const char *name, size_t len, const char *found)
{
    if (len < 2 || strncmp(name, found, 2) != 0)
        return false;
    for (found += 2; *found != '\0'; found++)
        if (memchr(name + 2, *found, len - 2) == NULL &&
            memchr(name + 2, 'g', len - 2) == NULL)
            return false;
    return true;
}

bool attributes_can_run(const char *name, const struct attributes_name *found)
{
    size_t len = strcspn(name, ".");
    const char *riscv = riscv_part(name);
    const char *needed = riscv_part(found->text);

    if (riscv != NULL && needed != NULL)
        return riscv_can_run(riscv, len - (size_t)(riscv - name), needed);
    if (!attributes_is_architecture(name))
        return true;
    if (riscv != NULL || needed != NULL)
        return false;

    size_t rank = arm_rank(name, len);
    size_t wanted = arm_rank(found->text, strlen(found->text));
    return rank == ARRAY_COUNT(arm_order) || wanted == ARRAY_COUNT(arm_order) ||
           rank >= wanted;
}
