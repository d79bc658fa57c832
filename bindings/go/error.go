package secscan

/*
#include "bridge.h"
*/
import "C"

import (
	"errors"
	"fmt"
)

// Code says what kind of failure an [Error] is. A Code is an error itself, so
// that errors.Is(err, secscan.ErrRule) asks for one.
type Code int

// The codes, as secscan.h has them.
const (
	ErrArg      Code = C.SECSCAN_ERR_ARG      // an argument or an option is wrong
	ErrNoMem    Code = C.SECSCAN_ERR_NOMEM    // out of memory
	ErrIO       Code = C.SECSCAN_ERR_IO       // a file could not be read
	ErrRule     Code = C.SECSCAN_ERR_RULE     // a rule or configuration is wrong
	ErrLimit    Code = C.SECSCAN_ERR_LIMIT    // a stated limit was reached
	ErrBusy     Code = C.SECSCAN_ERR_BUSY     // the object is in use
	ErrGit      Code = C.SECSCAN_ERR_GIT      // the repository cannot be read as asked
	ErrCorrupt  Code = C.SECSCAN_ERR_CORRUPT  // data is damaged
	ErrInternal Code = C.SECSCAN_ERR_INTERNAL // a bug in secscan
)

// Error is the name of the code, as "SECSCAN_ERR_RULE".
func (c Code) Error() string {
	return C.GoString(C.secscan_status_name(C.int(c)))
}

// Error is a failure of the library. Line and Column are 1-based, and 0 where
// there is none. Message never quotes scanned bytes; that of a rule file begins
// with "file:line:column: ".
type Error struct {
	Code    Code
	Line    int
	Column  int
	Message string
}

func (e *Error) Error() string { return "secscan: " + e.Message }

// Unwrap makes errors.Is find the code.
func (e *Error) Unwrap() error { return e.Code }

// ErrClosed is what a [Scanner] returns after Close.
var ErrClosed = errors.New("secscan: the scanner is closed")

// IncompleteError says that a scan ended well and did not read all that it was
// asked to: what it found is delivered, and there may be more.
type IncompleteError struct {
	Skips []Skip // the first 1,000 that make it incomplete
	Count int    // all of them
}

func (e *IncompleteError) Error() string {
	first := e.Skips[0]
	where := first.Path
	if where == "" {
		where = first.Object
	}
	text := fmt.Sprintf("secscan: %d not scanned: %s", e.Count, first.Reason)
	if where != "" {
		text += ": " + where
	}
	return text
}

// errorOf is the error of a call that returned rc, or nil.
func errorOf(rc C.int, err *C.secscan_error) error {
	if rc >= 0 {
		return nil
	}
	return &Error{
		Code:    Code(rc),
		Line:    int(err.line),
		Column:  int(err.column),
		Message: C.GoString(&err.message[0]),
	}
}
