/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The numbers of the Tock 2.x system call ABI.
 *
 * Used by kernel, capsules, userland and tests; they stand nowhere else.
 * docs/abi.md says what each call does.
 */

/* The kernel version that the Kernel Version header entry is checked against:
 * same major, minor not above ours. */
#define TOCK_KERNEL_MAJOR 2u
#define TOCK_KERNEL_MINOR 3u

/* On Cortex-M the SVC immediate, on RISC-V the low byte of a4. */
enum tock_class {
    TOCK_CLASS_YIELD = 0,
    TOCK_CLASS_SUBSCRIBE = 1,
    TOCK_CLASS_COMMAND = 2,
    TOCK_CLASS_ALLOW_RW = 3,
    TOCK_CLASS_ALLOW_RO = 4,
    TOCK_CLASS_MEMOP = 5,
    TOCK_CLASS_EXIT = 6,
    TOCK_CLASS_ALLOW_UR = 7, /* userspace-readable */
};

enum tock_yield {
    TOCK_YIELD_NO_WAIT = 0,
    TOCK_YIELD_WAIT = 1,
    TOCK_YIELD_WAIT_FOR = 2,
};

enum tock_exit {
    TOCK_EXIT_TERMINATE = 0,
    TOCK_EXIT_RESTART = 1,
};

/* First return register; the comment lists what the others carry. */
enum tock_variant {
    TOCK_FAILURE = 0,               /* error                  */
    TOCK_FAILURE_U32 = 1,           /* error, value           */
    TOCK_FAILURE_U32_U32 = 2,       /* error, value, value    */
    TOCK_FAILURE_U64 = 3,           /* error, low, high       */
    TOCK_SUCCESS = 128,             /* nothing                */
    TOCK_SUCCESS_U32 = 129,         /* value                  */
    TOCK_SUCCESS_U32_U32 = 130,     /* value, value           */
    TOCK_SUCCESS_U64 = 131,         /* low, high              */
    TOCK_SUCCESS_U32_U32_U32 = 132, /* value, value, value    */
    TOCK_SUCCESS_U32_U64 = 133,     /* value, low, high       */
};

/* 0 means success where a status is asked for. */
enum tock_error {
    TOCK_OK = 0,
    TOCK_FAIL = 1,         /* no better word                        */
    TOCK_BUSY = 2,         /* try later                             */
    TOCK_ALREADY = 3,      /* already so, or already under way      */
    TOCK_OFF = 4,          /* powered off or not started            */
    TOCK_RESERVE = 5,      /* a reservation or buffer is missing    */
    TOCK_INVAL = 6,        /* bad parameter                         */
    TOCK_SIZE = 7,         /* too large or too small                */
    TOCK_CANCEL = 8,       /* cancelled                             */
    TOCK_NOMEM = 9,        /* grant memory or a queue is full       */
    TOCK_NOSUPPORT = 10,   /* no such call or number                */
    TOCK_NODEVICE = 11,    /* no such driver for this process       */
    TOCK_UNINSTALLED = 12, /* medium removed                        */
    TOCK_NOACK = 13,       /* sent, not acknowledged                */
};

enum tock_memop {
    TOCK_MEMOP_BRK = 0,
    TOCK_MEMOP_SBRK = 1,
    TOCK_MEMOP_RAM_START = 2,
    TOCK_MEMOP_RAM_END = 3,
    TOCK_MEMOP_FLASH_START = 4,
    TOCK_MEMOP_FLASH_END = 5,
    TOCK_MEMOP_GRANT_START = 6,
    TOCK_MEMOP_REGION_COUNT = 7,
    TOCK_MEMOP_REGION_START = 8,
    TOCK_MEMOP_REGION_END = 9,
    TOCK_MEMOP_STACK_TOP = 10,
    TOCK_MEMOP_HEAP_START = 11,
};

#define TOCK_DRIVER_ALARM           0x0u
#define TOCK_DRIVER_CONSOLE         0x1u
#define TOCK_DRIVER_LED             0x2u
#define TOCK_DRIVER_BUTTON          0x3u
#define TOCK_DRIVER_GPIO            0x4u
#define TOCK_DRIVER_LOW_LEVEL_DEBUG 0x8u
#define TOCK_DRIVER_READ_ONLY_STATE 0x9u
#define TOCK_DRIVER_IPC             0x10000u
#define TOCK_DRIVER_PROCESS_INFO    0x10002u
#define TOCK_DRIVER_RNG             0x40001u
#define TOCK_DRIVER_CRC             0x40002u
#define TOCK_DRIVER_HMAC            0x40003u
#define TOCK_DRIVER_SHA             0x40005u
#define TOCK_DRIVER_AES             0x40006u
#define TOCK_DRIVER_APP_FLASH       0x50000u
#define TOCK_DRIVER_NVS             0x50001u
#define TOCK_DRIVER_KV              0x50003u
#define TOCK_DRIVER_ISOLATED_NVS    0x50004u
#define TOCK_DRIVER_TEMPERATURE     0x60000u
#define TOCK_DRIVER_HUMIDITY        0x60001u
#define TOCK_DRIVER_LIGHT           0x60002u
#define TOCK_DRIVER_NINE_AXES       0x60004u
#define TOCK_DRIVER_PROXIMITY       0x60005u
#define TOCK_DRIVER_SOUND_PRESSURE  0x60006u
#define TOCK_DRIVER_AIR_QUALITY     0x60007u
#define TOCK_DRIVER_PRESSURE        0x60008u
#define TOCK_DRIVER_DISTANCE        0x60009u
#define TOCK_DRIVER_MOISTURE        0x6000au
#define TOCK_DRIVER_RAINFALL        0x6000bu
