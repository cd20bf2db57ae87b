package model

// ThoughtMax is the bound of a text, in bytes.
const ThoughtMax = thoughtMax
