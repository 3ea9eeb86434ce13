# Compilers and flags. A folder's own flags are FLAGS_<first path element>.

HOST_CC  ?= gcc
CLANG    ?= clang-14
ARM      ?= arm-none-eabi-
RISCV    ?= riscv64-unknown-elf-
PYTHON   := /usr/bin/python3

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wundef -Wvla -Wpointer-arith -Wcast-align \
	-Wwrite-strings -Wconversion
ifdef CI
WARN += -Werror
endif

# Public headers: lib/<name>/include/<name>/x.h is included as "<name>/x.h".
INC := $(patsubst %,-I%,$(wildcard lib/*/include)) -Ikernel/include

COMMON := -std=c11 $(WARN) -g -MMD -MP -ffile-prefix-map=$(CURDIR)=.

HOST_FLAGS := $(COMMON) $(INC) -O2 -D_GNU_SOURCE -U_FORTIFY_SOURCE \
	-D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE \
	-DPROJECT_VERSION='"$(VERSION)"'
HOST_LDFLAGS := -pie -Wl,-z,relro,-z,now

TEST_FLAGS := $(COMMON) $(INC) -O1 -D_GNU_SOURCE -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-DPROJECT_VERSION='"$(VERSION)"'
TEST_LDFLAGS := -fsanitize=address,undefined

FUZZ_FLAGS := $(COMMON) $(INC) -O1 -D_GNU_SOURCE \
	-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	-DPROJECT_VERSION='"$(VERSION)"'

# Kernels and apps: freestanding, each function in its own section.
TARGET_FLAGS := $(COMMON) -Os -ffreestanding -fno-common \
	-ffunction-sections -fdata-sections -fno-tree-loop-distribute-patterns
TARGET_LDFLAGS := -nostdlib -Wl,--gc-sections -Wl,--fatal-warnings \
	-Wl,--orphan-handling=error -Wl,--build-id=none \
	-Wl,--no-warn-rwx-segments
