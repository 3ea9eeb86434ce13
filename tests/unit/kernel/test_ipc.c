/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/manage.h"
#include "capsule/share.h"
#include "drivers.h"
#include "extra/ipc.h"
#include "kernel/capability.h"

TestSuite(ipc, .timeout = 10);

#define IPC TOCK_DRIVER_IPC

enum { COUNT = 6, CROWD = 10, CLIENT = 0, SERVICE = 1, OTHER = 2 };

static struct ipc ipc;
static struct process many[CROWD];
static struct process *client;
static struct process *service;
static struct process *other;

/* Room for 128 bytes that every hardware can show. */
#define BUFFER(p) ((p)->ram.start + 512)
#define FN(p)     ((p)->flash_start + 256)

static void boot_with_names(const char *const names[], int count)
{
    uint32_t slots = count > COUNT ? CROWD : COUNT;

    board_power_on();
    ipc_init(&ipc, slots);
    board.drivers[3] = (struct kernel_driver){IPC, &ipc.driver};
    memset(many, 0, sizeof(many));
    board.config.processes = many;
    board.config.process_count = slots;
    for (int i = 0; i < count; i++)
        board_install(&(struct board_app){.name = names[i]});
    board_boot();
    for (int i = 0; i < count; i++)
        raise_break(&many[i], 1024);
    client = &many[CLIENT];
    service = &many[SERVICE];
    other = &many[OTHER];
}

static void boot(void)
{
    static const char *const names[] = {"client", "service", "other",
                                        "four",   "five",    "six"};

    boot_with_names(names, COUNT);
}

static void share(struct process *p, const struct process *with, uint32_t len)
{
    const uint32_t *r =
        call(p, TOCK_CLASS_ALLOW_RW, IPC, with->slot, BUFFER(p), len);

    cr_assert(eq(u32, r[0], TOCK_SUCCESS_U32_U32));
}

static void unshare(struct process *p, const struct process *with)
{
    call(p, TOCK_CLASS_ALLOW_RW, IPC, with->slot, 0, 0);
}

static void subscribe(struct process *p, uint32_t number)
{
    call(p, TOCK_CLASS_SUBSCRIBE, IPC, number, FN(p), 0xdada);
}

static enum tock_error tell_service(struct process *p, uint32_t index)
{
    const uint32_t *r = command(p, IPC, 2, index, 0);

    return r[0] == TOCK_SUCCESS ? TOCK_OK : r[1];
}

static enum tock_error tell_client(struct process *p, uint32_t index)
{
    const uint32_t *r = command(p, IPC, 3, index, 0);

    return r[0] == TOCK_SUCCESS ? TOCK_OK : r[1];
}

/* Waits; the upcall must come with these arguments. */
static void expect_upcall(struct process *p, uint32_t from, uint32_t len,
                          uint32_t addr)
{
    uint32_t calls = p->context.calls;

    yield_wait(p);
    settle();
    cr_assert(eq(u32, p->context.calls, calls + 1), "no upcall");
    EXPECT_REGS(p->context.regs, from, len, addr, 0xdada);
}

static void expect_no_upcall(struct process *p)
{
    uint32_t calls = p->context.calls;

    call(p, TOCK_CLASS_YIELD, TOCK_YIELD_NO_WAIT, 0, 0, 0);
    settle();
    cr_expect(eq(u32, p->context.calls, calls));
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
}

static uint32_t windows(const struct process *p)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < PLACE_WINDOWS; i++)
        count += p->mpu.windows[i].size != 0;
    return count;
}

static bool sees(const struct process *p, uint32_t addr, uint32_t len)
{
    for (uint32_t i = 0; i < PLACE_WINDOWS; i++) {
        if (p->mpu.windows[i].start == addr && p->mpu.windows[i].size == len)
            return true;
    }
    return false;
}

/* The client's 64 bytes are open to the service. */
static void boot_shared(void)
{
    boot();
    subscribe(service, SERVICE);
    share(client, service, 64);
    cr_assert(eq(int, tell_service(client, SERVICE), TOCK_OK));
    expect_upcall(service, CLIENT, 64, BUFFER(client));
    cr_assert(sees(service, BUFFER(client), 64));
}

