/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>
#define uint8_t uint32_t /* BAD directive */

#include "capsule/self.h"
