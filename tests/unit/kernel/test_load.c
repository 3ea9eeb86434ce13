/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"

#include "capsule/manage.h"
#include "kernel/capability.h"
#include "lifecycle.h"

#include "base/le.h"

TestSuite(load, .timeout = 20);

static unsigned alive(void)
{
    unsigned count = 0;

    for (struct process *p = process_next(NULL); p != NULL; p = process_next(p))
        count++;
    return count;
}

/* A change of a header word, the checksum made good. */
static void set_word(uint32_t addr, uint32_t off, uint32_t value)
{
    uint8_t *header = host_memory(addr);

    le32_store(header + off, value);
    le32_store(header + 12, tbf_checksum(header, le16_load(header + 2)));
}

static uint32_t total_size_of(uint32_t addr)
{
    return le32_load(host_memory(addr) + 4);
}

/* --- what is started ------------------------------------------------------ */

Test(load, apps_run_in_flash_order_in_blocks_of_their_own)
{
    board_power_on();
    board_install(&(struct board_app){.name = "one"});
    board_install(&(struct board_app){.name = "two", .ram = 10000});
    board_install(&(struct board_app){.name = "three"});
    board_boot();
    cr_expect(eq(u32, alive(), 3));
    for (int i = 0; i < 3; i++) {
        const struct process *p = &board.processes[i];

        cr_expect(eq(u32, p->id, i));
        cr_expect(ge(u32, p->ram.size, i == 1 ? 10000 : 4096));
        if (i != 0)
            cr_expect(ge(u32, p->ram.start, p[-1].ram.start + p[-1].ram.size));
    }
    expect_invariants();
}

Test(load, each_started_app_gets_a_line)
{
    uint32_t addr;
    char line[128];

    board_power_on();
    addr = board_install(&(struct board_app){.name = "one"});
    board_boot();
    snprintf(line, sizeof(line), "one: started at 0x%08X, RAM 0x%08X to 0x%08X",
             addr, board.processes[0].ram.start,
             board.processes[0].ram.start + board.processes[0].ram.size);
    cr_expect(said(line));
}

Test(load, an_app_without_a_name_runs)
{
    board_power_on();
    board_install(&(struct board_app){.name = NULL});
    board_boot();
    cr_expect(eq(u32, alive(), 1));
    cr_expect(said("unnamed app: started"));
}

Test(load, the_protected_trailer_moves_the_app_start)
{
    board_power_on();
    board_install(&(struct board_app){.name = "one", .protect = 64});
    board_boot();

    const struct process *p = &board.processes[0];
    uint32_t header = le16_load(host_memory(p->flash_start) + 2);

    cr_expect(eq(u32, p->context.regs[0], p->flash_start + header + 64));
}

Test(load, control_characters_of_a_name_do_not_reach_the_terminal)
{
    board_power_on();
    board_install(&(struct board_app){.name = "e\033[2Jvil\r\n"});
    board_boot();
    cr_expect(said("e?[2Jvil??: started"));
}

/* --- what is not ---------------------------------------------------------- */

struct bad {
    const char *name;
    struct board_app app;
    uint32_t off; /* of a word to overwrite; 0: none */
    uint32_t value;
    const char *text;
};

/* Offsets: Main 16 (its values from 20), Program 32 (from 36: entry point,
 * protected trailer, minimum RAM, binary end, version). */
#define LONG_NAME                                                      \
    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" \
    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" \
    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" \
    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"

static const struct bad bads[] = {
    {"name too long", {.name = LONG_NAME}, 0, 0, "name above 255"},
    {"disabled", {.name = "bad", .is_disabled = true}, 0, 0, "disabled"},
    {"new kernel", {.name = "bad", .minor = 9}, 0, 0, "kernel"},
    {"wrong flash",
     {.name = "bad", .fixed_flash = HOST_FLASH_START + 0x10000},
     0,
     0,
     "flash"},
    {"RAM that no board has", {.name = "bad", .ram = 0x80000000}, 0, 0, "RAM"},
    {"RAM near 2^32", {.name = "bad", .ram = 0xffffffff}, 0, 0, "RAM"},
    {"RAM just below", {.name = "bad", .ram = 0x7fffff00}, 0, 0, "RAM"},
    {"RAM elsewhere",
     {.name = "bad", .fixed_ram = HOST_RAM_START + HOST_RAM_SIZE},
     0,
     0,
     "RAM"},
    {"RAM misaligned",
     {.name = "bad", .fixed_ram = HOST_RAM_START + 4},
     0,
     0,
     "RAM"},
    {"checksum", {.name = "bad"}, 12, 0x12345678, "checksum"},
    {"binary end beyond", {.name = "bad"}, 48, 0x10000, ""},
    {"entry point outside", {.name = "bad"}, 36, 0x10000, ""},
    {"protected size beyond", {.name = "bad"}, 40, 0x7fffffff, ""},
    {"entry too long", {.name = "bad"}, 16, 0xffff0001, ""},
};