/* --- the system call table of ipc.h, row by row --------------------------- */

Test(ipc, command_0_says_that_it_is_there)
{
    boot();
    EXPECT_REGS(command(client, IPC, 0, 7, 8), TOCK_SUCCESS, 0, 7, 8);
    EXPECT_REGS(command(client, IPC, 4, 7, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 7,
                8);
    EXPECT_REGS(call(client, TOCK_CLASS_ALLOW_RW, IPC, COUNT, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
    EXPECT_REGS(call(client, TOCK_CLASS_ALLOW_RO, IPC, 1, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
    EXPECT_REGS(call(client, TOCK_CLASS_SUBSCRIBE, IPC, COUNT, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
}

static const uint32_t *find(const char *name)
{
    uint32_t len = (uint32_t)strlen(name);

    memcpy(host_memory(BUFFER(client)), name, len);
    call(client, TOCK_CLASS_ALLOW_RO, IPC, 0, BUFFER(client), len);
    return command(client, IPC, 1, 7, 8);
}

Test(ipc, command_1_finds_an_app_by_its_whole_name)
{
    static const char *const names[] = {"client", "org.tockos.examples.rot13",
                                        "org.tockos.examples.rot14", "twin",
                                        "twin"};

    boot_with_names(names, 5);
    EXPECT_REGS(find("client"), TOCK_SUCCESS_U32, 0, 7, 8);
    EXPECT_REGS(find("org.tockos.examples.rot13"), TOCK_SUCCESS_U32, 1, 7, 8);
    EXPECT_REGS(find("org.tockos.examples.rot14"), TOCK_SUCCESS_U32, 2, 7, 8);
    EXPECT_REGS(find("twin"), TOCK_SUCCESS_U32, 3, 7, 8);
    EXPECT_REGS(find("org.tockos.examples.rot1"), TOCK_FAILURE, TOCK_NODEVICE,
                7, 8);
    EXPECT_REGS(find("org.tockos.examples.rot131"), TOCK_FAILURE, TOCK_NODEVICE,
                7, 8);
    EXPECT_REGS(find(""), TOCK_FAILURE, TOCK_NODEVICE, 7, 8);
    fault(&many[2]);
    EXPECT_REGS(find("org.tockos.examples.rot14"), TOCK_SUCCESS_U32, 2, 7, 8);
}

Test(ipc, without_a_name_an_app_without_one_is_found)
{
    static const char *const names[] = {"client", NULL};

    boot_with_names(names, 2);
    EXPECT_REGS(command(client, IPC, 1, 7, 8), TOCK_SUCCESS_U32, 1, 7, 8);
}

Test(ipc, command_2_calls_the_service_with_the_client_s_buffer)
{
    boot();
    subscribe(service, SERVICE);
    share(client, service, 64);
    EXPECT_REGS(command(client, IPC, 2, SERVICE, 8), TOCK_SUCCESS, 2, SERVICE,
                8);
    cr_expect(eq(u32, windows(service), 0)); /* not before it is called */
    expect_upcall(service, CLIENT, 64, BUFFER(client));
    cr_expect(eq(u32, windows(service), 1));
    cr_expect(sees(service, BUFFER(client), 64));
    cr_expect(eq(u32, windows(client), 0));
    cr_expect(eq(u32, windows(other), 0));
}

Test(ipc, command_3_calls_the_client_with_the_service_s_buffer)
{
    boot();
    subscribe(client, SERVICE);
    share(service, client, 32);
    EXPECT_REGS(command(service, IPC, 3, CLIENT, 8), TOCK_SUCCESS, 3, CLIENT,
                8);
    expect_upcall(client, SERVICE, 32, BUFFER(service));
    cr_expect(sees(client, BUFFER(service), 32));
}

Test(ipc, without_a_buffer_length_and_address_are_0)
{
    boot();
    subscribe(service, SERVICE);
    share(client, other, 64);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    expect_upcall(service, CLIENT, 0, 0);
    cr_expect(eq(u32, windows(service), 0));
}

Test(ipc, telling_oneself_does_nothing)
{
    boot();
    subscribe(service, SERVICE);
    share(service, service, 64);
    cr_expect(eq(int, tell_service(service, SERVICE), TOCK_OK));
    cr_expect(eq(int, tell_client(service, SERVICE), TOCK_OK));
    expect_no_upcall(service);
}

Test(ipc, nobody_is_told_who_is_not_there)
{
    static const char *const names[] = {"client", "service", "other"};

    boot_with_names(names, 3);
    for (uint32_t index = 3; index < 20; index++)
        cr_expect(eq(int, tell_service(client, index), TOCK_INVAL));
    cr_expect(eq(int, tell_client(client, UINT32_MAX), TOCK_INVAL));
    fault(service);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_NODEVICE));
}

Test(ipc, a_buffer_that_cannot_be_opened_is_refused_and_nothing_told)
{
    boot();
    subscribe(service, SERVICE);
    share(client, service, 63);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_INVAL));
    expect_no_upcall(service);
    call(client, TOCK_CLASS_ALLOW_RW, IPC, SERVICE, BUFFER(client) + 4, 64);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_INVAL));
    expect_no_upcall(service);
}

/* --- a flag, not a count -------------------------------------------------- */

Test(ipc, however_often_a_client_tells_the_service_is_called_once)
{
    boot();
    subscribe(service, SERVICE);
    for (int i = 0; i < 50; i++)
        cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    cr_expect(eq(u8, service->upcalls.count, 1));
    expect_upcall(service, CLIENT, 0, 0);
    expect_no_upcall(service);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    expect_upcall(service, CLIENT, 0, 0);
}

Test(ipc, a_flood_leaves_room_for_other_events)
{
    boot();
    subscribe(service, SERVICE);
    call(service, TOCK_CLASS_SUBSCRIBE, PROBE, 0, FN(service), 0);
    for (uint32_t i = 0; i < COUNT; i++) {
        for (int n = 0; i != SERVICE && n < 20; n++)
            cr_expect(eq(int, tell_service(&many[i], SERVICE), TOCK_OK));
    }
    cr_expect(eq(u8, service->upcalls.count, COUNT - 1));
    cr_expect(eq(int, upcall_schedule(&board.probe.driver, service, 0, 1, 2, 3),
                 TOCK_OK));
    cr_expect(eq(u16, service->dropped_upcalls, 0));
}

Test(ipc, what_is_told_waits_until_the_service_subscribes)
{
    boot();
    share(client, service, 64);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    cr_expect(eq(int, tell_service(other, SERVICE), TOCK_OK));
    expect_no_upcall(service);
    subscribe(service, SERVICE);
    expect_upcall(service, CLIENT, 64, BUFFER(client));
    expect_upcall(service, OTHER, 0, 0);
    expect_no_upcall(service);
}

Test(ipc, of_many_senders_none_is_forgotten)
{
    static const char *const names[CROWD] = {
        "client", "service", "3", "4", "5", "6", "7", "8", "9", "10"};

    boot_with_names(names, CROWD);
    cr_expect(eq(int, tell_service(&many[CROWD - 1], SERVICE), TOCK_OK));
    cr_expect(eq(int, tell_service(other, SERVICE), TOCK_OK));
    subscribe(service, SERVICE);
    expect_upcall(service, OTHER, 0, 0);
    expect_upcall(service, CROWD - 1, 0, 0);
    expect_no_upcall(service);
}

Test(ipc, another_function_gets_what_waits_for_the_old_one)
{
    boot();
    subscribe(service, SERVICE);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    subscribe(service, SERVICE);
    expect_upcall(service, CLIENT, 0, 0);
    subscribe(service, SERVICE);
    expect_no_upcall(service);
}

Test(ipc, a_client_s_subscription_gets_only_what_that_service_told)
{
    boot();
    cr_expect(eq(int, tell_client(service, CLIENT), TOCK_OK));
    cr_expect(eq(int, tell_client(other, CLIENT), TOCK_OK));
    subscribe(client, SERVICE);
    expect_upcall(client, SERVICE, 0, 0);
    expect_no_upcall(client);
}

Test(ipc, wait_for_gets_it_too)
{
    boot();
    share(client, service, 64);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    call(service, TOCK_CLASS_SUBSCRIBE, IPC, SERVICE, 0, 0);
    yield_wait_for(service, IPC, SERVICE);
    settle();
    cr_assert(eq(u8, service->state, PROCESS_RUNNING));
    EXPECT_REGS(service->context.regs, CLIENT, 64, BUFFER(client), 0);
    cr_expect(sees(service, BUFFER(client), 64));
}

Test(ipc, a_full_queue_is_told_to_the_sender)
{
    boot();
    subscribe(service, SERVICE);
    fill_queue(service);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_NOMEM));
    subscribe(service, SERVICE);
    for (uint32_t i = 0; i < UPCALL_QUEUE_COMMON; i++)
        yield_wait(service), settle();
    expect_no_upcall(service);
}

