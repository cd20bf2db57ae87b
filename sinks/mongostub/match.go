package mongostub

import (
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// matches reports whether a document meets a filter; an absent filter is met by
// all. Operators that it does not know are an error, as a server's would be.
func matches(doc bsoncore.Document, filter bsoncore.Value) (bool, error) {
	if filter.Data == nil {
		return true, nil
	}
	conditions, ok := filter.DocumentOK()
	if !ok {
		return false, refuse(14, "TypeMismatch", "Expected field filter to be of type object")
	}
	for rest := elements(conditions); ; {
		e, r, ok := bsoncore.ReadElement(rest)
		if !ok {
			return true, nil
		}
		rest = r
		met, err := meets(doc, e.Key(), e.Value())
		if err != nil || !met {
			return false, err
		}
	}
}

func meets(doc bsoncore.Document, name string, want bsoncore.Value) (bool, error) {
	switch {
	case name == "$and", name == "$or":
		return meetsList(doc, name, want)
	case strings.HasPrefix(name, "$"):
		return false, refuse(2, "BadValue", "unknown top level operator: %s", name)
	}
	have := valuesAt(doc, strings.Split(name, "."))
	operators, ok := want.DocumentOK()
	if !ok || !isOperators(operators) {
		return slices.ContainsFunc(have, func(v bsoncore.Value) bool { return equal(v, want) }), nil
	}
	for rest := elements(operators); ; {
		e, r, ok := bsoncore.ReadElement(rest)
		if !ok {
			return true, nil
		}
		rest = r
		met, err := operator(have, e.Key(), e.Value())
		if err != nil || !met {
			return false, err
		}
	}
}

func isOperators(d bsoncore.Document) bool {
	e, ok := first(d)
	return ok && strings.HasPrefix(e.Key(), "$")
}

func meetsList(doc bsoncore.Document, name string, want bsoncore.Value) (bool, error) {
	array, _ := want.ArrayOK()
	filters, err := array.Values()
	if err != nil || len(filters) == 0 {
		return false, refuse(2, "BadValue", "%s argument must be a non-empty array", name)
	}
	for _, f := range filters {
		met, err := matches(doc, f)
		if err != nil {
			return false, err
		}
		if met == (name == "$or") {
			return met, nil
		}
	}
	return name == "$and", nil
}

func operator(have []bsoncore.Value, name string, want bsoncore.Value) (bool, error) {
	ordered := func(fits func(int) bool) (bool, error) {
		return slices.ContainsFunc(have, func(v bsoncore.Value) bool {
			order, ok := compare(v, want)
			return ok && fits(order)
		}), nil
	}
	switch name {
	case "$eq":
		return ordered(func(o int) bool { return o == 0 })
	case "$gt":
		return ordered(func(o int) bool { return o > 0 })
	case "$gte":
		return ordered(func(o int) bool { return o >= 0 })
	case "$lt":
		return ordered(func(o int) bool { return o < 0 })
	case "$lte":
		return ordered(func(o int) bool { return o <= 0 })
	case "$ne":
		return !slices.ContainsFunc(have, func(v bsoncore.Value) bool { return equal(v, want) }), nil
	case "$in":
		array, _ := want.ArrayOK()
		list, err := array.Values()
		if err != nil {
			return false, refuse(2, "BadValue", "$in needs an array")
		}
		return slices.ContainsFunc(have, func(v bsoncore.Value) bool {
			return slices.ContainsFunc(list, func(w bsoncore.Value) bool { return equal(v, w) })
		}), nil
	case "$exists":
		there := slices.ContainsFunc(have, func(v bsoncore.Value) bool { return v.Data != nil || v.Type != bsoncore.TypeNull })
		return there == truth(want), nil
	}
	return false, refuse(2, "BadValue", "unknown operator: %s", name)
}

// valuesAt are the values at a dotted path: that of the field itself and, where
// an array is on the way or at the end, those of its elements.
func valuesAt(doc bsoncore.Document, path []string) (values []bsoncore.Value) {
	v, ok := lookup(doc, path[0])
	if !ok {
		return []bsoncore.Value{absent()}
	}
	parts := []bsoncore.Value{v}
	if array, ok := v.ArrayOK(); ok {
		within, err := array.Values()
		if err == nil {
			parts = append(parts, within...)
		}
	}
	if len(path) == 1 {
		return parts
	}
	for _, p := range parts {
		if inner, ok := p.DocumentOK(); ok {
			values = append(values, valuesAt(inner, path[1:])...)
		}
	}
	if len(values) == 0 {
		return []bsoncore.Value{absent()}
	}
	return values
}

// paths are all fields that a filter asks for.
func paths(filter bsoncore.Document) (all []string) {
	for rest := elements(filter); ; {
		e, r, ok := bsoncore.ReadElement(rest)
		if !ok {
			return all
		}
		rest = r
		if !strings.HasPrefix(e.Key(), "$") {
			all = append(all, e.Key())
			continue
		}
		array, _ := e.Value().ArrayOK()
		list, _ := array.Values()
		for _, v := range list {
			if inner, ok := v.DocumentOK(); ok {
				all = append(all, paths(inner)...)
			}
		}
	}
}
