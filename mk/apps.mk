# SPDX-License-Identifier: MIT OR Apache-2.0
# Sample apps: $(B)/apps/<app>/<app>.tab for each app of apps/module.mk.
#
# An ELF file is named <architecture>.elf or <architecture>.<flash>.<ram>.elf:
# elf2tbf names the objects in the TAB after it.

APP_INC := -Ilib/abi/include -Ilib/base/include -Iapps/lib -Iapps/lib/include

# All addresses of data come from a table that crt0 fills; r9 points to it.
APP_PIC := -mthumb -mfloat-abi=soft -fPIC -msingle-pic-base \
	-mpic-register=r9 -mno-pic-data-is-text-relative

define app_cortex
APP_CROSS_$(1) := $(ARM)
APP_CPU_$(1)   := -mcpu=$(1) $(APP_PIC)
APP_LD_$(1)    := -Wl,--emit-relocs
APP_PORT_$(1)  := apps/lib/cortex-m
endef
define app_riscv
APP_CROSS_$(1) := $(RISCV)
APP_CPU_$(1)   := -march=$(1) -mabi=ilp32 -mcmodel=medlow
APP_PORT_$(1)  := apps/lib/rv32
endef
$(foreach a,$(APP_CORTEX),$(eval $(call app_cortex,$(a))))
$(foreach a,$(APP_RISCV),$(eval $(call app_riscv,$(a))))

app_cc = $(APP_CROSS_$(1))gcc $(TARGET_FLAGS) $(APP_CPU_$(1)) $(APP_INC) \
	-I$(APP_PORT_$(1))/include

# $(1) architecture: the library.
define app_lib
APP_LIB_OBJ_$(1) := $(B)/apps/lib/$(1)/crt0.o \
	$$(patsubst %.c,$(B)/apps/lib/$(1)/%.o,$$(notdir $$(APP_LIB)))

$(B)/apps/lib/$(1)/crt0.o: $$(APP_PORT_$(1))/crt0.S
	$$(call say,AS,$$@)
	$(Q)mkdir -p $$(@D)
	$(Q)$$(call app_cc,$(1)) -c $$< -o $$@
endef

# $(1) object, $(2) source, $(3) architecture, $(4) more flags.
define app_object
$(1): $(2)
	$$(call say,CC,$$@)
	$(Q)mkdir -p $$(@D)
	$(Q)$$(call app_cc,$(3)) $(4) -c $$< -o $$@
endef

# $(1) app, $(2) architecture, $(3) name of the ELF, $(4) flash, $(5) RAM.
define app_link
$(B)/apps/$(1)/$(3).elf: $$(APP_OBJ_$(1)_$(2)) $$(APP_LIB_OBJ_$(2)) apps/userland.ld
	$$(call say,LD,$$@)
	$(Q)$$(APP_CROSS_$(2))gcc $$(TARGET_LDFLAGS) $$(APP_CPU_$(2)) $$(APP_LD_$(2)) \
		-Wl,--defsym=FLASH_ORIGIN=$(4),--defsym=SRAM_ORIGIN=$(5) \
		-Wl,--defsym=STACK_SIZE=$(APP_STACK) -T apps/userland.ld \
		$$(filter %.o,$$^) -lgcc -o $$@
$(B)/apps/$(1)/$(1).tab: $(B)/apps/$(1)/$(3).elf
endef

# $(1) app.
define app_rules
APP_SOURCES_$(1) := $$(or $$(APP_SRC_$(1)),apps/$(1)/main.c)
APP_VERSION_$(1) := $$(or $$(APP_VERSION_$(1)),1)
$$(foreach a,$(APP_CORTEX) $(APP_RISCV),\
	$$(eval APP_OBJ_$(1)_$$(a) := $$(patsubst %.c,$(B)/apps/$(1)/$$(a)/%.o,$$(notdir $$(APP_SOURCES_$(1)))))\
	$$(foreach s,$$(APP_SOURCES_$(1)),$$(eval $$(call app_object,$(B)/apps/$(1)/$$(a)/$$(notdir $$(s:.c=.o)),$$(s),$$(a),-DAPP_VERSION=$$(APP_VERSION_$(1))))))
$$(foreach a,$(APP_CORTEX),$$(eval $$(call app_link,$(1),$$(a),$$(a),0x80000000,0)))
$$(foreach a,$(APP_RISCV),$$(foreach s,$(APP_SLOTS),\
	$$(eval $$(call app_link,$(1),$$(a),$$(a).$$(s),$$(basename $$(s)),$$(patsubst .%,%,$$(suffix $$(s)))))))

$(B)/apps/$(1)/$(1).tab: $(B)/bin/elf2tbf
	$$(call say,TAB,$$@)
	$(Q)$(B)/bin/elf2tbf -n $$(or $$(APP_NAME_$(1)),$(1)) --stack $(APP_STACK) \
		--app-heap $(APP_HEAP) --kernel-heap $(APP_KERNEL_HEAP) \
		--kernel-major 2 --kernel-minor 2 --app-version $$(APP_VERSION_$(1)) \
		--deterministic -o $$@ $$(filter %.elf,$$^) $(if $(V),,>/dev/null)
endef

$(foreach a,$(APP_CORTEX) $(APP_RISCV),$(eval $(call app_lib,$(a)))\
	$(foreach s,$(APP_LIB),$(eval $(call app_object,$(B)/apps/lib/$(a)/$(notdir $(s:.c=.o)),$(s),$(a),))))
$(foreach a,$(APPS_SAMPLE),$(eval $(call app_rules,$(a))))

APP_TABS := $(foreach a,$(APPS_SAMPLE),$(B)/apps/$(a)/$(a).tab)
