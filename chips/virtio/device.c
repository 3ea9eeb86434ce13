/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "virtio/device.h"

#include "regs.h"

/* A device that takes longer to reset is none. */
enum { RESET_TRIES = 100000 };

/* What was written to memory before is there for the device, or the other way
 * round, before anything that follows; registers too. */
static void fence(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* --- the device ----------------------------------------------------------- */

static bool reset(volatile struct virtio_regs *regs)
{
    regs->status = 0;
    for (uint32_t i = 0; i < RESET_TRIES; i++) {
        if (regs->status == 0)
            return true;
    }
    return false;
}

static bool agree_on_features(volatile struct virtio_regs *regs)
{
    regs->device_features_sel = VIRTIO_FEATURES_HIGH;
    if ((regs->device_features & VIRTIO_FEATURE_VERSION_1) == 0)
        return false;
    regs->driver_features_sel = 0;
    regs->driver_features = 0;
    regs->driver_features_sel = VIRTIO_FEATURES_HIGH;
    regs->driver_features = VIRTIO_FEATURE_VERSION_1;
    regs->status |= VIRTIO_STATUS_FEATURES_OK;
    return (regs->status & VIRTIO_STATUS_FEATURES_OK) != 0;
}

bool virtio_begin(struct virtio_device *self, volatile struct virtio_regs *regs,
                  enum virtio_kind kind)
{
    self->regs = regs;
    if (regs->magic != VIRTIO_MAGIC || regs->version != VIRTIO_VERSION ||
        regs->device_id != (uint32_t)kind || !reset(regs))
        return false;
    regs->status |= VIRTIO_STATUS_ACKNOWLEDGE;
    regs->status |= VIRTIO_STATUS_DRIVER;
    if (agree_on_features(regs))
        return true;
    regs->status |= VIRTIO_STATUS_FAILED;
    return false;
}

static void set_address(volatile uint32_t words[2], const volatile void *ptr)
{
    uint64_t addr = (uintptr_t)ptr;

    words[0] = (uint32_t)addr;
    words[1] = (uint32_t)(addr >> 32);
}

bool virtio_add_queue(struct virtio_device *self, uint32_t number,
                      struct virtio_queue *queue)
{
    volatile struct virtio_regs *regs = self->regs;

    *queue = (struct virtio_queue){.device = self, .number = number};
    regs->queue_sel = number;
    if (regs->queue_num_max < VIRTIO_QUEUE_LEN) {
        regs->status |= VIRTIO_STATUS_FAILED;
        return false;
    }
    regs->queue_num = VIRTIO_QUEUE_LEN;
    set_address(regs->queue_desc, queue->descriptors);
    set_address(regs->queue_driver, &queue->available);
    set_address(regs->queue_device, &queue->used);
    fence();
    regs->queue_ready = 1;
    return true;
}

void virtio_start(struct virtio_device *self)
{
    self->regs->status |= VIRTIO_STATUS_DRIVER_OK;
}

void virtio_stop(struct virtio_device *self)
{
    (void)reset(self->regs);
}

void virtio_serve(struct virtio_device *self)
{
    self->regs->interrupt_ack = self->regs->interrupt_status;
    self->serve(self);
}

/* --- queues --------------------------------------------------------------- */

static void give(struct virtio_queue *self, uint32_t slot, struct span bytes,
                 uint16_t flags)
{
    volatile struct virtio_descriptor *descriptor = &self->descriptors[slot];
    uint16_t index = self->available.index;

    descriptor->addr = (uintptr_t)bytes.ptr;
    descriptor->len = bytes.len;
    descriptor->flags = flags;
    self->is_given |= 1u << slot;
    self->available.slots[index % VIRTIO_QUEUE_LEN] = (uint16_t)slot;
    fence();
    self->available.index = (uint16_t)(index + 1);
    fence();
    self->device->regs->queue_notify = self->number;
}

void virtio_queue_send(struct virtio_queue *self, uint32_t slot,
                       struct span bytes)
{
    self->writable[slot] = 0;
    give(self, slot, bytes, 0);
}

void virtio_queue_offer(struct virtio_queue *self, uint32_t slot,
                        struct span buffer)
{
    self->writable[slot] = buffer.len;
    give(self, slot, buffer, VIRTIO_DESCRIPTOR_WRITE);
}

/* Every field is read once: the device may change it at any time. An index
 * that ran ahead shows by the slots, which are not given twice. */
enum virtio_take virtio_queue_take(struct virtio_queue *self,
                                   struct virtio_done *out)
{
    volatile struct virtio_used_entry *entry =
        &self->used.entries[self->taken % VIRTIO_QUEUE_LEN];

    if (self->used.index == self->taken)
        return VIRTIO_NOTHING;
    fence();
    out->slot = entry->slot;
    out->len = entry->len;
    if (out->slot >= VIRTIO_QUEUE_LEN ||
        (self->is_given & 1u << out->slot) == 0)
        return VIRTIO_BROKEN;
    /* Devices are known to write lengths of what they only read. */
    if (self->writable[out->slot] == 0)
        out->len = 0;
    if (out->len > self->writable[out->slot])
        return VIRTIO_BROKEN;
    self->taken++;
    self->is_given &= ~(1u << out->slot);
    return VIRTIO_TAKEN;
}
