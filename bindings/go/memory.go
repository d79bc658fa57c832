package secscan

/*
#include "bridge.h"
#include <stdlib.h>
*/
import "C"

import (
	"strings"
	"unsafe"
)

// memory is what a call to C needs for its arguments, freed at once. C may not
// keep pointers to Go's memory inside of structs.
type memory struct {
	blocks []unsafe.Pointer
	hasNul bool // in a string, which would end there in C
}

func (m *memory) free() {
	for _, p := range m.blocks {
		C.free(p)
	}
	m.blocks = nil
}

func (m *memory) keep(p unsafe.Pointer) unsafe.Pointer {
	m.blocks = append(m.blocks, p)
	return p
}

// check is the error of strings that C would cut short: another file's name, or
// another ref's.
func (m *memory) check(err *C.secscan_error) C.int {
	if !m.hasNul {
		return 0
	}
	*err = C.secscan_error{code: C.SECSCAN_ERR_ARG}
	for i, c := range []byte("a string has a NUL inside") {
		err.message[i] = C.char(c)
	}
	return C.SECSCAN_ERR_ARG
}

func (m *memory) string(s string) *C.char {
	m.hasNul = m.hasNul || strings.IndexByte(s, 0) >= 0
	return (*C.char)(m.keep(unsafe.Pointer(C.CString(s))))
}

// text is NULL for "", which is how the library has a default.
func (m *memory) text(s string) *C.char {
	if s == "" {
		return nil
	}
	return m.string(s)
}

func (m *memory) bytes(b []byte) unsafe.Pointer {
	if len(b) == 0 {
		return nil
	}
	return m.keep(C.CBytes(b))
}

// texts is an array of strings, and NULL when there are none.
func (m *memory) texts(list []string) **C.char {
	if len(list) == 0 {
		return nil
	}
	size := C.size_t(len(list)) * C.size_t(unsafe.Sizeof((*C.char)(nil)))
	array := (**C.char)(m.keep(C.malloc(size)))
	for i, s := range list {
		unsafe.Slice(array, len(list))[i] = m.string(s)
	}
	return array
}
