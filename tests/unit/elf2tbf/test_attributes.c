/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "elf2tbf/attributes.h"
#include "elf_maker.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

TestSuite(attributes, .timeout = 10);

/* A section of attributes: one vendor, one block for the whole file. */
struct noted {
    uint8_t bytes[256];
    uint32_t len;
};

static void put(struct noted *n, const void *bytes, size_t len)
{
    memcpy(n->bytes + n->len, bytes, len);
    n->len += (uint32_t)len;
}

static struct noted noted(const char *vendor, const void *attributes,
                          size_t len)
{
    struct noted n = {.len = 5};
    size_t vendor_len = strlen(vendor) + 1;

    n.bytes[0] = 'A';
    le32_store(n.bytes + 1, (uint32_t)(4 + vendor_len + 5 + len));
    put(&n, vendor, vendor_len);
    n.bytes[n.len] = 1;
    le32_store(n.bytes + n.len + 1, (uint32_t)(5 + len));
    n.len += 5;
    put(&n, attributes, len);
    return n;
}

/* What a program with this section says: a name or "". */
static const char *told(uint16_t machine, const char *section,
                        const struct noted *n)
{
    static struct attributes_name name;
    struct elf_maker m = maker_begin(machine, 0x40081);
    struct elf_program p;
    struct err e;

    maker_load(&m, ".text", MAKER_AX, MAKER_RX, 0x40080, 0x40080, 8);
    maker_section(&m, section, 0, 0, n->bytes, n->len);
    struct file_bytes file = maker_finish(&m);
    cr_assert(zero(int, elf_program_open(file.bytes, file.len, &p, &e)));
    if (!attributes_architecture(&p, &name))
        name.text[0] = '\0';
    elf_program_free(&p);
    file_free(&file);
    return name.text;
}

static const char *arm(const void *attributes, size_t len)
{
    struct noted n = noted("aeabi", attributes, len);

    return told(ELF_MACHINE_ARM, ".ARM.attributes", &n);
}

static const char *riscv(const char *arch)
{
    uint8_t attributes[128] = {4, 16, 5};
    size_t len = strlen(arch) + 1;

    memcpy(attributes + 3, arch, len);
    struct noted n = noted("riscv", attributes, 3 + len);
    return told(ELF_MACHINE_RISCV, ".riscv.attributes", &n);
}

#define ARM(text) arm(text, sizeof text - 1)

Test(attributes, arm_cores_are_told_by_their_architecture)
{
    cr_expect(eq(str,
                 (char *)ARM("\x05"
                             "6S-M\0\x06\x0c\x07M"),
                 "cortex-m0"));
    cr_expect(eq(str, (char *)ARM("\x06\x0b"), "cortex-m0"));
    cr_expect(eq(str, (char *)ARM("\x06\x0a\x07M"), "cortex-m3"));
    cr_expect(eq(str, (char *)ARM("\x06\x0d"), "cortex-m4"));
    cr_expect(eq(str, (char *)ARM("\x06\x10"), "cortex-m23"));
    cr_expect(eq(str, (char *)ARM("\x06\x11"), "cortex-m33"));
    cr_expect(eq(str, (char *)ARM("\x06\x15"), "cortex-m55"));
    /* Other profiles and unknown architectures. */
    cr_expect(eq(str,
                 (char *)ARM("\x06\x0a\x07"
                             "A"),
                 ""));
    cr_expect(eq(str, (char *)ARM("\x06\x7f"), ""));
    cr_expect(eq(str, (char *)ARM(""), ""));
}

Test(attributes, the_name_of_an_arm_core_wins)
{
    cr_expect(eq(str,
                 (char *)ARM("\x05"
                             "Cortex-M7\0\x06\x0d"),
                 "cortex-m7"));
    cr_expect(eq(str,
                 (char *)ARM("\x05"
                             "cortex-m0plus\0\x06\x0c"),
                 "cortex-m0"));
    cr_expect(eq(str,
                 (char *)ARM("\x05"
                             "cortex-m\0\x06\x0d"),
                 "cortex-m4"));
}

Test(attributes, other_attributes_are_passed_over)
{
    /* 4 and odd ones above 32 are strings, 32 is a number and a string. */
    cr_expect(eq(str,
                 (char *)ARM("\x04raw\0\x20\x01gnu\0\x09\x81\x02\x06\x0d"
                             "\x43x\x06\x0b"),
                 "cortex-m4"));
}

