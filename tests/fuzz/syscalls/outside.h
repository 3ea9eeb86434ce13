/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* What happens without the processes: hardware, people, management. */

#include "calls.h"

static void hardware(struct input *in, uint32_t what)
{
    switch (what % 6) {
    case 0:
        host_alarm_advance(take(in, 2));
        break;
    case 1:
        host_alarm_advance(take(in, 4));
        break;
    case 2:
        port_send_out();
        break;
    case 3:
        host_uart.is_slow = take(in, 1) % 4 == 0;
        host_uart_send_out();
        break;
    case 4:
        host_chip.has_work = true;
        break;
    default:
        (void)upcall_schedule(&board.probe.driver,
                              &board.processes[take(in, 1) % HOSTILE],
                              take(in, 1) % 3, take(in, 1), 2, 3);
        break;
    }
    turns(1 + (int)(what / 6 % 4));
}

/* Flash and sensors: some operations end, well or not. */
static void slow_hardware(struct input *in, uint32_t what)
{
    struct slow_sensor *sensor = &sensors[what % SENSORS];

    switch (what % 4) {
    case 0:
        nor.is_slow = take(in, 1) % 2 == 0;
        break;
    case 1:
        flash_end(take(in, 1) != 0);
        break;
    case 2:
        sensor->is_broken = take(in, 1) % 8 == 0;
        sensor_end(sensor, what % 3 == 0 ? TOCK_FAIL : TOCK_OK, take(in, 1));
        break;
    default:
        sensor_change(sensor);
        generator_end(take(in, 1) % 8 == 0 ? TOCK_FAIL : TOCK_OK);
        break;
    }
    for (uint32_t i = take(in, 1) % 64; i > 0; i--) {
        turns(1);
        if (nor.is_slow && what % 8 != 3)
            flash_end(true);
    }
}

/* At the console, or at the panel. */
static void person(struct input *in, uint32_t what)
{
    static const char *const typed[] = {"a line that somebody types",
                                        "stop ",
                                        "start ",
                                        "fault ",
                                        "terminate ",
                                        "boot ",
                                        "process ",
                                        "list\r",
                                        "status\r",
                                        "help\r",
                                        "kernel\r",
                                        "console-stop\r",
                                        "console-start\r",
                                        "a\r",
                                        "b\r",
                                        "c\r",
                                        "\r",
                                        "\t",
                                        "\033[A",
                                        "\177",
                                        "panic\r"};
    static const char *const lines[] = {
        "button 0 down\n",   "button 0 up\n",      "button 1 down\r",
        "button 1 up\r\n",   "gpio 0 high\n",      "gpio 0 low\n",
        "gpio 1 high\n",     "gpio 2 low\n",       "gpio 2 high\n",
        "temperature -40\n", "temperature 99999\n"};
    char any[8] = {0};

    for (uint32_t i = take(in, 1) % 4; i > 0; i--) {
        uint32_t which = take(in, 1);

        if (what % 2 == 0)
            host_uart_type(typed[which % ARRAY_COUNT(typed)]);
        else
            port_type(lines[which % ARRAY_COUNT(lines)]);
        turns((int)(which / 64));
    }
    for (uint32_t i = 0; what % 8 == 7 && i < sizeof(any) - 1; i++)
        any[i] = (char)take(in, 1);
    host_uart_type(any);
    port_type(any);
    turns(1 + (int)(what / 2 % 4));
}

static void management(struct input *in, uint32_t what)
{
    struct process *p = manage_process(&can, what % HOSTILE);
    uint32_t action = take(in, 1) % 9;

    if (p == NULL)
        return;
    if (action > PROCESS_ACTION_BOOT) {
        uint32_t flash = p->flash_start;
        struct process_info info;

        manage_info(&can, p, &info);
        MUST(info.grants_used <= info.grants_total);
        manage_unload(&can, p);
        MUST(manage_load(&can, flash));
    } else {
        manage_request(&can, p, (enum process_action)action);
    }
    turns(2);
}
