// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* The device through which init hands programs over. One program runs at a time. */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "agent-internal.h"

static DEFINE_MUTEX(one_at_a_time);

static void fill_facts(struct agent_facts *facts)
{
	memset(facts, 0, sizeof(*facts));
	facts->token_as_argument = manager_token_as_argument;
	facts->can_fail_allocations = manager_can_fail_allocations();
	facts->hears_log = recorder_hears_log();
	snprintf(facts->checks, sizeof(facts->checks), "%s%s%s%s%s%s",
		 IS_ENABLED(CONFIG_DEBUG_LIST) || IS_ENABLED(CONFIG_LIST_HARDENED) ? " list" : "",
		 IS_ENABLED(CONFIG_BUG_ON_DATA_CORRUPTION) ? " bug-on-corruption" : "",
		 IS_ENABLED(CONFIG_KASAN) ? " kasan" : "", IS_ENABLED(CONFIG_UBSAN) ? " ubsan" : "",
		 IS_ENABLED(CONFIG_LOCKDEP) ? " lockdep" : "", IS_ENABLED(CONFIG_DEBUG_MUTEXES) ? " mutexes" : "");
}

static long serve(unsigned int request, void __user *argument)
{
	static struct agent_ending ending;
	static struct agent_facts facts;
	long status;

	switch (request) {
	case AGENT_RUN:
		if (copy_from_user(&ending, argument, sizeof(ending)))
			return -EFAULT;
		status = lanes_run(&ending);
		if (!status && copy_to_user(argument, &ending, sizeof(ending)))
			return -EFAULT;
		return status;
	case AGENT_GET_FACTS:
		fill_facts(&facts);
		return copy_to_user(argument, &facts, sizeof(facts)) ? -EFAULT : 0;
	case AGENT_ATTACH:
		return manager_attach();
	case AGENT_DETACH:
		manager_detach();
		return 0;
	}
	return -ENOTTY;
}

static long control(struct file *file, unsigned int request, unsigned long argument)
{
	long status;

	mutex_lock(&one_at_a_time);
	status = serve(request, (void __user *)argument);
	mutex_unlock(&one_at_a_time);
	return status;
}

static int map(struct file *file, struct vm_area_struct *area)
{
	return remap_vmalloc_range(area, memory, area->vm_pgoff);
}

static const struct file_operations operations = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = control,
	.mmap = map,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = AGENT_DEVICE,
	.fops = &operations,
};

static int __init begin(void)
{
	int error = recorder_begin();

	if (!error)
		error = player_begin();
	if (!error)
		error = manager_begin();
	return error ? error : misc_register(&device);
}

/* There is no way to unload it: the guest that it lives in ends with it. */
module_init(begin);
MODULE_DESCRIPTION("Plays producers and consumers for the IRQ bypass manager");
MODULE_LICENSE("Dual MIT/GPL");
