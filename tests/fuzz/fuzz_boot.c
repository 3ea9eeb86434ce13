/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Any bytes as the apps that a kernel finds at boot. Whatever stands there, the
 * kernel comes up, no byte of flash is another one, and of each process that it
 * started:
 *
 * - its flash is one whole enabled object of the list with a right checksum,
 *   on a word, its first instruction in it, behind the protected part;
 * - its RAM is the board's, and nobody else's;
 * - no other has its short id;
 * - the report of its fault has no control character in it.
 *
 * Then some addresses are loaded as a loader on the board would, and the same
 * holds.
 *
 * Input: eight bytes for the board and those addresses, then flash. Checksums
 * are made right, for chance would never find one.
 */
#include "tests/fuzz/syscalls/input.h"

#include "base/bits.h"
#include "base/le.h"
#include "capsule/storage.h"
#include "filter.h"
#include "identity.h"
#include "load.h"
#include "memory.h"
#include "tbf/clear.h"

enum { LATER = 2 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t flash_before[HOST_FLASH_SIZE];

static uint8_t *flash_at(uint32_t off)
{
    return host_memory(HOST_FLASH_START) + off;
}

/* XOR of all words of the header, 0 if it is right; by other code than the
 * kernel has, to judge it. */
static uint32_t sum(const uint8_t *header, uint32_t size)
{
    uint32_t value = 0;

    for (uint32_t i = 0; i + 4 <= size; i += 4)
        value ^= le32_load(header + i);
    return value;
}

static void mend_checksums(void)
{
    struct tbf_walk walk = tbf_walk_start(flash_at(0), HOST_FLASH_SIZE);
    struct tbf_object object;

    while (tbf_walk_next(&walk, &object)) {
        uint8_t *header = flash_at(object.offset);
        uint32_t size = le16_load(header + 2);

        if (object.status == TBF_BAD_CHECKSUM)
            le32_store(header + TBF_CHECKSUM_AT,
                       le32_load(header + TBF_CHECKSUM_AT) ^ sum(header, size));
    }
}

static void fill_flash(const struct input *in)
{
    size_t len = in->len < HOST_FLASH_SIZE ? in->len : HOST_FLASH_SIZE;

    memcpy(flash_at(0), in->data, len);
    mend_checksums();
    memcpy(flash_before, flash_at(0), HOST_FLASH_SIZE);
}

/* A panic is one too many. */
static void halt(void)
{
    fprintf(stderr, "the kernel panicked: %s\n", panic_text);
    abort();
}

static void boot(uint32_t how, uint32_t ram)
{
    static const enum place_kind kinds[] = {PLACE_ARMV7M, PLACE_ARMV8M,
                                            PLACE_PMP};

    host_place_kind = kinds[how % ARRAY_COUNT(kinds)];
    host_initial_app_size = host_place_kind == PLACE_PMP ? 0 : 32;
    board.config.app_ram.size = HOST_RAM_SIZE >> ram % 6;
    board.config.short_ids = (enum kernel_short_ids)(how / 3 % 4);
    board.config.storage_rights = (enum kernel_storage_rights)(how / 12 % 3);
    board.config.uses_permissions = true;
    host_cpu.on_halt = halt;
    kernel_boot(&board.config);
}

/* --- what must hold ------------------------------------------------------- */

/* Is there an object of the list, walked by the sizes alone? */
static bool is_in_list(uint32_t wanted)
{
    uint32_t off = 0;

    while (off < wanted && HOST_FLASH_SIZE - off >= TBF_HEAD_SIZE) {
        uint32_t total = le32_load(flash_at(off + TBF_TOTAL_SIZE_AT));

        if (le16_load(flash_at(off)) != 2 || total < TBF_BASE_SIZE ||
            total % 4 != 0 || total > HOST_FLASH_SIZE - off)
            return false;
        off += total;
    }
    return off == wanted;
}

static void check_flash(const struct process *p, bool from_list)
{
    uint32_t off = p->flash_start - HOST_FLASH_START;
    const uint8_t *header = flash_at(off);

    MUST(range_inside(p->flash_start, p->flash_size, HOST_FLASH_START,
                      HOST_FLASH_START + HOST_FLASH_SIZE));
    MUST(off % 4 == 0);
    MUST(!from_list || is_in_list(off));
    MUST(le16_load(header) == 2);
    MUST(le16_load(header + 2) >= TBF_BASE_SIZE);
    MUST(le32_load(header + TBF_TOTAL_SIZE_AT) == p->flash_size);
    MUST(le32_load(header + TBF_FLAGS_AT) & TBF_FLAG_ENABLED);
    MUST(sum(header, le16_load(header + 2)) == 0);
    MUST(p->protected_size >= le16_load(header + 2));
    MUST(p->context.pc >= p->flash_start + p->protected_size);
    MUST(p->context.pc < p->flash_start + p->flash_size);
}

static bool are_apart(uint32_t a, uint32_t a_len, uint32_t b, uint32_t b_len)
{
    return a + a_len <= b || b + b_len <= a;
}

static uint32_t id_of(const struct process *p)
{
    struct tbf_header header;

    MUST(process_header(p, &header));
    return identity_short_id(&header);
}

static void check_pair(const struct process *p, const struct process *other)
{
    MUST(are_apart(p->ram.start, p->ram.size, other->ram.start,
                   other->ram.size));
    MUST(p->flash_start != other->flash_start);
    MUST(id_of(p) == 0 || id_of(p) != id_of(other));
}

static void check_process(const struct process *p)
{
    MUST(range_inside(p->ram.start, p->ram.size, HOST_RAM_START,
                      HOST_RAM_START + board.config.app_ram.size));
    MUST(p->bounds.ram_start == p->ram.start);
    MUST(p->bounds.app_break <= p->mpu.enabled_end);
    MUST(p->mpu.enabled_end <= p->kernel_break);
    MUST(p->kernel_break <= p->ram.start + p->ram.size);
    MUST(p->mpu.flash_start == p->flash_start);
    MUST(p->mpu.flash_size == p->flash_size);
    for (uint32_t i = 0; i < p->slot; i++)
        if (board.processes[i].state != PROCESS_EMPTY)
            check_pair(p, &board.processes[i]);
}

/* Of ASCII and beyond it: U+0080 to U+009f. */
static void check_text(const char *text, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++) {
        uint8_t c = (uint8_t)text[i];

        MUST(c >= ' ' || c == '\n' || c == '\r' || c == '\t');
        MUST(c != 0x7f);
        MUST(c != 0xc2 || i + 1 == len || (uint8_t)text[i + 1] >= 0xa0);
    }
}

