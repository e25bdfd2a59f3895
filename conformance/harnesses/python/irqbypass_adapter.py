# SPDX-License-Identifier: MIT
"""Plug a manager written in Python into the conformance kit. One file without dependencies: copy it beside your adapter.

    kit  <-- JSON lines -->  serve()  <-- four operations -->  your manager
                               ^                                    |
                               +------- producer.stop() and so on --+

`serve` makes the objects of each program, calls the operations of a new manager of yours, and records what that does: the
callbacks of the objects record that they were called, return what the program wants returned, and do nothing more.

Your manager is any object with these four methods. A token is compared by `is` or `==` and otherwise meaningless; it is
None where the program asks for the null token.

    register_producer(producer, token, irq)     0, a negative Linux errno, or what a callback returned
    unregister_producer(producer)
    register_consumer(consumer, token)          as above
    unregister_consumer(consumer)

`register_producer` sets `producer.irq = irq` when it must be visible to the consumer. An exception is a crash of its
operation. What is printed goes to standard error: standard output belongs to the protocol.
"""

import json
import os
import sys
import traceback

__all__ = ["Consumer", "Producer", "serve"]


class _Object:
    """What producers and consumers have in common. A callback that an object does not have is None."""

    def __init__(self, described, recorder):
        self._id = described["id"]
        self._results = list(described.get("results", []))
        self._recorder = recorder
        has = described["callbacks"]
        self.stop = self._plain("stop") if "stop" in has else None
        self.start = self._plain("start") if "start" in has else None

    def __repr__(self):
        return self._id

    def _plain(self, callback):
        def call():
            self._enter(callback)
            self._leave(callback)

        return call

    def _add(self, callback, shows_irq):
        def call(other):
            irq = {"irq": other.irq} if shows_irq else {}
            self._enter(callback, counterpart=other._id, **irq)
            result = self._results.pop(0) if self._results else 0
            self._leave(callback, result=result)
            return result

        return call

    def _del(self, callback):
        def call(other):
            self._enter(callback, counterpart=other._id)
            self._leave(callback)

        return call

    def _enter(self, callback, **more):
        self._recorder({"type": "enter", "callback": callback, "object": self._id, **more})

    def _leave(self, callback, **more):
        self._recorder({"type": "leave", "callback": callback, "object": self._id, **more})


class Producer(_Object):
    """A producer: stop(), start(), add_consumer(consumer) -> status, del_consumer(consumer), and its interrupt."""

    def __init__(self, described, recorder):
        super().__init__(described, recorder)
        has = described["callbacks"]
        self.irq = 0
        self.add_consumer = self._add("addConsumer", False) if "addConsumer" in has else None
        self.del_consumer = self._del("delConsumer") if "delConsumer" in has else None


class Consumer(_Object):
    """A consumer: stop(), start(), add_producer(producer) -> status, del_producer(producer)."""

    def __init__(self, described, recorder):
        super().__init__(described, recorder)
        has = described["callbacks"]
        self.add_producer = self._add("addProducer", True) if "addProducer" in has else None
        self.del_producer = self._del("delProducer") if "delProducer" in has else None


class _Token:
    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return self._name


class _CannotGoOn(Exception):
    """The adapter cannot go on, through no fault of the manager."""


def serve(new_manager, name, version, profile=None, capabilities=("null-token", "missing-mandatory"), facts=None):
    """Speak the protocol until the kit says bye. `new_manager()` makes a manager with nothing registered.

    With the capability "allocation-failure" the manager has a method `set_memory(available)`, after which its
    registrations fail for lack of memory, or no longer do.
    """
    # What the manager prints must not get between two messages.
    wire = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)

    def say(message, flush=True):
        wire.write(json.dumps(message, separators=(",", ":")) + "\n")
        if flush:
            wire.flush()

    hello = {"type": "hello", "protocol": 1, "name": name, "version": version, "language": "python"}
    if profile is not None:
        hello["profile"] = profile
    hello["capabilities"] = list(capabilities)
    if facts is not None:
        hello["facts"] = dict(facts)
    try:
        for line in sys.stdin:
            request = _parse(line)
            kind = request.get("type")
            if kind == "hello":
                say(hello)
            elif kind == "run":
                _run(request, new_manager, say)
                wire.flush()
            elif kind == "bye":
                break
            else:
                raise _CannotGoOn("the adapter does not know the request %s" % json.dumps(kind))
    except _CannotGoOn as problem:
        say({"type": "error", "message": str(problem)})
        wire.flush()
        sys.exit(2)


def _parse(line):
    try:
        request = json.loads(line)
    except ValueError as problem:
        raise _CannotGoOn("the kit sent a line that is not JSON: %s" % problem) from problem
    if not isinstance(request, dict):
        raise _CannotGoOn("the kit sent a line that is not an object")
    return request


def _run(request, new_manager, say):
    stream = request.get("stream", False)
    for index, program in enumerate(request["programs"]):
        place = {"id": request["id"], "index": index}
        events = []

        def record(event, place=place, events=events):
            if stream:
                say({"type": "event", **place, "event": event})
            else:
                events.append(event)

        if len(program["lanes"]) > 1:
            say({"type": "trace", **place, "events": [], "fault": "this adapter runs one lane only"}, flush=stream)
            continue
        _play(program, new_manager(), record)
        say({"type": "trace", **place, "events": events}, flush=stream)


def _play(program, manager, record):
    objects = {}
    for one in program["objects"]:
        objects[one["id"]] = (Producer if one["id"].startswith("p") else Consumer)(one, record)
    tokens = {None: None}
    for operation in program["lanes"][0] if program["lanes"] else []:
        record({"type": "call", **operation})
        try:
            status = _call(operation, objects, tokens, manager)
        except _CannotGoOn:
            raise
        except Exception as problem:  # Whatever the manager throws is its crash.
            traceback.print_exc()
            record({"type": "crash", "detail": "%s: %s" % (type(problem).__name__, problem)})
            return
        record({"type": "return"} if status is None else {"type": "return", "status": status})


def _call(operation, objects, tokens, manager):
    kind = operation["operation"]
    one = objects.get(operation["object"])
    if one is None:
        raise _CannotGoOn("an operation names %s, which the program does not have" % operation["object"])
    if kind == "unregisterProducer":
        manager.unregister_producer(one)
        return None
    if kind == "unregisterConsumer":
        manager.unregister_consumer(one)
        return None
    name = operation.get("token")
    token = tokens.setdefault(name, _Token(name))
    scarce = operation.get("memory") == "none"
    if scarce:
        manager.set_memory(False)
    try:
        if kind == "registerProducer":
            return manager.register_producer(one, token, operation["irq"])
        if kind == "registerConsumer":
            return manager.register_consumer(one, token)
    finally:
        if scarce:
            manager.set_memory(True)
    raise _CannotGoOn("the adapter does not know the operation %s" % kind)