/* --- windows end ---------------------------------------------------------- */

Test(ipc, a_buffer_taken_back_is_closed_at_once)
{
    boot_shared();
    unshare(client, service);
    cr_expect(eq(u32, windows(service), 0));
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    expect_upcall(service, CLIENT, 0, 0);
    cr_expect(eq(u32, windows(service), 0));
}

Test(ipc, a_buffer_swapped_for_another_is_closed_until_it_is_told)
{
    boot_shared();
    share(client, service, 32);
    cr_expect(eq(u32, windows(service), 0));
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    expect_upcall(service, CLIENT, 32, BUFFER(client));
    cr_expect(eq(u32, windows(service), 1));
    cr_expect(sees(service, BUFFER(client), 32));
}

Test(ipc, the_same_buffer_again_stays_open)
{
    uint32_t stamp;

    boot_shared();
    stamp = service->mpu.stamp;
    share(client, service, 64);
    cr_expect(sees(service, BUFFER(client), 64));
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    expect_upcall(service, CLIENT, 64, BUFFER(client));
    cr_expect(eq(u32, service->mpu.stamp, stamp));
}

Test(ipc, other_buffers_and_other_senders_change_nothing)
{
    boot_shared();
    share(client, other, 32);
    call(client, TOCK_CLASS_ALLOW_RW, PROBE, SERVICE, BUFFER(client), 64);
    call(client, TOCK_CLASS_ALLOW_RW, PROBE, SERVICE, 0, 0);
    call(client, TOCK_CLASS_ALLOW_RO, IPC, 0, BUFFER(client), 6);
    share(other, service, 128);
    cr_expect(eq(int, tell_service(other, SERVICE), TOCK_OK));
    expect_upcall(service, OTHER, 128, BUFFER(other));
    cr_expect(sees(service, BUFFER(client), 64));
    cr_expect(sees(service, BUFFER(other), 128));
    unshare(other, service);
    cr_expect(sees(service, BUFFER(client), 64));
    cr_expect(eq(u32, windows(service), 1));
}

