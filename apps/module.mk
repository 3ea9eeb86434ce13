# SPDX-License-Identifier: MIT OR Apache-2.0
# The sample apps; mk/apps.mk makes <app>.tab of each.
#
#   APP_FOLDER_<app>   folder of its sources, if not apps/<app>
#   APP_NAME_<app>     package name, if not <app>
#   APP_VERSION_<app>  its version, if not 1; APP_VERSION in the source
#   APP_OPTIONS_<app>  more options for elf2tbf

APPS_SAMPLE := hello hello-v2 ticker sbrk spin crash crash-stack peek prober abi blink \
	rng drivers ps crypto echo-service echo-client ipc-bully ipc-snoop ipc-lender \
	state counter keeper kv kv-other button gpio sensors

# The update of hello: the same source, told that it is version 2.
APP_FOLDER_hello-v2  := apps/hello
APP_NAME_hello-v2    := hello
APP_VERSION_hello-v2 := 2

# Services are found by their package names.
APP_NAME_echo-service := org.example.echo
APP_NAME_ipc-snoop    := org.example.snoop

# What an app stores for itself is found by its short id.
APP_OPTIONS_keeper := --short-id 0x6b656570
APP_OPTIONS_kv       := --short-id 0x6b760001
APP_OPTIONS_kv-other := --short-id 0x6b760002

# The same source with keys of its own.
APP_FOLDER_kv-other  := apps/kv
APP_VERSION_kv-other := 2

# Bytes of RAM for stack, app heap and kernel heap (grants).
APP_STACK       := 2048
APP_HEAP        := 1024
APP_KERNEL_HEAP := 1024

# Position independent builds, one link each.
APP_CORTEX := cortex-m0 cortex-m4

# Fixed-address builds: one link per pair FLASH.RAM, all in one TAB. These are
# the slots of qemu_rv32_virt, the same that app binaries made elsewhere use;
# the flash address is that of the app's code, 0x80 behind its TBF header.
APP_RISCV := rv32imac
APP_SLOTS := 0x80100080.0x80300000 0x80110080.0x80310000 \
	0x80130080.0x80330000 0x80180080.0x80380000

APP_LIB := $(addprefix apps/lib/,start.c console.c alarm.c printf.c storage.c kv.c) \
	lib/base/mem.c

# Unit tests of the library see a console of their own.
UNIT_FLAGS_apps := -Itests/unit/apps/fake -Iapps/lib/include
