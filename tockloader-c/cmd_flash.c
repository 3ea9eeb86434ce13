/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "command.h"

#include "base/bits.h"
#include "confirm.h"
#include "host/file.h"
#include "report.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

struct flash_options {
    struct cli_u32 address;
};

static const struct cli_option options[] = {
    {"address", 'a', CLI_NUMBER, offsetof(struct flash_options, address),
     "ADDRESS", "where to, instead of the kernel's address", 0},
};

/* A record: a colon, then at least count, address, type and sum in hex. */
static bool is_intel_hex(const struct file_bytes *file)
{
    const size_t digits = 10;

    if (file->len < 1 + digits || file->bytes[0] != ':')
        return false;
    for (size_t i = 1; i <= digits; i++) {
        if (!isxdigit(file->bytes[i]))
            return false;
    }
    return true;
}

/* Only raw bytes can be written as they are. */
static int check_kind(const char *path, const struct file_bytes *file,
                      struct err *e)
{
    if (file->len == 0)
        return err_set(e, ERR_INPUT, "'%s' is empty", path);
    if (file->len >= 4 && memcmp(file->bytes, "\177ELF", 4) == 0) {
        err_set(e, ERR_INPUT, "'%s' is an ELF file, not a raw binary", path);
        return err_hint(e, "flash the .bin beside it, or make one: objcopy -O "
                           "binary FILE.elf FILE.bin");
    }
    if (is_intel_hex(file)) {
        err_set(e, ERR_INPUT, "'%s' is an Intel hex file, not a raw binary",
                path);
        return err_hint(e, "make a binary: objcopy -I ihex -O binary FILE.hex "
                           "FILE.bin");
    }
    return 0;
}

static int check_room(const struct board *board, const char *path,
                      uint32_t address, size_t len, struct err *e)
{
    const struct board_area *kernel = &board->kernel;
    uint32_t end = kernel->start + kernel->size;

    if (address < kernel->start || address >= end) {
        err_set(e, ERR_USAGE,
                "0x%08x is outside the kernel's flash, 0x%08x to 0x%08x",
                address, kernel->start, end - 1);
        return err_hint(e, "leave --address away to flash a kernel; apps are "
                           "written with `tockloader-c install`");
    }
    if (len <= end - address)
        return 0;
    err_set(e, ERR_STATE,
            "'%s' has %zu bytes, the kernel's flash on %s has room for %u at "
            "0x%08x",
            path, len, board->name, end - address, address);
    return err_hint(e, "build the kernel smaller, or for this board");
}

static bool is_blank(const uint8_t *bytes, uint32_t len)
{
    return bytes[0] == 0xff && memcmp(bytes, bytes + 1, len - 1) == 0;
}

/* Only another kernel is something that could be lost. */
static int ask(const struct session *session, const struct plan *plan,
               struct err *e)
{
    if (plan->count == 0 || is_blank(plan->have, plan->size))
        return 0;
    return confirm(session, CONFIRM_GO_ON, e, "Replace the kernel at 0x%08x",
                   plan->start);
}

static int write_kernel(struct session *session, const char *path,
                        const struct file_bytes *file, uint32_t address,
                        struct err *e)
{
    const struct board *board = session->board;
    struct plan plan;
    int result = -1;

    if (session_read(session, &board->kernel, e) != 0)
        return -1;
    plan_begin(&plan, &board->kernel, board->page_size,
               session->link->info.write_unit, session->bytes);
    memcpy(plan.want + (address - board->kernel.start), file->bytes, file->len);
    plan_close(&plan);
    if (ask(session, &plan, e) == 0 && session_apply(session, &plan, e) == 0) {
        report_bytes(session, &plan, path, address, (uint32_t)file->len);
        report_plan(session, &plan);
        result = 0;
    }
    plan_free(&plan);
    return result;
}

static int run(struct session *session, struct err *e)
{
    const struct flash_options *own = session->own;
    struct file_bytes file;
    const char *path;
    int result = -1;

    if (session->operands.count != 1)
        return err_set(e, ERR_USAGE,
                       "flash takes one file, the kernel's binary; found %zu",
                       session->operands.count);
    path = session->operands.words[0];
    if (session_open(session, SESSION_CHANGE, e) != 0 ||
        file_read(path, session->board->flash.size, &file, e) != 0)
        return -1;
    uint32_t address =
        own->address.given ? own->address.value : session->board->kernel.start;

    if (check_kind(path, &file, e) == 0 &&
        check_room(session->board, path, address, file.len, e) == 0)
        result = write_kernel(session, path, &file, address, e);
    file_free(&file);
    return result;
}

const struct command cmd_flash = {
    .name = "flash",
    .group = COMMAND_BOARD,
    .changes_board = true,
    .summary = "write a kernel",
    .operands = "FILE",
    .details = "Writes the raw binary FILE to the kernel's flash; apps and "
               "storage stay.\n",
    .examples = "tockloader-c flash --board qemu_rv32_virt --flash-file b.img "
                "kernel.bin\n",
    .statuses = "3 4 5 6 7 130",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .own_size = sizeof(struct flash_options),
    .run = run,
};
