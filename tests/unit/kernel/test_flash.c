/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* Flash that is memory, and one flash for several users. */

#include "board.h"
#include "nor.h"
#include "virtual/flash_mux.h"

/* The driver itself, over the host's flash. */
#include "chips/memory/flash.c"

TestSuite(flash, .timeout = 10);

struct user {
    struct hil_flash_client client;
    struct hil_flash *flash;
    uint32_t dones;
    uint32_t order; /* of the latest callback among those of all users */
    enum tock_error status;
    uint32_t repeats; /* operations to begin from within the callback */
};

static struct memory_flash memory;
static struct nor nor;
static struct flash_mux mux;
static struct flash_area areas[3];
static struct user users[3];
static uint32_t callbacks;
static uint8_t word[4] = {1, 2, 3, 4};

static void user_done(struct hil_flash_client *client, enum tock_error status)
{
    struct user *self = (struct user *)client;

    self->dones++;
    self->order = ++callbacks;
    self->status = status;
    if (self->repeats != 0) {
        self->repeats--;
        cr_expect(eq(int, self->flash->ops->erase(self->flash, 0), TOCK_OK));
    }
}

static const struct hil_flash_client_ops user_ops = {user_done};

static struct hil_flash *use(struct user *user, struct hil_flash *flash)
{
    *user = (struct user){.client = {&user_ops}, .flash = flash};
    flash->client = &user->client;
    return flash;
}

static enum tock_error put(struct hil_flash *flash, uint32_t offset,
                           void *bytes, uint32_t len)
{
    return flash->ops->program(flash, offset, (struct span){bytes, len});
}

static struct hil_flash *boot_memory(void)
{
    board_power_on();
    board_boot();
    return use(&users[0], memory_flash_init(&memory, HOST_FLASH_START, 8192));
}

static void boot_mux(void)
{
    board_power_on();
    board_boot();
    callbacks = 0;
    flash_mux_init(&mux, nor_init(&nor, 8 * 256, 256, 4));
    for (uint32_t i = 0; i < 3; i++)
        use(&users[i], flash_mux_add(&mux, &areas[i], i * 512, 512));
}

/* --- flash that is memory ------------------------------------------------- */

Test(flash, memory_is_erased_by_pages_and_programmed_by_clearing_bits)
{
    struct hil_flash *flash = boot_memory();
    uint8_t read[4];

    memset(host_memory(HOST_FLASH_START), 0x5a, 8192);
    cr_assert(eq(int, flash->ops->erase(flash, 4096), TOCK_OK));
    cr_expect(eq(u32, users[0].dones, 0));
    settle();
    cr_expect(eq(u32, users[0].dones, 1));
    cr_expect(eq(int, users[0].status, TOCK_OK));
    cr_expect(eq(u8, *host_memory(HOST_FLASH_START + 4095), 0x5a));
    cr_expect(eq(u8, *host_memory(HOST_FLASH_START + 4096), 0xff));
    cr_expect(eq(u8, *host_memory(HOST_FLASH_START + 8191), 0xff));

    cr_assert(eq(int, put(flash, 4100, word, 4), TOCK_OK));
    settle();
    cr_expect(eq(int, users[0].status, TOCK_OK));
    cr_expect(eq(int, flash->ops->read(flash, 4100, (struct span){read, 4}),
                 TOCK_OK));
    cr_expect(eq(int, memcmp(read, word, 4), 0));
    cr_expect(eq(u8, *host_memory(HOST_FLASH_START + 4104), 0xff));
}

Test(flash, memory_that_cannot_set_a_bit_says_so)
{
    struct hil_flash *flash = boot_memory();

    memset(host_memory(HOST_FLASH_START), 0xfe, 4);
    cr_assert(eq(int, put(flash, 0, word, 4), TOCK_OK));
    settle();
    cr_expect(eq(int, users[0].status, TOCK_FAIL));
    cr_expect(eq(u8, *host_memory(HOST_FLASH_START), 0));
}

