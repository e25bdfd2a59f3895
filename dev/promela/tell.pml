/* SPDX-License-Identifier: MIT */
/*
 * Included by spec/irqbypass.pml when TELL is defined: prints one line for every operation, from lock to unlock.
 * The verifier must be compiled with PRINTF, and then prints while it searches.
 *
 *   operation: tokens before | operation | situation | callbacks | status | tokens after
 *   operation: t0 - | register c0 t0 | peer_waiting | p0.stop c0.stop p0.addConsumer(c0)! c0.start p0.start | failed | t0 -
 *
 * With ANY_CALLBACKS, the sets of callbacks come first, a number for each object.
 */

/* The tokens when the lock was taken, and every callback since. */
byte before[N_OBJECTS];
byte made;
mtype made_what[16];
byte made_on[16];
byte made_with[16];
byte made_showing[16];
bool made_failed[16];

hidden byte k;

inline remember()
{
	d_step {
		for (k : 0 .. N_OBJECTS - 1) { before[k] = token[k] }
	}
}

inline note(name, o, with, shown)
{
	d_step {
		made_what[made] = name;
		made_on[made] = o;
		made_with[made] = with;
		made_showing[made] = shown;
		made++
	}
}

inline note_failure()
{
	made_failed[made - 1] = true
}

/* Printing alone does not count as reading: SPIN would leave the variable out of the state. */
inline print_word(word)
{
	if
	:: word != 0 -> printm(word)
	fi
}

inline print_object(o)
{
	if
	:: IS_PRODUCER(o) -> printf("p%d", o)
	:: else -> printf("c%d", o - N_PRODUCERS)
	fi
}

inline print_token(t)
{
	if
	:: (t) == NONE -> printf(" -")
	:: (t) == NULL_TOKEN -> printf(" null")
	:: else -> printf(" t%d", (t) - 1)
	fi
}

inline print_callback()
{
	printf(" ");
	print_object(made_on[k]);
	printf(".");
	print_word(made_what[k]);
	if
	:: made_with[k] != NOBODY ->
		printf("(");
		print_object(made_with[k]);
		if
		:: made_showing[k] != NO_IRQ -> printf(" %d", made_showing[k])
		:: else
		fi;
		printf(")")
	:: else
	fi;
	if
	:: made_failed[k] -> printf("!")
	:: else
	fi
}

inline tell()
{
	d_step {
		printf("operation:");
#ifdef ANY_CALLBACKS
		for (k : 0 .. N_OBJECTS - 1) { printf(" %d", has[k]) }
		printf(" |");
#endif
		for (k : 0 .. N_OBJECTS - 1) { print_token(before[k]) }
		if
		:: asked == NONE -> printf(" | unregister "); print_object(self)
		:: else -> printf(" | register "); print_object(self); print_token(asked)
		fi;
		if
		:: starved -> printf(" without memory")
		:: else
		fi;
		printf(" | ");
		print_word(finds);
		printf(" |");
		k = 0;
		do
		:: k < made -> print_callback(); k++
		:: else -> break
		od;
		printf(" | ");
		if
		:: asked == NONE -> printf("-")
		:: else -> print_word(result)
		fi;
		printf(" |");
		for (k : 0 .. N_OBJECTS - 1) { print_token(token[k]) }
		printf("\n");

		/* The next line starts from nothing. */
		for (k : 0 .. N_OBJECTS - 1) { before[k] = 0 }
		do
		:: made > 0 ->
			made--;
			made_what[made] = 0;
			made_on[made] = 0;
			made_with[made] = 0;
			made_showing[made] = 0;
			made_failed[made] = false
		:: else -> break
		od;
		k = 0
	}
}
