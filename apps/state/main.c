/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Reads what the kernel tells without a system call, between sleeps.
 *
 * Expect on the console, with counts and times that grow:
 *   state: turn 5, 0 upcalls, tick 27312
 */
#include "tock/alarm.h"
#include "tock/printf.h"
#include "tock/syscall.h"

#define PERIOD_MS 100u

/* As the driver lays it out; it changes behind the compiler's back. */
static volatile struct {
    uint32_t turn;
    uint32_t upcalls;
    uint32_t tick_low;
    uint32_t tick_high;
} state;

static enum tock_error share_state(void)
{
    struct trap_regs t =
        trap_call(TOCK_CLASS_ALLOW_UR, TOCK_DRIVER_READ_ONLY_STATE, 0,
                  (uint32_t)&state, sizeof(state));

    return t.r[0] < TOCK_SUCCESS ? (enum tock_error)t.r[1] : TOCK_OK;
}

int main(void)
{
    if (share_state() != TOCK_OK) {
        printf("state: no driver\n");
        return TOCK_NODEVICE;
    }
    for (;;) {
        (void)alarm_delay_ms(PERIOD_MS);
        printf("state: turn %lu, %lu upcalls, tick %lu\n", state.turn,
               state.upcalls, state.tick_low);
    }
}