/* The faster way for aligned buffers is no other way. */
Test(flash, memory_takes_buffers_at_any_address)
{
    struct hil_flash *flash = boot_memory();
    _Alignas(8) uint8_t bytes[16];

    for (uint32_t from = 0; from < 4; from++) {
        uint8_t *there = host_memory(HOST_FLASH_START + 8 * from);

        memset(there, 0xff, 8);
        for (uint32_t i = 0; i < sizeof(bytes); i++)
            bytes[i] = (uint8_t)(0x11 * i + from);
        cr_assert(eq(int, put(flash, 8 * from, bytes + from, 8), TOCK_OK));
        settle();
        cr_expect(eq(int, users[0].status, TOCK_OK));
        cr_expect(eq(int, memcmp(there, bytes + from, 8), 0));
        bytes[from + 7] = 0xff;
        cr_assert(eq(int, put(flash, 8 * from, bytes + from, 8), TOCK_OK));
        settle();
        cr_expect(eq(int, users[0].status, TOCK_FAIL));
    }
}

Test(flash, memory_refuses_what_is_not_inside_or_not_on_the_unit)
{
    struct hil_flash *flash = boot_memory();
    uint8_t bytes[8] = {0};

    cr_expect(eq(int, flash->ops->erase(flash, 4), TOCK_INVAL));
    cr_expect(eq(int, flash->ops->erase(flash, 8192), TOCK_INVAL));
    cr_expect(eq(int, flash->ops->erase(flash, 0xfffff000), TOCK_INVAL));
    cr_expect(eq(int, put(flash, 2, bytes, 4), TOCK_INVAL));
    cr_expect(eq(int, put(flash, 0, bytes, 2), TOCK_INVAL));
    cr_expect(eq(int, put(flash, 8192, bytes, 4), TOCK_INVAL));
    cr_expect(eq(int, put(flash, 0xfffffffc, bytes, 8), TOCK_INVAL));
    cr_expect(eq(int, put(flash, 4092, bytes, 8), TOCK_INVAL));
    cr_expect(eq(int, flash->ops->read(flash, 8189, (struct span){bytes, 4}),
                 TOCK_INVAL));
    cr_expect(eq(int, flash->ops->read(flash, 8188, (struct span){bytes, 4}),
                 TOCK_OK));
    settle();
    cr_expect(eq(u32, users[0].dones, 0));
}

Test(flash, memory_does_one_thing_at_a_time)
{
    struct hil_flash *flash = boot_memory();

    cr_assert(eq(int, put(flash, 0, word, 4), TOCK_OK));
    cr_expect(eq(int, put(flash, 4, word, 4), TOCK_BUSY));
    cr_expect(eq(int, flash->ops->erase(flash, 0), TOCK_BUSY));
    settle();
    cr_expect(eq(u32, users[0].dones, 1));
    cr_expect(eq(u8, *host_memory(HOST_FLASH_START + 4), 0xff));
}

Test(flash, memory_is_opened_to_the_kernel_for_each_operation)
{
    struct hil_flash *flash = boot_memory();

    (void)put(flash, 0, word, 4);
    settle();
    (void)flash->ops->erase(flash, 0);
    settle();
    cr_expect(eq(u32, host_cpu.flash_opens, 2));
    cr_expect(not(host_cpu.flash_is_open));
}

static void reprogram(struct hil_flash_client *client, enum tock_error status)
{
    struct user *self = (struct user *)client;

    cr_expect(eq(int, status, TOCK_OK));
    if (self->dones++ == 0)
        cr_expect(eq(int, put(self->flash, 0, word, 4), TOCK_OK));
}

static void watch(struct deferred *self)
{
    cr_expect(ne(u8, *host_memory(HOST_FLASH_START), 0xff));
    if (users[0].dones < 2)
        deferred_set(self);
}

Test(flash, nobody_sees_a_page_between_erasing_and_programming)
{
    static const struct hil_flash_client_ops ops = {reprogram};
    static struct deferred watcher = {.run = watch};
    struct hil_flash *flash = boot_memory();

    users[0].client.ops = &ops;
    *host_memory(HOST_FLASH_START) = 0x11;
    deferred_set(&watcher);
    (void)flash->ops->erase(flash, 0);
    settle();
    cr_expect(eq(u32, users[0].dones, 2));
    cr_expect(eq(u8, *host_memory(HOST_FLASH_START), 1));
}