Test(load, a_bad_app_is_named_and_the_one_behind_it_runs)
{
    for (unsigned i = 0; i < ARRAY_COUNT(bads); i++) {
        const struct bad *bad = &bads[i];
        uint32_t addr;

        board_power_on();
        addr = board_install(&bad->app);
        board_install(&(struct board_app){.name = "good"});
        if (bad->off == 12)
            le32_store(host_memory(addr) + 12, bad->value);
        else if (bad->off != 0)
            set_word(addr, bad->off, bad->value);
        board_boot();
        cr_expect(eq(u32, alive(), 1), "%s", bad->name);
        cr_expect(said("not started: "), "%s", bad->name);
        cr_expect(said(bad->text), "%s: %s", bad->name, host_uart.text);
        cr_expect(said("(at 0x10000000)"), "%s", bad->name);
        cr_expect(said("good: started"), "%s", bad->name);
    }
}

Test(load, padding_uses_no_slot_and_is_not_mentioned)
{
    uint8_t padding[16];

    board_power_on();
    tbf_build_padding(padding, 512);
    for (int i = 0; i < 6; i++)
        board_install_raw(padding, sizeof(padding), 512);
    board_install(&(struct board_app){.name = "good"});
    board_boot();
    cr_expect(eq(u32, alive(), 1));
    cr_expect(eq(ptr, process_next(NULL), &board.processes[0]));
    cr_expect(not(said("not started")));
}

Test(load, a_size_that_makes_no_progress_ends_the_list_with_a_message)
{
    static const uint32_t sizes[] = {0, 4, 15, 514};

    for (unsigned i = 0; i < ARRAY_COUNT(sizes); i++) {
        uint32_t addr;

        board_power_on();
        board_install(&(struct board_app){.name = "good"});
        addr = board_install(&(struct board_app){.name = "bad"});
        set_word(addr, 4, sizes[i]);
        board_boot();
        cr_expect(said("App list ends at 0x10000200: "), "size %u", sizes[i]);
        cr_expect(said("good: started"));
    }
}

Test(load, an_object_that_passes_the_flash_ends_the_list_with_a_message)
{
    uint32_t addr;

    board_power_on();
    board_install(&(struct board_app){.name = "good"});
    addr = board_install(&(struct board_app){.name = "bad"});
    set_word(addr, 4, HOST_FLASH_SIZE);
    board_boot();
    cr_expect(said("App list ends at 0x10000200: "));
    cr_expect(said("good: started"));
}

Test(load, erased_flash_holds_no_app_and_says_nothing)
{
    board_power_on();
    board_boot();
    cr_expect(eq(u32, alive(), 0));
    cr_expect(eq(u32, host_uart.text_len, 0));
    cr_expect(gt(u32, host_cpu.waits, 0));
}

Test(load, flash_that_the_hardware_cannot_map_is_named)
{
    board_power_on();
    board_install(&(struct board_app){.name = "odd", .size = 740});
    board_boot();
    cr_expect(eq(u32, alive(), 0));
    cr_expect(said("odd: not started: the hardware cannot protect flash"));
}

Test(load, apps_without_a_slot_are_named)
{
    board_power_on();
    for (int i = 0; i < 5; i++)
        board_install(&(struct board_app){.name = "app"});
    board_boot();
    cr_expect(eq(u32, alive(), 4));
    cr_expect(said("app: not started: no process slot is free"));
}

Test(load, an_app_that_found_no_ram_leaves_its_slot_to_the_next)
{
    board_power_on();
    board_install(&(struct board_app){.name = "big", .ram = 0x100000});
    for (int i = 0; i < 4; i++)
        board_install(&(struct board_app){.name = "app"});
    board_boot();
    cr_expect(eq(u32, alive(), 4));
    cr_expect(said("big: not started: not enough free RAM"));
}

