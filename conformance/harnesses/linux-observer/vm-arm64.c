// SPDX-License-Identifier: MIT
/*
 * VMs on arm64: a vGICv3 with an ITS, whose registers and commands user space writes in the guest's place.
 *
 *     guest's memory   +0x00000 the vCPU's loop   +0x08000 its counter    +0x10000 configuration of LPIs
 *                      +0x40000 devices           +0x50000 collections    +0x60000 queue of commands
 *                      +0x80000 events of the device                      +0x90000 pending LPIs, 64 KiB a vCPU
 *
 * Event N of the one device is LPI 8192 + N. At first events 4v to 4v + 3 are mapped to vCPU v, and no others.
 */
#ifdef __aarch64__
#define _GNU_SOURCE
#include "vm.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#define MEMORY 0x40000000UL
#define MEMORY_SIZE (1UL << 20)
#define DISTRIBUTOR 0x08000000UL
#define ITS 0x08080000UL
#define REDISTRIBUTORS 0x080A0000UL
#define DEVICE 0x10
#define FIRST_LPI 8192
#define EVENTS_OF_A_VCPU 4
enum { MAX_VCPUS = 4, INTERRUPTS = 96 };

/* In the guest's memory. */
enum {
	LOOP = 0, COUNTER = 0x8000, CONFIGURATION = 0x10000, DEVICES = 0x40000, COLLECTIONS = 0x50000, QUEUE = 0x60000,
	QUEUE_SIZE = 0x10000, EVENTS = 0x80000, PENDING = 0x90000,
};

/* Registers of a redistributor and of an ITS, as the architecture (IHI 0069) numbers them. */
enum { GICR_CTLR = 0, GICR_PROPBASER = 0x70, GICR_PENDBASER = 0x78 };
enum { GITS_CTLR = 0, GITS_CBASER = 0x80, GITS_CWRITER = 0x88, GITS_CREADR = 0x90, GITS_BASER = 0x100 };
#define VALID (1UL << 63)
/* Pages of 64 KiB, of which there is one. */
#define PAGES (2UL << 8)

static struct vm {
	int fd, gic, its;
	int vcpus[MAX_VCPUS];
	char *memory;
	struct kvm_run *run;
	size_t run_size;
	uint64_t written;
} vms[MAX_VMS];

static int attribute(int fd, unsigned long request, unsigned int group, uint64_t which, void *value)
{
	struct kvm_device_attr one = { .group = group, .attr = which, .addr = (uintptr_t)value };

	return ioctl(fd, request, &one);
}

static int set(int fd, unsigned int group, uint64_t which, uint64_t value)
{
	return attribute(fd, KVM_SET_DEVICE_ATTR, group, which, &value);
}

static int create_device(int vm, unsigned int type)
{
	struct kvm_create_device request = { .type = type };

	return ioctl(vm, KVM_CREATE_DEVICE, &request) ? -1 : (int)request.fd;
}

static int set_redistributor(const struct vm *vm, unsigned int vcpu, unsigned int at, uint64_t value)
{
	uint32_t half = (uint32_t)value;

	return attribute(vm->gic, KVM_SET_DEVICE_ATTR, KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, (uint64_t)vcpu << 32 | at, &half);
}

static int set_its(const struct vm *vm, unsigned int at, uint64_t value)
{
	return set(vm->its, KVM_DEV_ARM_VGIC_GRP_ITS_REGS, at, value);
}

/* A command of the guest's driver to its ITS: 0 when the ITS has carried it out. */
static status command(struct vm *vm, uint64_t first, uint64_t second, uint64_t third)
{
	uint64_t words[4] = { first, second, third, 0 }, read = 0;

	memcpy(vm->memory + QUEUE + vm->written, words, sizeof(words));
	vm->written = (vm->written + sizeof(words)) % QUEUE_SIZE;
	if (set_its(vm, GITS_CWRITER, vm->written) ||
	    attribute(vm->its, KVM_GET_DEVICE_ATTR, KVM_DEV_ARM_VGIC_GRP_ITS_REGS, GITS_CREADR, &read))
		return -errno;
	return read == vm->written ? 0 : -EIO;
}