Test(ipc, a_swap_before_the_upcall_counts)
{
    boot();
    subscribe(service, SERVICE);
    share(client, service, 64);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    unshare(client, service);
    expect_upcall(service, CLIENT, 0, 0);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    share(client, service, 63); /* cannot be opened */
    expect_upcall(service, CLIENT, 0, 0);
    cr_expect(eq(u32, windows(service), 0));
}

Test(ipc, a_new_life_of_the_owner_is_closed_to_the_old_guests)
{
    boot_shared();
    call(client, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    cr_expect(eq(u32, windows(service), 0));
    settle();
    expect_invariants();
}

Test(ipc, an_owner_that_ended_does_not_make_its_guest_fault)
{
    static const struct capability_manage manage;

    boot_shared();
    fault(client);
    cr_assert(eq(u8, client->state, PROCESS_FAULTED));
    cr_expect(sees(service, BUFFER(client), 64));
    manage_request(&manage, client, PROCESS_ACTION_TERMINATE);
    settle();
    cr_expect(sees(service, BUFFER(client), 64));
    manage_request(&manage, client, PROCESS_ACTION_BOOT);
    settle();
    cr_expect(eq(u32, windows(service), 0));
}

Test(ipc, an_owner_taken_out_of_memory_is_closed)
{
    static const struct capability_manage manage;

    boot_shared();
    manage_unload(&manage, client);
    cr_expect(eq(u32, windows(service), 0));
}

Test(ipc, a_guest_begins_its_new_life_without_windows)
{
    boot_shared();
    call(service, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    cr_expect(eq(u32, windows(service), 0));
    settle();
    raise_break(service, 1024);
    subscribe(service, SERVICE);
    expect_no_upcall(service);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    expect_upcall(service, CLIENT, 64, BUFFER(client));
    cr_expect(sees(service, BUFFER(client), 64));
}

Test(ipc, the_guest_s_own_memory_may_grow_meanwhile)
{
    boot_shared();
    raise_break(service, 2048);
    cr_expect(sees(service, BUFFER(client), 64));
    cr_expect(eq(u32, service->mpu.app_break, service->ram.start + 2048));
}

Test(ipc, what_a_sender_told_is_forgotten_when_it_ends)
{
    boot();
    subscribe(service, SERVICE);
    subscribe(service, CLIENT);
    share(client, service, 64);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    cr_expect(eq(int, tell_client(client, SERVICE), TOCK_OK));
    cr_expect(eq(int, tell_service(other, SERVICE), TOCK_OK));
    fault(client);
    expect_upcall(service, OTHER, 0, 0);
    expect_no_upcall(service);
    subscribe(service, SERVICE);
    expect_no_upcall(service);
}

Test(ipc, what_was_told_to_a_process_is_not_for_its_next_life)
{
    boot();
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    call(service, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    settle();
    raise_break(service, 1024);
    subscribe(service, SERVICE);
    expect_no_upcall(service);
}

/* --- windows are few ------------------------------------------------------ */

static void open_all_but(uint32_t left_out)
{
    subscribe(service, SERVICE);
    for (uint32_t i = 0; i < COUNT; i++) {
        if (i == SERVICE || i == left_out)
            continue;
        share(&many[i], service, 64);
        cr_assert(eq(int, tell_service(&many[i], SERVICE), TOCK_OK));
        expect_upcall(service, i, 64, BUFFER(&many[i]));
    }
    cr_assert(eq(u32, windows(service), PLACE_WINDOWS));
}

Test(ipc, a_fifth_sender_is_refused_and_takes_no_window_of_others)
{
    boot();
    open_all_but(CLIENT);
    share(client, service, 64);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_INVAL));
    expect_no_upcall(service);
    cr_expect(sees(service, BUFFER(other), 64));
    unshare(client, service);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    expect_upcall(service, CLIENT, 0, 0);
    unshare(other, service);
    share(client, service, 64);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    expect_upcall(service, CLIENT, 64, BUFFER(client));
    cr_expect(eq(u32, windows(service), PLACE_WINDOWS));
}

Test(ipc, the_window_of_an_owner_that_ended_makes_room)
{
    boot();
    open_all_but(CLIENT);
    fault(other);
    share(client, service, 64);
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    expect_upcall(service, CLIENT, 64, BUFFER(client));
    cr_expect(not(sees(service, BUFFER(other), 64)));
    cr_expect(eq(u32, windows(service), PLACE_WINDOWS));
}

Test(ipc, a_process_in_a_slot_too_high_takes_no_part)
{
    boot();
    ipc_init(&ipc, 2);
    EXPECT_REGS(command(other, IPC, 2, CLIENT, 8), TOCK_FAILURE, TOCK_NODEVICE,
                CLIENT, 8);
    cr_expect(eq(int, tell_service(client, OTHER), TOCK_INVAL));
    fault(other);
}

/* --- both directions at once ---------------------------------------------- */

Test(ipc, two_processes_are_each_other_s_clients)
{
    boot();
    for (int i = 0; i < 2; i++) {
        subscribe(&many[i], CLIENT);
        subscribe(&many[i], SERVICE);
        share(&many[i], &many[1 - i], 64);
    }
    cr_expect(eq(int, tell_service(client, SERVICE), TOCK_OK));
    cr_expect(eq(int, tell_service(service, CLIENT), TOCK_OK));
    expect_upcall(service, CLIENT, 64, BUFFER(client));
    expect_upcall(client, SERVICE, 64, BUFFER(service));
    cr_expect(eq(int, tell_client(service, CLIENT), TOCK_OK));
    expect_upcall(client, SERVICE, 64, BUFFER(service));
}