/* --- fixed RAM ------------------------------------------------------------ */

Test(load, fixed_apps_get_their_ram_in_any_flash_order)
{
    board_power_on();
    host_place_kind = PLACE_PMP;
    host_initial_app_size = 0;
    board_install(&(struct board_app){.name = "floating", .ram = 0x2000});
    board_install(&(struct board_app){.name = "high",
                                      .fixed_ram = HOST_RAM_START + 0x4000});
    board_install(
        &(struct board_app){.name = "low", .fixed_ram = HOST_RAM_START});
    board_boot();
    cr_expect(eq(u32, alive(), 3));
    cr_expect(eq(u32, board.processes[0].ram.start, HOST_RAM_START + 0x4000));
    cr_expect(eq(u32, board.processes[1].ram.start, HOST_RAM_START));
    cr_expect(ge(u32, board.processes[2].ram.start, HOST_RAM_START + 0x1000));
    expect_invariants();
}

Test(load, of_two_apps_for_the_same_ram_the_second_is_named)
{
    board_power_on();
    board_install(
        &(struct board_app){.name = "first", .fixed_ram = HOST_RAM_START});
    board_install(
        &(struct board_app){.name = "second", .fixed_ram = HOST_RAM_START});
    board_boot();
    cr_expect(eq(u32, alive(), 1));
    cr_expect(said("second: not started: the RAM it is linked for"));
}

/* --- anything ------------------------------------------------------------- */

static uint32_t random_state = 1;

static uint32_t random_next(void)
{
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 8;
}

/* Whatever the header says: the boot ends, the sanitizers stay quiet, the
 * invariants hold, and an app in front of the damage runs. */
Test(load, damaged_flash_never_hurts_the_kernel)
{
    for (int round = 0; round < 3000; round++) {
        uint32_t addr;

        board_power_on();
        board_install(&(struct board_app){.name = "good"});
        addr = board_install(&(struct board_app){.name = "bad"});
        board_install(&(struct board_app){.name = "behind"});
        for (uint32_t i = random_next() % 4 + 1; i != 0; i--) {
            uint32_t off = random_next() % 20 * 4;

            set_word(addr, off == 12 ? 0 : off,
                     random_next() % 3 == 0 ? random_next() % 1024
                                            : random_next() * 0x10001u);
        }
        cr_assert(le(u32, total_size_of(HOST_FLASH_START), 512));
        board_boot();
        cr_assert(said("good: started"));
        expect_invariants();
    }
}

/* --- two of one kind ------------------------------------------------------ */

static const struct process *process_at(uint32_t flash_start)
{
    for (uint32_t i = 0; i < BOARD_PROCESSES; i++) {
        if (board.processes[i].flash_start == flash_start &&
            process_is_alive(&board.processes[i]))
            return &board.processes[i];
    }
    return NULL;
}

Test(load, of_apps_with_one_short_id_the_highest_version_runs)
{
    uint32_t addr[4];
    static const uint32_t versions[] = {1, 3, 2, 3};

    board_power_on();
    board.config.short_ids = KERNEL_IDS_HEADER;
    for (int i = 0; i < 4; i++)
        addr[i] = board_install(&(struct board_app){
            .name = "twin", .version = versions[i], .short_id = 7});
    board_boot();
    cr_expect(eq(u32, alive(), 1));
    cr_expect(ne(ptr, (void *)process_at(addr[1]), NULL));
    cr_expect(said("twin: not started: another one has its id"));
}

Test(load, a_newer_version_that_cannot_run_hides_no_older_one)
{
    uint32_t addr;

    board_power_on();
    board.config.short_ids = KERNEL_IDS_HEADER;
    addr = board_install(
        &(struct board_app){.name = "old", .version = 1, .short_id = 7});
    board_install(&(struct board_app){
        .name = "off", .version = 2, .short_id = 7, .is_disabled = true});
    board_install(&(struct board_app){
        .name = "odd", .version = 3, .short_id = 7, .minor = 9});
    board_boot();
    cr_expect(eq(u32, alive(), 1));
    cr_expect(ne(ptr, (void *)process_at(addr), NULL));
}

