package secscan

/*
#include <stdlib.h>
*/
import "C"

import "unsafe"

// memory is what a call to C needs for its arguments, freed at once. C may not
// keep pointers to Go's memory inside of structs.
type memory struct {
	blocks []unsafe.Pointer
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

// text is NULL for "", which is how the library has a default.
func (m *memory) text(s string) *C.char {
	if s == "" {
		return nil
	}
	return (*C.char)(m.keep(unsafe.Pointer(C.CString(s))))
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
		unsafe.Slice(array, len(list))[i] =
			(*C.char)(m.keep(unsafe.Pointer(C.CString(s))))
	}
	return array
}