static status map_event(struct vm *vm, uint64_t event, uint64_t vcpu)
{
	return command(vm, 0x0a | (uint64_t)DEVICE << 32, event | (FIRST_LPI + event) << 32, vcpu);
}

static status discard_event(struct vm *vm, uint64_t event)
{
	return command(vm, 0x0f | (uint64_t)DEVICE << 32, event, 0);
}

static status move_event(struct vm *vm, uint64_t event, uint64_t vcpu)
{
	return command(vm, 0x01 | (uint64_t)DEVICE << 32, event, vcpu);
}

static int create_vcpus(struct vm *vm, int kvm, unsigned int count)
{
	/* It counts at the address in x1: add x0, x0, #1; str x0, [x1]; b to the first. */
	static const uint32_t loop[] = { 0x91000400, 0xf9000020, 0x17fffffe };
	const uint64_t values[][2] = { { 0x6030000000100040, MEMORY + LOOP }, { 0x6030000000100002, MEMORY + COUNTER } };
	struct kvm_vcpu_init init;

	if (count > MAX_VCPUS || ioctl(vm->fd, KVM_ARM_PREFERRED_TARGET, &init))
		return -1;
	memcpy(vm->memory + LOOP, loop, sizeof(loop));
	for (unsigned int i = 0; i < count; i++) {
		vm->vcpus[i] = ioctl(vm->fd, KVM_CREATE_VCPU, i);
		if (vm->vcpus[i] < 0 || ioctl(vm->vcpus[i], KVM_ARM_VCPU_INIT, &init))
			return -1;
	}
	for (unsigned int i = 0; i < sizeof(values) / sizeof(*values); i++) {
		struct kvm_one_reg one = { .id = values[i][0], .addr = (uintptr_t)&values[i][1] };

		if (ioctl(vm->vcpus[0], KVM_SET_ONE_REG, &one))
			return -1;
	}
	vm->run_size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	vm->run = mmap(NULL, vm->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vm->vcpus[0], 0);
	return vm->run == MAP_FAILED ? -1 : 0;
}

static int create_gic(struct vm *vm)
{
	uint32_t interrupts = INTERRUPTS;

	vm->gic = create_device(vm->fd, KVM_DEV_TYPE_ARM_VGIC_V3);
	vm->its = create_device(vm->fd, KVM_DEV_TYPE_ARM_VGIC_ITS);
	return vm->gic < 0 || vm->its < 0 ||
	       set(vm->gic, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, DISTRIBUTOR) ||
	       set(vm->gic, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, REDISTRIBUTORS) ||
	       attribute(vm->gic, KVM_SET_DEVICE_ATTR, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &interrupts) ||
	       set(vm->its, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, ITS) ||
	       set(vm->gic, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, 0) ||
	       set(vm->its, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, 0);
}

/* What the guest's driver does when it starts: tables, the queue, and the events of each vCPU. */
static int start_its(struct vm *vm, unsigned int vcpus)
{
	/* Every LPI is enabled, at one priority. */
	memset(vm->memory + CONFIGURATION, 0xa1, DEVICES - CONFIGURATION);
	for (unsigned int i = 0; i < vcpus; i++) {
		if (set_redistributor(vm, i, GICR_PROPBASER, (MEMORY + CONFIGURATION) | 15) ||
		    set_redistributor(vm, i, GICR_PENDBASER, MEMORY + PENDING + i * 0x10000UL) ||
		    set_redistributor(vm, i, GICR_CTLR, 1))
			return -1;
	}
	if (set_its(vm, GITS_BASER, VALID | (MEMORY + DEVICES) | PAGES) ||
	    set_its(vm, GITS_BASER + 8, VALID | (MEMORY + COLLECTIONS) | PAGES) ||
	    set_its(vm, GITS_CBASER, VALID | (MEMORY + QUEUE) | 15) || set_its(vm, GITS_CTLR, 1))
		return -1;
	for (uint64_t i = 0; i < vcpus; i++)
		if (command(vm, 0x09, 0, VALID | i << 16 | i))
			return -1;
	if (command(vm, 0x08 | (uint64_t)DEVICE << 32, 4, VALID | (MEMORY + EVENTS)))
		return -1;
	for (uint64_t event = 0; event < vcpus * EVENTS_OF_A_VCPU; event++)
		if (map_event(vm, event, event / EVENTS_OF_A_VCPU))
			return -1;
	return 0;
}