/* --- one flash for several users ------------------------------------------ */

Test(flash, an_area_begins_at_0_and_ends_at_its_end)
{
    struct hil_flash *flash;
    uint8_t bytes[8] = {0};

    boot_mux();
    flash = users[1].flash;
    cr_assert(eq(int, put(flash, 508, word, 4), TOCK_OK));
    settle();
    cr_expect(eq(int, memcmp(nor.contents + 1020, word, 4), 0));
    cr_expect(eq(int, flash->ops->read(flash, 508, (struct span){bytes, 4}),
                 TOCK_OK));
    cr_expect(eq(int, memcmp(bytes, word, 4), 0));
    cr_expect(eq(int, put(flash, 512, word, 4), TOCK_INVAL));
    cr_expect(eq(int, put(flash, 252, bytes, 8), TOCK_INVAL));
    cr_expect(eq(int, put(flash, 2, word, 4), TOCK_INVAL));
    cr_expect(eq(int, put(flash, 0xfffffffc, word, 4), TOCK_INVAL));
    cr_expect(eq(int, flash->ops->erase(flash, 512), TOCK_INVAL));
    cr_expect(eq(int, flash->ops->erase(flash, 128), TOCK_INVAL));
    cr_expect(eq(int, flash->ops->read(flash, 510, (struct span){bytes, 4}),
                 TOCK_INVAL));
}

Test(flash, users_take_turns_whatever_one_of_them_asks_for)
{
    boot_mux();
    users[0].repeats = 10;
    (void)users[0].flash->ops->erase(users[0].flash, 0);
    (void)put(users[1].flash, 0, word, 4);
    (void)put(users[2].flash, 0, word, 4);
    cr_expect(eq(int, put(users[2].flash, 4, word, 4), TOCK_BUSY));
    settle();
    cr_expect(eq(u32, users[0].dones, 11));
    cr_expect(eq(u32, users[1].dones, 1));
    cr_expect(eq(u32, users[2].dones, 1));
    cr_expect(le(u32, users[1].order, 3));
    cr_expect(le(u32, users[2].order, 3));
}

Test(flash, what_the_flash_says_goes_to_the_one_who_asked)
{
    boot_mux();
    nor.fail_at = 1;
    (void)put(users[0].flash, 0, word, 4);
    (void)put(users[1].flash, 0, word, 4);
    settle();
    cr_expect(eq(int, users[0].status, TOCK_OK));
    cr_expect(eq(int, users[1].status, TOCK_FAIL));
    cr_expect(eq(u32, users[2].dones, 0));
}

Test(flash, an_operation_that_the_flash_refuses_ends_with_a_callback)
{
    boot_mux();
    cr_assert(eq(int, put(users[0].flash, 0, word, 0), TOCK_OK));
    cr_expect(eq(u32, users[0].dones, 0));
    (void)put(users[1].flash, 0, word, 4);
    settle();
    cr_expect(eq(u32, users[0].dones, 1));
    cr_expect(eq(int, users[0].status, TOCK_INVAL));
    cr_expect(eq(int, users[1].status, TOCK_OK));
}

/* --- the flash of the tests ----------------------------------------------- */

Test(flash, a_cut_leaves_the_beginning_of_one_operation_done)
{
    struct hil_flash *flash;

    board_power_on();
    board_boot();
    flash = use(&users[0], nor_init(&nor, 512, 256, 4));
    nor_cut_at(&nor, 1, 2);
    (void)put(flash, 0, word, 4);
    settle();
    (void)put(flash, 4, word, 4);
    settle();
    cr_expect(nor.is_dark);
    cr_expect(eq(u32, users[0].dones, 1));
    cr_expect(eq(int, memcmp(nor.contents, word, 4), 0));
    cr_expect(eq(int, memcmp(nor.contents + 4, "\1\2\xff\xff", 4), 0));
}
