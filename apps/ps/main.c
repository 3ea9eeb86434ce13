/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Lists the board's processes, itself included, once.
 *
 * Expect on the console a line for each:
 *   ps: 0 ps running 0 restarts
 *   ps: 1 hello ended 0 restarts
 */
#include "tock/alarm.h"
#include "tock/printf.h"
#include "tock/syscall.h"

enum { IDS = 2, NAME = 4, NUMBERS = 5 };
enum { RESTARTS = 2, STATE = 3, NUMBERS_COUNT = 4 };

#define MAX      8u
#define DELAY_MS 200u /* for the others to do something */

static const char *const states[] = {"running", "waiting", "waiting",
                                     "stopped", "faulted", "ended"};

static struct syscall_return ask(void *to, uint32_t len, uint32_t command,
                                 uint32_t pid)
{
    struct syscall_return answer;

    (void)syscall_allow_rw(TOCK_DRIVER_PROCESS_INFO, 0, to, len);
    answer = syscall_command(TOCK_DRIVER_PROCESS_INFO, command, pid, 0);
    (void)syscall_allow_rw(TOCK_DRIVER_PROCESS_INFO, 0, NULL, 0);
    return answer;
}

static void show(uint32_t pid)
{
    static char name[32];
    static uint32_t numbers[NUMBERS_COUNT];
    uint32_t len = ask(name, sizeof(name) - 1, NAME, pid).value[0];

    name[len < sizeof(name) ? len : sizeof(name) - 1] = '\0';
    (void)ask(numbers, sizeof(numbers), NUMBERS, pid);
    printf("ps: %lu %s %s %lu restarts\n", pid, name,
           numbers[STATE] < ARRAY_COUNT(states) ? states[numbers[STATE]] : "?",
           numbers[RESTARTS]);
}

int main(void)
{
    static uint32_t pids[MAX];
    struct syscall_return answer;

    (void)alarm_delay_ms(DELAY_MS);
    answer = ask(pids, sizeof(pids), IDS, 0);
    if (syscall_error(answer) != TOCK_OK) {
        printf("ps: no driver\n");
        return TOCK_NODEVICE;
    }
    for (uint32_t i = 0; i < answer.value[0] && i < MAX; i++)
        show(pids[i]);
    printf("ps: done\n");
    return TOCK_OK;
}
