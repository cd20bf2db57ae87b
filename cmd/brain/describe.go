package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"promethean/schema"
)

// description is what a payload of one type must be.
type description struct {
	schema   members
	compiled *jsonschema.Schema
}

// describedBy is the description of t's current version.
func describedBy(t schema.Type) (*description, error) {
	text, ok := schema.JSONSchema(t, schema.CurrentVersion(t))
	if !ok {
		return nil, fmt.Errorf("there is no schema of %s", t)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", t, err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	const address = "urn:promethean:payload"
	if err := compiler.AddResource(address, document); err != nil {
		return nil, fmt.Errorf("schema of %s: %w", t, err)
	}
	compiled, err := compiler.Compile(address)
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", t, err)
	}
	return &description{object(text), compiled}, nil
}

// has reports whether payloads may have the member.
func (d *description) has(name string) bool {
	properties, _ := d.schema["properties"].(members)
	_, ok := properties[name]
	return ok
}

// check says of every member that is wrong what is wrong with it.
func (d *description) check(payload []byte) error {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(payload))
	if err != nil {
		return err
	}
	err = d.compiled.Validate(v)
	if err == nil {
		return nil
	}
	invalid, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return err
	}
	var wrong []string
	english := message.NewPrinter(language.English)
	eachLeaf(invalid, func(leaf *jsonschema.ValidationError) {
		where := strings.Join(append([]string{"payload"}, leaf.InstanceLocation...), ".")
		wrong = append(wrong, where+": "+leaf.ErrorKind.LocalizedString(english))
	})
	return fmt.Errorf("the payload is not valid:\n  %s", strings.Join(wrong, "\n  "))
}

func eachLeaf(e *jsonschema.ValidationError, say func(*jsonschema.ValidationError)) {
	if len(e.Causes) == 0 {
		say(e)
	}
	for _, cause := range e.Causes {
		eachLeaf(cause, say)
	}
}