Test(attributes, riscv_names_lose_versions_and_long_extensions)
{
    cr_expect(
        eq(str, (char *)riscv("rv32i2p1_m2p0_a2p1_c2p0_zmmul1p0"), "rv32imac"));
    cr_expect(eq(str, (char *)riscv("rv32i2p1_m2p0_c2p0"), "rv32imc"));
    cr_expect(eq(str, (char *)riscv("rv64i2p0_m2p0"), "rv64im"));
    cr_expect(eq(str, (char *)riscv("rv32imac"), "rv32imac"));
    cr_expect(eq(str, (char *)riscv("rv32e1p9"), "rv32e"));
    cr_expect(eq(str, (char *)riscv("rv32"), ""));
    cr_expect(eq(str, (char *)riscv("rv32_"), ""));
    cr_expect(eq(str, (char *)riscv("rv128i"), ""));
    cr_expect(eq(str, (char *)riscv(""), ""));
    cr_expect(eq(str, (char *)riscv("rv32aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
                 "rv32aaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

Test(attributes, other_vendors_and_scopes_say_nothing)
{
    struct noted n = noted("gnu", "\x06\x0d", 2);

    cr_expect(
        eq(str, (char *)told(ELF_MACHINE_ARM, ".ARM.attributes", &n), ""));

    /* Behind a foreign vendor the right one still counts. */
    struct noted own = noted("aeabi", "\x06\x0d", 2);
    put(&n, own.bytes + 1, own.len - 1);
    cr_expect(eq(str, (char *)told(ELF_MACHINE_ARM, ".ARM.attributes", &n),
                 "cortex-m4"));
    /* Attributes of one section are not those of the program. */
    own.bytes[11] = 2;
    cr_expect(
        eq(str, (char *)told(ELF_MACHINE_ARM, ".ARM.attributes", &own), ""));
    cr_expect(
        eq(str, (char *)told(ELF_MACHINE_I386, ".riscv.attributes", &n), ""));
    cr_expect(eq(str, (char *)told(ELF_MACHINE_ARM, ".other", &n), ""));
}

/* Found or not, every cut and every length is read inside its bytes. */
Test(attributes, damaged_sections_are_survived)
{
    struct noted whole = noted("aeabi",
                               "\x05"
                               "7E-M\0\x06\x0d\x07M",
                               10);

    for (uint32_t len = 0; len <= whole.len; len++) {
        struct noted n = whole;

        n.len = len;
        told(ELF_MACHINE_ARM, ".ARM.attributes", &n);
    }
    for (uint32_t at = 0; at < whole.len; at++)
        for (unsigned value = 0; value < 256; value += 5) {
            struct noted n = whole;

            n.bytes[at] = (uint8_t)value;
            told(ELF_MACHINE_ARM, ".ARM.attributes", &n);
        }
}

Test(attributes, names_of_architectures_are_known)
{
    cr_expect(attributes_is_architecture("cortex-m4"));
    cr_expect(attributes_is_architecture("rv32imac.0x20040080.0x80002800"));
    cr_expect(attributes_is_architecture("riscv32imc"));
    cr_expect(not(attributes_is_architecture("blink")));
    cr_expect(not(attributes_is_architecture("")));
}

Test(attributes, what_runs_where)
{
    static const struct {
        const char *name;
        struct attributes_name found;
        bool can;
    } rows[] = {
        {"cortex-m4", {"cortex-m4"}, true},
        {"cortex-m4.x", {"cortex-m0"}, true},
        {"cortex-m7", {"cortex-m4"}, true},
        {"cortex-m0", {"cortex-m4"}, false},
        {"cortex-m3.0x40080.0x20000000", {"cortex-m4"}, false},
        {"cortex-m33", {"cortex-m4"}, true}, /* not known */
        {"cortex-m0", {"cortex-m33"}, true}, /* not known */
        {"rv32imac", {"rv32imac"}, true},
        {"riscv32imac", {"rv32imc"}, true},
        {"rv32imc.0x1.0x2", {"rv32imac"}, false},
        {"rv32gc", {"rv32imac"}, true},
        {"rv64imac", {"rv32imac"}, false},
        {"rv3", {"rv32i"}, false},
        {"cortex-m4", {"rv32imac"}, false},
        {"rv32imac", {"cortex-m0"}, false},
        {"blink", {"cortex-m4"}, true},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect(eq(int, attributes_can_run(rows[i].name, &rows[i].found),
                     rows[i].can),
                  "%s on %s", rows[i].found.text, rows[i].name);
}
