/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A plan in the making: adding operations. Only for the plan's own files.
 */

#include "plan.h"

#include <string.h>

enum { PLAN_ERASED = 0xff };

uint8_t *plan_want(const struct plan *plan, uint32_t addr);
const uint8_t *plan_have(const struct plan *plan, uint32_t addr);

bool plan_is_blank(const uint8_t *bytes, size_t len);

/* Erases the page, once: a second call for the same page adds nothing. */
void plan_erase(struct plan *plan, uint32_t page);

/* Programs [addr, addr + len) of want, page by page, pieces of erased bytes
 * left out. */
void plan_program(struct plan *plan, enum plan_step step, uint32_t addr,
                  uint32_t len);
void plan_clear(struct plan *plan, enum plan_step step, uint32_t addr,
                uint32_t len, uint8_t mask);
void plan_verify(struct plan *plan, uint32_t addr, uint32_t len);

/* Last: verifies every page that was touched, and sums up. */
void plan_end(struct plan *plan);

/* The items of a layout as bytes. */
void plan_write_items(struct plan *plan, const struct layout *layout);

/* plan_region for PLAN_APPEND. */
void plan_append(struct plan *plan, const struct layout *layout);