Test(load, apps_of_one_name_run_side_by_side_unless_names_make_ids)
{
    for (int ids = KERNEL_IDS_NONE; ids <= KERNEL_IDS_HEADER_OR_NAME; ids++) {
        board_power_on();
        board.config.short_ids = (enum kernel_short_ids)ids;
        board_install(&(struct board_app){.name = "twin"});
        board_install(&(struct board_app){.name = "twin"});
        board_install(&(struct board_app){.name = NULL});
        board_install(&(struct board_app){.name = NULL});
        board_boot();
        cr_expect(eq(u32, alive(), ids >= KERNEL_IDS_NAME ? 3 : 4));
    }
}

Test(load, the_short_id_of_a_name_is_its_crc)
{
    static const struct capability_manage can;
    struct process_info info;

    board_power_on();
    board.config.short_ids = KERNEL_IDS_NAME;
    board_install(&(struct board_app){.name = "123456789"});
    board_boot();
    manage_info(&can, &board.processes[0], &info);
    cr_expect(eq(u32, info.short_id, 0x765e7680)); /* the CRC's check value */
}

Test(load, an_id_in_the_header_goes_before_that_of_the_name)
{
    static const struct capability_manage can;
    static const uint32_t ids[] = {7, 0x765e7680, 0};
    struct process_info info;

    board_power_on();
    board.config.short_ids = KERNEL_IDS_HEADER_OR_NAME;
    board_install(&(struct board_app){.name = "123456789", .short_id = 7});
    board_install(&(struct board_app){.name = "123456789"});
    board_install(&(struct board_app){.name = NULL});
    board_boot();
    cr_expect(eq(u32, alive(), 3));
    for (int i = 0; i < 3; i++) {
        manage_info(&can, &board.processes[i], &info);
        cr_expect(eq(u32, info.short_id, ids[i]));
    }
}

Test(load, memory_of_unloaded_apps_is_used_again_for_ever)
{
    static const struct capability_manage can;
    uint32_t addr[3];
    struct place_block block[3];

    board_power_on();
    for (int i = 0; i < 3; i++)
        addr[i] = board_install(
            &(struct board_app){.name = "app", .ram = 4096u << i});
    board_boot();
    for (int i = 0; i < 3; i++)
        block[i] = board.processes[i].ram;
    for (uint32_t turn = 0; turn < 1000; turn++) {
        int i = (int)(turn % 3);
        struct process *p = &board.processes[i];
        uint32_t id = p->id;

        manage_unload(&can, p);
        cr_assert(eq(ptr, manage_process(&can, (uint32_t)i), NULL));
        cr_assert(manage_load(&can, addr[i]));
        cr_assert(gt(u32, p->id, id));
        cr_assert(eq(u32, p->ram.start, block[i].start));
        cr_assert(eq(u32, p->ram.size, block[i].size));
    }
    cr_expect(eq(u32, board.probe.gone, 1000));
    /* The two lower ones leave one gap. */
    manage_unload(&can, &board.processes[0]);
    manage_unload(&can, &board.processes[1]);
    cr_assert(manage_load(&can, addr[1]));
    cr_expect(eq(u32, board.processes[0].ram.start, HOST_RAM_START));
    expect_invariants();
}

Test(load, an_app_is_loaded_once_and_only_if_it_may_run)
{
    static const struct capability_manage can;
    uint32_t one;
    uint32_t off;

    board_power_on();
    board.config.short_ids = KERNEL_IDS_NAME;
    one = board_install(&(struct board_app){.name = "one"});
    off =
        board_install(&(struct board_app){.name = "off", .is_disabled = true});
    board_boot();
    cr_expect(not(manage_load(&can, one)));
    cr_expect(not(manage_load(&can, off)));
    cr_expect(not(manage_load(&can, HOST_FLASH_START - 512)));
    cr_expect(not(manage_load(&can, HOST_FLASH_START + HOST_FLASH_SIZE)));
    cr_expect(not(manage_load(&can, HOST_FLASH_START + HOST_FLASH_SIZE - 4)));
    /* A twin of a loaded one, put there later. */
    cr_expect(not(
        manage_load(&can, board_install(&(struct board_app){.name = "one"}))));
    cr_expect(eq(u32, alive(), 1));
    settle();
    cr_expect(said("one: not started: it, or another one with its id"));
    cr_expect(said("off: not started: "));
}
