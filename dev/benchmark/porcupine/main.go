// Judges histories by Porcupine, to be timed beside the checker of this kit. It is built by porcupine.ts.
//
//	main ROUNDS < histories > {"seconds": the least of the rounds, "rejected": how many histories no order explains}
package main

import (
	"encoding/json"
	"os"
	"time"

	"github.com/anishathalye/porcupine"
)

// Status values of the profile linux-6.17.
const (
	duplicate  = -16
	registered = -22
)

// A call, with the times at which it began and ended, and what it came to.
type call struct {
	Lane   int
	Begins int64
	Ends   int64
	input
	output
}

type input struct {
	Object int
	// The other side begins at the first object of a consumer.
	IsConsumer bool
	// The token under which it registers; -1 where it unregisters.
	Token int
}

type output struct {
	Status int
	// The object with which it was connected, or disconnected; -1 where there was none.
	Partner int
}

type history struct {
	Sides []bool
	Calls []call
}

// A state is a text with a byte for each object: 0, or one more than its token.
func modelOf(sides []bool) porcupine.Model {
	find := func(state string, side bool, token byte) int {
		for object, held := range []byte(state) {
			if held == token && sides[object] == side {
				return object
			}
		}
		return -1
	}
	with := func(state string, object int, token byte) string {
		changed := []byte(state)
		changed[object] = token
		return string(changed)
	}
	return porcupine.Model{
		Init: func() interface{} { return string(make([]byte, len(sides))) },
		Step: func(before, in, out interface{}) (bool, interface{}) {
			state, asked, came := before.(string), in.(input), out.(output)
			held := state[asked.Object]
			if asked.Token < 0 {
				partner := -1
				if held != 0 {
					partner = find(state, !asked.IsConsumer, held)
				}
				return came == output{0, partner}, with(state, asked.Object, 0)
			}
			token := byte(asked.Token + 1)
			if held != 0 {
				return came == output{registered, -1}, state
			}
			if find(state, asked.IsConsumer, token) >= 0 {
				return came == output{duplicate, -1}, state
			}
			partner := find(state, !asked.IsConsumer, token)
			return came == output{0, partner}, with(state, asked.Object, token)
		},
	}
}

func main() {
	var asked struct {
		Rounds    int
		Histories []history
	}
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		panic(err)
	}
	models := make([]porcupine.Model, len(asked.Histories))
	operations := make([][]porcupine.Operation, len(asked.Histories))
	for at, one := range asked.Histories {
		models[at] = modelOf(one.Sides)
		for _, c := range one.Calls {
			operations[at] = append(operations[at], porcupine.Operation{
				ClientId: c.Lane, Input: c.input, Call: c.Begins, Output: c.output, Return: c.Ends,
			})
		}
	}
	least, rejected := 0.0, 0
	for round := 0; round < asked.Rounds; round++ {
		rejected = 0
		started := time.Now()
		for at := range operations {
			if !porcupine.CheckOperations(models[at], operations[at]) {
				rejected++
			}
		}
		if seconds := time.Since(started).Seconds(); round == 0 || seconds < least {
			least = seconds
		}
	}
	json.NewEncoder(os.Stdout).Encode(map[string]interface{}{"seconds": least, "rejected": rejected})
}
