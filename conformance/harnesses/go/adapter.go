// SPDX-License-Identifier: MIT

// Package irqbypass plugs a manager written in Go into the conformance kit. It needs the standard library only.
//
//	kit  <── JSON lines ──>  Serve()  <── Manager ──>  your manager
//	                           ^                            |
//	                           └────── producer.Stop() ... ─┘
//
// Serve makes the objects of each program, calls the operations of a new Manager of yours, and records what that does: the
// callbacks of the objects record that they were called, return what the program wants returned, and do nothing more. A
// panic is a crash of its operation. What is printed to os.Stdout goes to standard error: standard output belongs to the
// protocol. example/main.go is a small manager with its complete adapter.
package irqbypass

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
)

// Token is what objects are registered under. Tokens are compared by ==, and otherwise meaningless; nil is the null token.
type Token *token

type token struct{ name string }

// Producer is a producer. A callback that it does not have is nil.
type Producer struct {
	id string
	// Irq is its interrupt. Set it when it must be visible to the consumer.
	Irq         int64
	Stop        func()
	Start       func()
	AddConsumer func(*Consumer) int64
	DelConsumer func(*Consumer)
}

// Consumer is a consumer. A callback that it does not have is nil.
type Consumer struct {
	id          string
	Stop        func()
	Start       func()
	AddProducer func(*Producer) int64
	DelProducer func(*Producer)
}

// Manager is what is judged. A registration returns 0, a negative Linux errno, or what a callback returned.
type Manager interface {
	RegisterProducer(producer *Producer, token Token, irq int64) int64
	UnregisterProducer(producer *Producer)
	RegisterConsumer(consumer *Consumer, token Token) int64
	UnregisterConsumer(consumer *Consumer)
}

// Starving is a manager with the capability "allocation-failure": after SetMemory(false) its registrations fail for lack of
// memory.
type Starving interface {
	SetMemory(available bool)
}

// Identity says who the implementation is, and what it can be given.
type Identity struct {
	Name    string
	Version string
	// Profile is what it claims; core when empty.
	Profile      string
	Capabilities []string
	Facts        map[string]string
}

// Serve speaks the protocol until the kit says bye, and ends the process. New makes a manager with nothing registered.
func Serve(identity Identity, new func() Manager) {
	// What the manager prints must not get between two messages.
	wire := bufio.NewWriter(os.Stdout)
	os.Stdout = os.Stderr
	adapter := &adapter{wire: wire, new: new}
	err := adapter.speak(identity)
	if err != nil {
		adapter.say(map[string]any{"type": "error", "message": err.Error()})
	}
	wire.Flush()
	if err != nil {
		os.Exit(2)
	}
	os.Exit(0)
}

type adapter struct {
	wire *bufio.Writer
	new  func() Manager
}

type message struct {
	Type     string    `json:"type"`
	ID       int       `json:"id"`
	Programs []program `json:"programs"`
	Stream   bool      `json:"stream"`
}

type program struct {
	Objects []object            `json:"objects"`
	Lanes   [][]json.RawMessage `json:"lanes"`
}

type object struct {
	ID        string   `json:"id"`
	Callbacks []string `json:"callbacks"`
	Results   []int64  `json:"results"`
}

type operation struct {
	Operation string  `json:"operation"`
	Object    string  `json:"object"`
	Token     *string `json:"token"`
	Irq       int64   `json:"irq"`
	Memory    string  `json:"memory"`
}

type event map[string]any

func (a *adapter) say(message any) {
	line, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	// A kit that has gone reads nothing: then the end of the input ends the adapter.
	a.wire.Write(append(line, '\n'))
}

func (a *adapter) speak(identity Identity) error {
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadString('\n')
		if strings.TrimSpace(line) == "" && err != nil {
			return nil
		}
		var request message
		if err := json.Unmarshal([]byte(line), &request); err != nil {
			return fmt.Errorf("the kit sent a line that is not a message: %v", err)
		}
		switch request.Type {
		case "hello":
			a.say(hello(identity))
		case "run":
			if err := a.run(request); err != nil {
				return err
			}
		case "bye":
			return nil
		default:
			return fmt.Errorf("the adapter does not know the request %q", request.Type)
		}
		a.wire.Flush()
	}
}

func hello(identity Identity) map[string]any {
	capabilities := identity.Capabilities
	if capabilities == nil {
		capabilities = []string{}
	}
	said := map[string]any{
		"type": "hello", "protocol": 1, "name": identity.Name, "version": identity.Version,
		"language": "go", "capabilities": capabilities,
	}
	if identity.Profile != "" {
		said["profile"] = identity.Profile
	}
	if identity.Facts != nil {
		said["facts"] = identity.Facts
	}
	return said
}

