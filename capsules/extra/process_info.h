/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Processes told of and controlled by apps. Driver number 0x10002
 * (TOCK_DRIVER_PROCESS_INFO).
 *
 *   command 0                is it there               Success
 *   command 1                how many processes        Success u32
 *   command 2                their identifiers         Success u32: how many
 *   command 3                their short ids           Success u32: how many
 *   command 4 (pid)          name of one               Success u32: its length;
 *                                                      INVAL
 *   command 5 (pid)          numbers of one            Success
 *   command 6 (pid, action)  control one               Success, INVAL
 *   read-write 0             where results go, as much as fits; the answers
 *                            tell the full number or length, whatever the
 *                            buffer
 *
 * Answers:
 *   INVAL       no process has this identifier
 *
 * - Results are words of 32 bits, low byte first, and only whole ones; a name
 *   is bytes, with nothing behind the last.
 * - Processes are told in slot order, those that have ended too. An identifier
 *   names one life of a process: a restart gives it a new one.
 * - A short id of 0 stands for none.
 * - The numbers of command 5: time slices used up, system calls, restarts,
 *   state (0 running, 1 waiting, 2 waiting for one event, 3 stopped,
 *   4 faulted, 5 ended). For an unknown identifier nothing is written.
 * - Actions: 1 resume, 2 stop, 3 fault, 4 terminate, 5 boot. Others, and those
 *   that its state does not allow, do nothing. They are done right after the
 *   call, before any process runs on; so an app may act on itself.
 *
 * Access: an app that reaches this driver can end every other one: boards that
 * do not trust all of theirs give it to some by their headers' lists
 * (kernel/kernel.h, uses_permissions), or to none.
 *
 * Requests: done when the command answers; no upcalls.
 *
 * Buffers: looked up by each command.
 * Process ends: nothing of it is left here.
 * At start: there is nothing to set up.
 *
 * Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "capsule/manage.h"

struct process_info_driver {
    struct driver driver;
    const struct capability_manage *capability;
};

void process_info_init(struct process_info_driver *self,
                       const struct capability_manage *capability);
