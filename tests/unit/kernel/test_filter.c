/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/le.h"
#include "board.h"
#include "lifecycle.h"
#include "memory.h"
#include "tbf/clear.h"

TestSuite(filter, .timeout = 10);

/* The probe with commands 1, 63, 64 and 130, and the console without any. */
static const struct tbf_permission_spec permissions[] = {
    {PROBE, 0, 1ull << 1 | 1ull << 63},
    {PROBE, 1, 1ull << 0},
    {PROBE, 2, 1ull << 2},
    {CONSOLE, 0, 0},
};

static struct process *with_list(uint32_t count, bool board_uses_it)
{
    board_power_on();
    board.config.uses_permissions = board_uses_it;
    board_install(&(struct board_app){
        .name = "one", .permissions = permissions, .permission_count = count});
    board_boot();
    raise_break(&board.processes[0], 1024);
    return &board.processes[0];
}

Test(filter, of_a_listed_driver_exactly_the_listed_commands_get_through)
{
    struct process *p = with_list(4, true);

    for (uint32_t number = 0; number < 300; number++) {
        bool is_listed =
            number == 1 || number == 63 || number == 64 || number == 130;
        uint32_t commands = board.probe.commands;

        EXPECT_REGS(command(p, PROBE, number, 7, 8),
                    is_listed ? TOCK_SUCCESS : TOCK_FAILURE,
                    is_listed ? number : TOCK_NODEVICE, 7, 8);
        cr_expect(eq(u32, board.probe.commands - commands, is_listed));
    }
    EXPECT_REGS(command(p, PROBE, UINT32_MAX, 7, 8), TOCK_FAILURE,
                TOCK_NODEVICE, 7, 8);
}

Test(filter, an_unlisted_driver_is_as_good_as_absent)
{
    struct process *p = with_list(4, true);

    EXPECT_REGS(command(p, ALARM, 1, 7, 8), TOCK_FAILURE, TOCK_NODEVICE, 7, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_SUBSCRIBE, ALARM, 0, 1, 2),
                TOCK_FAILURE_U32_U32, TOCK_NODEVICE, 1, 2);
    for (int class = TOCK_CLASS_ALLOW_RW; class <= TOCK_CLASS_ALLOW_UR;
         class ++)
        if (class == TOCK_CLASS_ALLOW_RW || class == TOCK_CLASS_ALLOW_RO ||
            class == TOCK_CLASS_ALLOW_UR)
            EXPECT_REGS(call(p, class, ALARM, 0, p->ram.start, 4),
                        TOCK_FAILURE_U32_U32, TOCK_NODEVICE, p->ram.start, 4);
    cr_expect(eq(u32, p->high_water, p->ram.start));
}

Test(filter, subscribe_and_allow_need_only_that_the_driver_is_listed)
{
    struct process *p = with_list(4, true);

    EXPECT_REGS(call(p, TOCK_CLASS_SUBSCRIBE, CONSOLE, 1, 0, 5),
                TOCK_SUCCESS_U32_U32, 0, 0, 5);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_RO, CONSOLE, 1, p->ram.start, 4),
                TOCK_SUCCESS_U32_U32, 0, 0, 4);
    EXPECT_REGS(command(p, CONSOLE, 1, 4, 0), TOCK_FAILURE, TOCK_NODEVICE, 4,
                0);
}

Test(filter, yield_memop_and_exit_are_always_allowed)
{
    struct process *p = with_list(4, true);

    EXPECT_REGS(call(p, TOCK_CLASS_MEMOP, TOCK_MEMOP_RAM_START, 1, 2, 3),
                TOCK_SUCCESS_U32, p->ram.start, 2, 3);
    EXPECT_REGS(call(p, TOCK_CLASS_YIELD, TOCK_YIELD_NO_WAIT, 0, 2, 3),
                TOCK_YIELD_NO_WAIT, 0, 2, 3);
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_TERMINATE, 0, 0, 0);
    cr_expect(eq(u8, p->state, PROCESS_TERMINATED));
}

Test(filter, an_app_without_a_list_and_a_board_without_the_filter_allow_all)
{
    EXPECT_REGS(command(with_list(0, true), PROBE, 2, 7, 8), TOCK_SUCCESS, 2, 7,
                8);
    EXPECT_REGS(command(with_list(4, false), PROBE, 2, 7, 8), TOCK_SUCCESS, 2,
                7, 8);
}

Test(filter, a_list_that_vanished_from_flash_allows_nothing)
{
    struct process *p = with_list(4, true);

    memset(host_memory(p->flash_start), 0, 64);
    EXPECT_REGS(command(p, PROBE, 1, 7, 8), TOCK_FAILURE, TOCK_NODEVICE, 7, 8);
}

/* What was found is kept, but for that life of that process only. */
Test(filter, a_new_life_goes_by_its_own_header)
{
    struct process *p = with_list(4, true);
    uint8_t *flash = host_memory(p->flash_start);
    struct tbf_header header;

    EXPECT_REGS(command(p, PROBE, 1, 7, 8), TOCK_SUCCESS, 1, 7, 8);
    cr_assert(process_header(p, &header));
    flash[header.permissions - flash + 2 + 8] = 1 << 3; /* mask of the first */
    le32_store(flash + TBF_CHECKSUM_AT,
               tbf_checksum(flash, header.header_size));
    process_restart(p);
    EXPECT_REGS(command(p, PROBE, 1, 7, 8), TOCK_FAILURE, TOCK_NODEVICE, 7, 8);
    EXPECT_REGS(command(p, PROBE, 3, 7, 8), TOCK_SUCCESS, 3, 7, 8);
}
