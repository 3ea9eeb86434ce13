/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "attack.h"

/*
 * What the tests write into the installed app. In a file of its own, so that
 * the compiler does not take these values for the last ones. The last of the
 * app's sources: behind the instructions the flash has little more.
 */
const struct attack_table attack_table = {.mark = "attacks:"};

const uint32_t attack_blob[ATTACK_BLOB / 4] __attribute__((aligned(32))) = {
    0x626f6c62u, 0x62626262u, 0x6f6f6f6fu, 0x21212121u};
