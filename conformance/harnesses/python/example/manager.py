# SPDX-License-Identifier: MIT
"""A small correct manager. It knows nothing of the kit, and remembers the token of each object itself."""

EBUSY, EINVAL, ENOMEM = 16, 22, 12


class Manager:
    def __init__(self):
        self._producers = {}
        self._consumers = {}
        self._memory = True

    def set_memory(self, available):
        self._memory = available

    def register_producer(self, producer, token, irq):
        refused = self._refuses(self._producers, producer, token)
        if refused:
            return refused
        producer.irq = irq
        consumer = under(self._consumers, token)
        if consumer is not None:
            status = connect(producer, consumer)
            if status:
                return status
        self._producers[producer] = token
        return 0

    def register_consumer(self, consumer, token):
        if consumer.add_producer is None or consumer.del_producer is None:
            return -EINVAL
        refused = self._refuses(self._consumers, consumer, token)
        if refused:
            return refused
        producer = under(self._producers, token)
        if producer is not None:
            status = connect(producer, consumer)
            if status:
                return status
        self._consumers[consumer] = token
        return 0

    def unregister_producer(self, producer):
        if producer not in self._producers:
            return
        token = self._producers.pop(producer)
        consumer = under(self._consumers, token)
        if consumer is not None:
            disconnect(producer, consumer)

    def unregister_consumer(self, consumer):
        if consumer not in self._consumers:
            return
        token = self._consumers.pop(consumer)
        producer = under(self._producers, token)
        if producer is not None:
            disconnect(producer, consumer)

    def _refuses(self, side, one, token):
        if token is None:
            return -EINVAL
        if one in side or under(side, token) is not None:
            return -EBUSY
        return 0 if self._memory else -ENOMEM


def under(side, token):
    """Who holds a token on one side, if anybody does."""
    return next((one for one, held in side.items() if held is token), None)


def connect(producer, consumer):
    halt(producer, consumer)
    status = producer.add_consumer(consumer) if producer.add_consumer else 0
    if not status:
        status = consumer.add_producer(producer)
        if status and producer.del_consumer:
            producer.del_consumer(consumer)
    resume(producer, consumer)
    return status


def disconnect(producer, consumer):
    halt(producer, consumer)
    consumer.del_producer(producer)
    if producer.del_consumer:
        producer.del_consumer(consumer)
    resume(producer, consumer)


def halt(producer, consumer):
    if producer.stop:
        producer.stop()
    if consumer.stop:
        consumer.stop()


def resume(producer, consumer):
    if consumer.start:
        consumer.start()
    if producer.start:
        producer.start()
