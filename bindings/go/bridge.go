package secscan

/*
#include "bridge.h"
*/
import "C"

import (
	"runtime/cgo"
)

// stop is what a callback returns to end a scan.
const stop = 1

func engineOf(handle C.uintptr_t) *engine {
	return cgo.Handle(handle).Value().(*engine)
}

//export goFinding
func goFinding(handle C.uintptr_t, f *C.secscan_finding) C.int {
	e := engineOf(handle)
	if e.ctx.Err() != nil || !e.tell(event{finding: goFindingOf(f)}) {
		return stop
	}
	return 0
}

//export goSkipped
func goSkipped(handle C.uintptr_t, s *C.secscan_skip) C.int {
	e := engineOf(handle)
	skip := goSkipOf(s)
	if e.ctx.Err() != nil || !e.tell(event{skip: &skip}) {
		return stop
	}
	return 0
}

//export goProgress
func goProgress(handle C.uintptr_t) C.int {
	if engineOf(handle).ctx.Err() != nil {
		return stop
	}
	return 0
}
