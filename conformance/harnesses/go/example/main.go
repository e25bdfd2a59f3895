// SPDX-License-Identifier: MIT

// A small correct manager and its adapter: the model for your own.
package main

import "irqbypass"

const (
	ebusy  = 16
	einval = 22
	enomem = 12
)

type manager struct {
	producers map[*irqbypass.Producer]irqbypass.Token
	consumers map[*irqbypass.Consumer]irqbypass.Token
	starved   bool
}

func newManager() irqbypass.Manager {
	return &manager{
		producers: map[*irqbypass.Producer]irqbypass.Token{},
		consumers: map[*irqbypass.Consumer]irqbypass.Token{},
	}
}

func (m *manager) SetMemory(available bool) { m.starved = !available }

func (m *manager) RegisterProducer(p *irqbypass.Producer, token irqbypass.Token, irq int64) int64 {
	if refused := refuses(m.producers, p, token, m.starved); refused != 0 {
		return refused
	}
	p.Irq = irq
	if c := under(m.consumers, token); c != nil {
		if status := connect(p, c); status != 0 {
			return status
		}
	}
	m.producers[p] = token
	return 0
}

func (m *manager) RegisterConsumer(c *irqbypass.Consumer, token irqbypass.Token) int64 {
	if c.AddProducer == nil || c.DelProducer == nil {
		return -einval
	}
	if refused := refuses(m.consumers, c, token, m.starved); refused != 0 {
		return refused
	}
	if p := under(m.producers, token); p != nil {
		if status := connect(p, c); status != 0 {
			return status
		}
	}
	m.consumers[c] = token
	return 0
}

func (m *manager) UnregisterProducer(p *irqbypass.Producer) {
	token := m.producers[p]
	if token == nil {
		return
	}
	delete(m.producers, p)
	if c := under(m.consumers, token); c != nil {
		disconnect(p, c)
	}
}

func (m *manager) UnregisterConsumer(c *irqbypass.Consumer) {
	token := m.consumers[c]
	if token == nil {
		return
	}
	delete(m.consumers, c)
	if p := under(m.producers, token); p != nil {
		disconnect(p, c)
	}
}

// refuses says why an object cannot be registered, or 0.
func refuses[T any](side map[*T]irqbypass.Token, object *T, token irqbypass.Token, starved bool) int64 {
	if token == nil {
		return -einval
	}
	if side[object] != nil || under(side, token) != nil {
		return -ebusy
	}
	if starved {
		return -enomem
	}
	return 0
}

// under is who holds a token on one side, if anybody does.
func under[T any](side map[*T]irqbypass.Token, token irqbypass.Token) *T {
	for object, held := range side {
		if held == token {
			return object
		}
	}
	return nil
}

func connect(p *irqbypass.Producer, c *irqbypass.Consumer) int64 {
	halt(p, c)
	status := int64(0)
	if p.AddConsumer != nil {
		status = p.AddConsumer(c)
	}
	if status == 0 {
		status = c.AddProducer(p)
		if status != 0 && p.DelConsumer != nil {
			p.DelConsumer(c)
		}
	}
	resume(p, c)
	return status
}

func disconnect(p *irqbypass.Producer, c *irqbypass.Consumer) {
	halt(p, c)
	c.DelProducer(p)
	if p.DelConsumer != nil {
		p.DelConsumer(c)
	}
	resume(p, c)
}

func halt(p *irqbypass.Producer, c *irqbypass.Consumer) {
	if p.Stop != nil {
		p.Stop()
	}
	if c.Stop != nil {
		c.Stop()
	}
}

func resume(p *irqbypass.Producer, c *irqbypass.Consumer) {
	if c.Start != nil {
		c.Start()
	}
	if p.Start != nil {
		p.Start()
	}
}

func main() {
	irqbypass.Serve(irqbypass.Identity{
		Name:         "example-manager",
		Version:      "1.0",
		Capabilities: []string{"allocation-failure", "null-token", "missing-mandatory"},
	}, newManager)
}