static void check_all(bool from_list)
{
    for (uint32_t i = 0; i < BOARD_PROCESSES; i++) {
        const struct process *p = &board.processes[i];

        if (p->state == PROCESS_EMPTY)
            continue;
        check_flash(p, from_list);
        check_process(p);
    }
    MUST(memcmp(flash_before, flash_at(0), HOST_FLASH_SIZE) == 0);
    check_text(host_uart.text, host_uart.text_len);
}

/* --- what each is then asked for ------------------------------------------ */

/* All that reads the header again. */
static void ask(struct process *p, uint32_t number)
{
    uint32_t id = storage_write_id(p);

    MUST(!storage_may_read(p, 0) && !storage_may_modify(p, 0));
    (void)storage_may_read(p, id + number);
    (void)storage_may_modify(p, number);
    (void)filter_allows(p, TOCK_CLASS_COMMAND, number, number >> 8);
    (void)filter_allows(p, TOCK_CLASS_SUBSCRIBE, number >> 8, 0);
}

static void fault_all(void)
{
    static const uint32_t args[4] = {0};

    for (uint32_t i = 0; i < BOARD_PROCESSES; i++) {
        struct process *p = &board.processes[i];

        if (p->state == PROCESS_EMPTY)
            continue;
        ask(p, (uint32_t)flash_before[p->flash_start % HOST_FLASH_SIZE + 21]);
        host_trap_next(&p->context, ARCH_TRAP_FAULT, args);
    }
    for (int i = 0; i < 40; i++)
        kernel_loop_once();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    uint32_t how = take(&in, 1);
    uint32_t ram = take(&in, 1);
    uint32_t later[LATER];

    for (int i = 0; i < LATER; i++)
        later[i] = take(&in, 3) % HOST_FLASH_SIZE;
    board_power_on();
    fill_flash(&in);
    boot(how, ram);
    check_all(true);
    for (int i = 0; i < LATER; i++)
        (void)load_app(HOST_FLASH_START + later[i]);
    check_all(false);
    fault_all();
    check_text(host_uart.text, host_uart.text_len);
    return 0;
}