int make_vm(int kvm, unsigned int at, unsigned int vcpus)
{
	struct vm *vm = &vms[at];
	struct kvm_userspace_memory_region memory = { .guest_phys_addr = MEMORY, .memory_size = MEMORY_SIZE };

	memset(vm, 0, sizeof(*vm));
	vm->fd = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm->fd < 0)
		return -1;
	vm->memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memory.userspace_addr = (uintptr_t)vm->memory;
	if (ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &memory) || create_vcpus(vm, kvm, vcpus) || create_gic(vm) ||
	    start_its(vm, vcpus)) {
		int error = errno;

		leave_vm(at);
		close(vm->fd);
		errno = error;
		return -1;
	}
	return vm->fd;
}

void leave_vm(unsigned int at)
{
	struct vm *vm = &vms[at];

	if (vm->run && vm->run != MAP_FAILED)
		munmap(vm->run, vm->run_size);
	for (unsigned int i = 0; i < MAX_VCPUS; i++)
		if (vm->vcpus[i] > 0)
			close(vm->vcpus[i]);
	if (vm->its > 0)
		close(vm->its);
	if (vm->gic > 0)
		close(vm->gic);
	if (vm->memory)
		munmap(vm->memory, MEMORY_SIZE);
	memset(vm, 0, sizeof(*vm));
}

void complete_route(struct kvm_irq_routing_entry *entry)
{
	if (entry->type != KVM_IRQ_ROUTING_MSI)
		return;
	entry->flags = KVM_MSI_VALID_DEVID;
	entry->u.msi.devid = DEVICE;
}

/* --- What the guest does --- */

static struct vm *open_one(const char *text)
{
	unsigned long long at = number(text);

	if (at >= MAX_VMS)
		give_up("no such number", text);
	return vms[at].memory ? &vms[at] : NULL;
}

/* map-event VM EVENT VCPU */
static status map(int words, char **word)
{
	struct vm *vm = open_one(word[0]);

	(void)words;
	return vm ? map_event(vm, number(word[1]), number(word[2])) : -EBADF;
}

/* discard-event VM EVENT */
static status discard(int words, char **word)
{
	struct vm *vm = open_one(word[0]);

	(void)words;
	return vm ? discard_event(vm, number(word[1])) : -EBADF;
}

/* move-event VM EVENT VCPU */
static status move(int words, char **word)
{
	struct vm *vm = open_one(word[0]);

	(void)words;
	return vm ? move_event(vm, number(word[1]), number(word[2])) : -EBADF;
}

static void nothing(int signal)
{
	(void)signal;
}

/* runs VM: lets its first vCPU run, and tells whether it does: 1 or 0. A guest that is halted makes no step. */
static status runs(int words, char **word)
{
	enum { TRIES = 20, TRY_US = 50000 };
	const struct sigaction action = { .sa_handler = nothing };
	const struct itimerval on = { .it_value = { .tv_usec = TRY_US } }, off = { 0 };
	struct vm *vm = open_one(word[0]);
	volatile uint64_t *counter;
	uint64_t before;

	(void)words;
	if (!vm)
		return -EBADF;
	counter = (void *)(vm->memory + COUNTER);
	before = *counter;
	sigaction(SIGALRM, &action, NULL);
	for (int i = 0; i < TRIES && *counter == before; i++) {
		setitimer(ITIMER_REAL, &on, NULL);
		if (ioctl(vm->vcpus[0], KVM_RUN, 0) == 0 || errno != EINTR)
			break;
	}
	setitimer(ITIMER_REAL, &off, NULL);
	return *counter != before;
}

const struct command guest_commands[] = {
	{ "map-event", 3, map },
	{ "discard-event", 2, discard },
	{ "move-event", 3, move },
	{ "runs", 1, runs },
	{ NULL, 0, NULL },
};
#endif
