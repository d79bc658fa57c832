package secscan

/*
#include "bridge.h"
*/
import "C"

import (
	"runtime"
	"time"
	"unsafe"
)

// Policy is what hides findings: ignore files, baselines and marks in lines
// (docs/suppression.md). It may be used by any number of scanners. Without one,
// marks hide nothing.
type Policy struct {
	*policyHandle // as of Rules
}

type policyHandle struct {
	c *C.secscan_policy
}

// PolicyOptions say what of a policy counts. The zero value is the default.
type PolicyOptions struct {
	NoInline   bool      // marks in lines hide nothing
	NoGitleaks bool      // gitleaks:allow hides nothing
	NoFiles    bool      // no files of the repository's own
	Adopt      bool      // GitPolicy: from what is judged, not from its base
	Today      time.Time // entries that ended before hide nothing; zero: none has ended
}

// FindPolicy reads the files at the root of the git work tree around path, or of
// the folder itself.
func FindPolicy(path string, options *PolicyOptions) (*Policy, error) {
	var m memory
	defer m.free()
	cpath := m.string(path)
	return newPolicy(&m, options, func(out **C.secscan_policy,
		c *C.secscan_policy_options, err *C.secscan_error) C.int {
		return C.secscan_policy_find(out, cpath, c, err)
	})
}

func newPolicy(m *memory, options *PolicyOptions, make func(**C.secscan_policy,
	*C.secscan_policy_options, *C.secscan_error) C.int) (*Policy, error) {
	var c C.secscan_policy_options
	if options != nil {
		c = options.inC()
	}
	c.size = C.size_t(unsafe.Sizeof(c))
	var cerr C.secscan_error
	if rc := m.check(&cerr); rc != 0 {
		return nil, errorOf(rc, &cerr)
	}
	p := &policyHandle{}
	if rc := make(&p.c, &c, &cerr); rc != 0 {
		return nil, errorOf(rc, &cerr)
	}
	runtime.SetFinalizer(p, func(p *policyHandle) { C.secscan_policy_free(p.c) })
	return &Policy{p}, nil
}

func (o *PolicyOptions) inC() C.secscan_policy_options {
	c := C.secscan_policy_options{
		flags: flag(o.NoInline, C.SECSCAN_POLICY_NO_INLINE) |
			flag(o.NoGitleaks, C.SECSCAN_POLICY_NO_GITLEAKS) |
			flag(o.NoFiles, C.SECSCAN_POLICY_NO_FILES) |
			flag(o.Adopt, C.SECSCAN_POLICY_ADOPT),
	}
	if !o.Today.IsZero() {
		year, month, day := o.Today.Date()
		c.today = C.uint32_t(year*10000 + int(month)*100 + day)
	}
	return c
}
