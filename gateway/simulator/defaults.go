package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// DefaultActions are what a server offers when Options.Actions is nil. Their ids never change.
//
//	Set Stream Title     %title% becomes the title, or is refused as Twitch does
//	Say Hello            the bot greets %user% in Twitch chat
//	Raise Custom Event   Custom.Event %eventName%, or %sbClientResponse%, with all arguments
//	Slow Countdown       takes %seconds%, 3 by default and 60 at most
//	Broken Script        fails
//	Lights On            twice, in two groups
//	Old Greeting         disabled
func DefaultActions() []Action {
	return []Action{
		{ID: "0a5b1c62-3d74-4e85-8f96-a7b8c9dae0f1", Name: "Set Stream Title", Group: "Stream", SubActions: 3, Do: SetStreamTitle},
		{ID: "2c7d3e84-5f96-4071-81b8-c9dae0f10213", Name: "Say Hello", Group: "Chat", SubActions: 1, Triggers: 1, Do: sayHello},
		{ID: "3d8e4f95-60a7-4182-92c9-dae0f1021324", Name: "Raise Custom Event", Group: "Brain", SubActions: 1, Do: RaiseCustomEvent},
		{ID: "4e9f50a6-71b8-4293-a3da-e0f102132435", Name: "Slow Countdown", Group: "Show", SubActions: 2, Do: countdown},
		{ID: "5fa061b7-82c9-43a4-b4e0-f10213243546", Name: "Broken Script", Group: "Show", SubActions: 1, Do: Fail("CS0103: the name 'CPHH' does not exist in the current context")},
		{ID: "60b172c8-93da-44b5-85f1-021324354657", Name: "Lights On", Group: "Office", SubActions: 4, Triggers: 2},
		{ID: "71c283d9-a4e0-45c6-9602-132435465768", Name: "Lights On", Group: "Stage", SubActions: 2},
		{ID: "82d394ea-b5f1-46d7-a713-243546576879", Name: "Old Greeting", Group: "Chat", Disabled: true, SubActions: 1, Triggers: 1, Do: sayHello},
	}
}

// clientResponse is the argument in which the official client asks for a custom event of that name as
// its answer (reference/streamerbot.md section 2.3).
const clientResponse = "sbClientResponse"

// RaiseCustomEvent does what the sub-action Trigger Custom Event does: it raises Custom.Event with all
// arguments, named by the argument eventName or else by sbClientResponse.
func RaiseCustomEvent(ctx context.Context, s *Server, run *Run) error {
	name := run.Text("eventName")
	if name == "" {
		name = run.Text(clientResponse)
	}
	if name == "" {
		return errors.New("no eventName and no sbClientResponse among the arguments")
	}
	return s.CustomEvent(ctx, name, run.Args)
}

// respond raises the custom event that the official client waits for, if it does.
func (s *Server) respond(ctx context.Context, args map[string]json.RawMessage, with map[string]any) error {
	var name string
	if json.Unmarshal(args[clientResponse], &name) != nil || name == "" {
		return nil
	}
	return s.CustomEvent(ctx, name, with)
}

// TakeTime makes a Do that takes d.
func TakeTime(d time.Duration) func(context.Context, *Server, *Run) error {
	return func(ctx context.Context, _ *Server, _ *Run) error {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Fail makes a Do that fails with the text.
func Fail(why string) func(context.Context, *Server, *Run) error {
	return func(context.Context, *Server, *Run) error { return errors.New(why) }
}

func countdown(ctx context.Context, s *Server, run *Run) error {
	d := 3 * time.Second
	if text := run.Text("seconds"); text != "" {
		asked, err := time.ParseDuration(text + "s")
		if err != nil || asked < 0 {
			return fmt.Errorf("%%seconds%% is %q, which is no number of seconds", text)
		}
		d = min(asked, time.Minute)
	}
	return TakeTime(d)(ctx, s, run)
}

func sayHello(ctx context.Context, s *Server, run *Run) error {
	greeting := "Hello!"
	if user := strings.TrimSpace(run.Text("user")); user != "" {
		greeting = "Hello, " + user + "!"
	}
	return s.Say(ctx, Line{Platform: "twitch", Text: greeting, Bot: true, Internal: true})
}