func (a *adapter) run(request message) error {
	for index, program := range request.Programs {
		events := []any{}
		record := func(what event) {
			if !request.Stream {
				events = append(events, what)
				return
			}
			a.say(map[string]any{"type": "event", "id": request.ID, "index": index, "event": what})
			a.wire.Flush()
		}
		trace := map[string]any{"type": "trace", "id": request.ID, "index": index}
		if len(program.Lanes) > 1 {
			trace["fault"] = "this adapter runs one lane only"
		} else if err := play(program, a.new(), record); err != nil {
			return err
		}
		trace["events"] = events
		a.say(trace)
	}
	return nil
}

// played is a program under way.
type played struct {
	manager   Manager
	producers map[string]*Producer
	consumers map[string]*Consumer
	tokens    map[string]Token
}

func play(program program, manager Manager, record func(event)) error {
	at := played{manager, map[string]*Producer{}, map[string]*Consumer{}, map[string]Token{}}
	for _, one := range program.Objects {
		at.make(one, record)
	}
	if len(program.Lanes) == 0 {
		return nil
	}
	for _, line := range program.Lanes[0] {
		called := event{}
		var operation operation
		if err := json.Unmarshal(line, &called); err != nil {
			return err
		}
		if err := json.Unmarshal(line, &operation); err != nil {
			return err
		}
		called["type"] = "call"
		record(called)
		status, crash, err := at.call(operation)
		if err != nil {
			return err
		}
		if crash != "" {
			record(event{"type": "crash", "detail": crash})
			return nil
		}
		returned := event{"type": "return"}
		if status != nil {
			returned["status"] = *status
		}
		record(returned)
	}
	return nil
}

// call calls one operation, and returns the status of a registration, or how the manager crashed.
func (p *played) call(operation operation) (status *int64, crash string, err error) {
	defer func() {
		if told := recover(); told != nil {
			fmt.Fprintf(os.Stderr, "panic: %v\n%s", told, debug.Stack())
			status, crash = nil, fmt.Sprintf("panic: %v", told)
		}
	}()
	producer, consumer := p.producers[operation.Object], p.consumers[operation.Object]
	if producer == nil && consumer == nil {
		return nil, "", fmt.Errorf("an operation names %q, which the program does not have", operation.Object)
	}
	if operation.Memory == "none" {
		starving := p.manager.(Starving)
		starving.SetMemory(false)
		defer starving.SetMemory(true)
	}
	switch operation.Operation {
	case "registerProducer":
		result := p.manager.RegisterProducer(producer, p.token(operation.Token), operation.Irq)
		return &result, "", nil
	case "registerConsumer":
		result := p.manager.RegisterConsumer(consumer, p.token(operation.Token))
		return &result, "", nil
	case "unregisterProducer":
		p.manager.UnregisterProducer(producer)
	case "unregisterConsumer":
		p.manager.UnregisterConsumer(consumer)
	default:
		return nil, "", fmt.Errorf("the adapter does not know the operation %q", operation.Operation)
	}
	return nil, "", nil
}

func (p *played) token(name *string) Token {
	if name == nil {
		return nil
	}
	if p.tokens[*name] == nil {
		p.tokens[*name] = &token{*name}
	}
	return p.tokens[*name]
}

// make makes an object with the callbacks that it is to have, and no other.
func (p *played) make(described object, record func(event)) {
	id, results := described.ID, described.Results
	has := map[string]bool{}
	for _, callback := range described.Callbacks {
		has[callback] = true
	}
	tell := func(kind, callback string, more event) {
		told := event{"type": kind, "callback": callback, "object": id}
		for name, value := range more {
			told[name] = value
		}
		record(told)
	}
	plain := func(callback string) func() {
		if !has[callback] {
			return nil
		}
		return func() {
			tell("enter", callback, nil)
			tell("leave", callback, nil)
		}
	}
	add := func(callback string, shown event) int64 {
		tell("enter", callback, shown)
		result := int64(0)
		if len(results) > 0 {
			result, results = results[0], results[1:]
		}
		tell("leave", callback, event{"result": result})
		return result
	}
	del := func(callback, counterpart string) {
		tell("enter", callback, event{"counterpart": counterpart})
		tell("leave", callback, nil)
	}
	if strings.HasPrefix(id, "p") {
		producer := &Producer{id: id, Stop: plain("stop"), Start: plain("start")}
		if has["addConsumer"] {
			producer.AddConsumer = func(c *Consumer) int64 { return add("addConsumer", event{"counterpart": c.id}) }
		}
		if has["delConsumer"] {
			producer.DelConsumer = func(c *Consumer) { del("delConsumer", c.id) }
		}
		p.producers[id] = producer
		return
	}
	consumer := &Consumer{id: id, Stop: plain("stop"), Start: plain("start")}
	if has["addProducer"] {
		consumer.AddProducer = func(of *Producer) int64 {
			return add("addProducer", event{"counterpart": of.id, "irq": of.Irq})
		}
	}
	if has["delProducer"] {
		consumer.DelProducer = func(of *Producer) { del("delProducer", of.id) }
	}
	p.consumers[id] = consumer
}
