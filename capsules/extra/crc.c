/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "crc.h"

#include "capsule/buffer.h"
#include "capsule/element.h"
#include "capsule/grant.h"
#include "capsule/self.h"
#include "capsule/upcall.h"

enum { CMD_EXISTS = 0, CMD_COMPUTE = 1 };
enum { UPCALL_COMPUTED = 0 };
enum { BUFFER = 0 };

/*
 * All three take the bits of a byte from the lowest on. The tables have what
 * four bits at the low end of the register do to the rest of it.
 */
struct algorithm {
    uint32_t table[16];
    uint32_t start;
};

enum { CRC_32, CRC_32C, CRC_16CCITT, ALGORITHMS };

static const struct algorithm algorithms[ALGORITHMS] = {
    [CRC_32] = {{0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190,
                 0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344,
                 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278,
                 0xbdbdf21c},
                0xffffffff},
    [CRC_32C] = {{0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc,
                  0x5125dad3, 0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17,
                  0xa24bb5a6, 0xb21572c9, 0xc38d26c4, 0xd3d3e1ab, 0xe330a81a,
                  0xf36e6f75},
                 0xffffffff},
    [CRC_16CCITT] = {{0x00000000, 0x00001081, 0x00002102, 0x00003183,
                      0x00004204, 0x00005285, 0x00006306, 0x00007387,
                      0x00008408, 0x00009489, 0x0000a50a, 0x0000b58b,
                      0x0000c60c, 0x0000d68d, 0x0000e70e, 0x0000f78f},
                     0xffff},
};

/* The request of one process. */
struct crc_grant {
    uint32_t algorithm;
    uint32_t len;   /* bytes asked for   */
    uint32_t done;  /* bytes looked at   */
    uint32_t value; /* the register then */
    bool is_pending;
};

/* --- the computation ------------------------------------------------------ */

static uint32_t add_bytes(const struct algorithm *algorithm, uint32_t value,
                          struct span bytes)
{
    for (uint32_t at = 0; at < bytes.len; at++) {
        value ^= span_get(bytes, at);
        value = value >> 4 ^ algorithm->table[value & 15];
        value = value >> 4 ^ algorithm->table[value & 15];
    }
    return value;
}

static uint32_t reverse_16(uint32_t value)
{
    uint32_t reversed = 0;

    for (uint32_t bit = 0; bit < 16; bit++)
        reversed |= (value >> bit & 1) << (15 - bit);
    return reversed;
}

static uint32_t result(const struct crc_grant *request)
{
    return request->algorithm == CRC_16CCITT ? reverse_16(request->value)
                                             : ~request->value;
}

/* --- requests ------------------------------------------------------------- */

static void finish(const struct crc *self, struct process *process,
                   struct crc_grant *request, enum tock_error status)
{
    bool is_good = status == TOCK_OK;

    request->is_pending = false;
    upcall_schedule(&self->driver, process, UPCALL_COMPUTED, status,
                    is_good ? result(request) : 0,
                    is_good ? request->algorithm : 0);
}

static void add_piece(struct crc *self, struct process *process,
                      struct crc_grant *request)
{
    struct span piece =
        span_part((struct span){self->piece, sizeof(self->piece)}, 0,
                  request->len - request->done);
    uint32_t count = buffer_readonly_get(&self->driver, process, BUFFER,
                                         request->done, piece);

    request->value = add_bytes(ELEMENT(algorithms, request->algorithm),
                               request->value, span_part(piece, 0, count));
    request->done += count;
    if (count < piece.len)
        finish(self, process, request, TOCK_SIZE);
    else if (request->done == request->len)
        finish(self, process, request, TOCK_OK);
}

static bool step(struct work *work, struct process *process)
{
    struct crc *self = CAPSULE_SELF(struct crc, work, work);
    struct grant grant;
    bool is_pending;

    if (grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
        return false;

    struct crc_grant *request = GRANT_DATA(&grant, struct crc_grant);

    is_pending = request->is_pending;
    if (is_pending)
        add_piece(self, process, request);
    grant_leave(&grant);
    return is_pending;
}

static enum tock_error begin(struct crc *self, struct process *caller,
                             struct crc_grant *request, uint32_t algorithm,
                             uint32_t len)
{
    if (algorithm >= ALGORITHMS)
        return TOCK_INVAL;
    if (request->is_pending)
        return TOCK_BUSY;
    if (len == 0 || len > buffer_readonly_len(&self->driver, caller, BUFFER))
        return TOCK_SIZE;
    *request = (struct crc_grant){
        .algorithm = algorithm,
        .len = len,
        .value = algorithms[algorithm].start,
        .is_pending = true,
    };
    work_begin(&self->work);
    return TOCK_OK;
}

static enum tock_error compute(struct crc *self, struct process *caller,
                               uint32_t algorithm, uint32_t len)
{
    struct grant grant;
    enum tock_error error = grant_enter(&self->driver, caller, &grant);

    if (error != TOCK_OK)
        return error;
    error = begin(self, caller, GRANT_DATA(&grant, struct crc_grant), algorithm,
                  len);
    grant_leave(&grant);
    return error;
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    struct crc *self = CAPSULE_SELF(struct crc, driver, driver);

    switch (number) {
    case CMD_EXISTS:
        return command_success();
    case CMD_COMPUTE:
        return command_status(compute(self, caller, arg0, arg1));
    default:
        return command_failure(TOCK_NOSUPPORT);
    }
}

void crc_init(struct crc *self)
{
    static const struct driver_ops ops = {.command = command};
    static const struct grant_layout layout = {
        .upcalls = 1,
        .readonly = 1,
        .size = sizeof(struct crc_grant),
    };

    *self = (struct crc){
        .driver = {.ops = &ops, .grant = &layout},
        .work = work_make(step),
    };
}
