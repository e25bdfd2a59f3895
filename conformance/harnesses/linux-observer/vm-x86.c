// SPDX-License-Identifier: MIT
/* VMs on x86. */
#ifdef __x86_64__
#include "vm.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int close_with_error(int vm)
{
	int error = errno;

	close(vm);
	errno = error;
	return -1;
}

int make_vm(int kvm, unsigned int at, unsigned int vcpus)
{
	int vm = ioctl(kvm, KVM_CREATE_VM, 0);

	(void)at;
	if (vm < 0)
		return -1;
	if (ioctl(vm, KVM_CREATE_IRQCHIP, 0) < 0)
		return close_with_error(vm);
	/* Nothing runs on them: a message is only sent to them. A closed file of a vCPU leaves the vCPU where it is. */
	for (unsigned int i = 0; i < vcpus; i++) {
		int vcpu = ioctl(vm, KVM_CREATE_VCPU, i);

		if (vcpu < 0)
			return close_with_error(vm);
		close(vcpu);
	}
	return vm;
}

void leave_vm(unsigned int at)
{
	(void)at;
}

void complete_route(struct kvm_irq_routing_entry *entry)
{
	(void)entry;
}

const struct command guest_commands[] = {
	{ NULL, 0, NULL },
};
#endif
