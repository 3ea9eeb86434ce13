/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Process console: a shell of the kernel's on the serial port, to look at
 * processes and control them. docs/process-console.md is for its users.
 *
 * It shares the port: the console driver's apps read every byte too, and write
 * while somebody types. Its line, from the prompt on, and their text are kept
 * apart by the multiplexer (uart_mux.h); a line that was pushed away by others
 * is shown again after PROCESS_CONSOLE_QUIET_MS, or with the next key. The
 * prompt alone comes back with the next key.
 *
 * Whatever a command prints is made line by line while the port takes it:
 * nothing is lost and nobody waits. What is typed meanwhile is kept, up to
 * PROCESS_CONSOLE_TYPED bytes, and the end of a line in any case.
 *
 * Trust: every byte typed is hostile, and so are the names of processes.
 * Context: kernel thread only.
 */

#include "capsule/manage.h"
#include "extra/line_editor.h"
#include "extra/process_commands.h"
#include "hil/alarm.h"
#include "hil/deferred.h"
#include "hil/reset.h"
#include "virtual/uart_mux.h"

#define PROCESS_CONSOLE_QUIET_MS 100u /* also from boot to the prompt */
#define PROCESS_CONSOLE_TYPED    128u
#define PROCESS_CONSOLE_OUT      320u /* bytes per transmission */

_Static_assert(PROCESS_CONSOLE_OUT >= LINE_EDITOR_DRAWN + 8,
               "prompt, line and line end go out together");

struct process_console {
    struct hil_uart_client client;
    struct hil_alarm_client alarm_client;
    struct deferred pushed;  /* others took the line away             */
    struct deferred settled; /* what a command asked for may be done  */
    struct uart_mux_device *device;
    struct hil_alarm *alarm;
    struct process_commands commands;

    struct line_editor editor;
    struct line entered;                  /* if has_entered */
    uint8_t typed[PROCESS_CONSOLE_TYPED]; /* a ring         */
    uint32_t typed_first;
    uint32_t typed_count;

    uint32_t line; /* of the command's output, the next one  */
    uint32_t skip; /* bytes of it that went out already      */

    bool has_begun;    /* the time after boot is over                   */
    bool has_entered;  /* a line waits to be carried out                */
    bool is_printing;  /* a command's output                            */
    bool is_sending;   /* the port has bytes of out                     */
    bool is_deaf;      /* the port failed; tried again later            */
    bool has_prompt;   /* it stands in front of the line                */
    bool wants_prompt; /* though nothing is typed                       */
    bool may_draw;     /* also below the unfinished line of another     */
    uint8_t settling;  /* deferred calls until processes were acted on  */

    uint8_t in[1];
    uint8_t out[PROCESS_CONSOLE_OUT];
};

/*
 * Takes a device of the mux and an alarm; reset may be null. build names the
 * kernel's build, for people.
 */
void process_console_init(struct process_console *self,
                          struct uart_mux_device *device,
                          struct hil_alarm *alarm,
                          const struct capability_manage *capability,
                          const struct hil_reset *reset, const char *build);
