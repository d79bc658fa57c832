package secscan

/*
#include "bridge.h"
*/
import "C"

import (
	"context"
	"runtime"
	"runtime/cgo"
	"sync"
)

// event is what a scan tells: a finding or a skip.
type event struct {
	finding *Finding
	skip    *Skip
}

// engine is a scanner of the library, which is for one goroutine at a time. The
// callbacks of its scans find it by handle.
type engine struct {
	c      *C.secscan_scanner
	handle cgo.Handle
	err    C.secscan_error

	// Of the scan that runs.
	ctx  context.Context
	tell func(event) bool // false ends the scan
}

func newEngine(rules *Rules, options *Options) (*engine, error) {
	var m memory
	defer m.free()
	defer runtime.KeepAlive(rules)
	e := &engine{}
	c := options.inC(&m)
	rc := m.check(&e.err)
	if rc == 0 {
		rc = C.secscan_scanner_new(&e.c, rules.c, c, &e.err)
	}
	if rc != 0 {
		return nil, errorOf(rc, &e.err)
	}
	e.handle = cgo.NewHandle(e)
	return e, nil
}

func (e *engine) free() {
	C.secscan_scanner_free(e.c)
	e.handle.Delete()
}

func (e *engine) h() C.uintptr_t { return C.uintptr_t(e.handle) }

// run makes one scan. That the context has ended is its error, whatever the
// library says; that `tell` has ended it is none.
func (e *engine) run(ctx context.Context, tell func(event) bool,
	call func(*engine) C.int) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	e.ctx, e.tell = ctx, tell
	defer func() { e.ctx, e.tell = nil, nil }() // a reader may panic
	rc := call(e)
	if rc == C.SECSCAN_STOPPED && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return errorOf(rc, &e.err)
}

// pool keeps engines that no scan uses: to make one costs more than a small
// scan.
type pool struct {
	rules   *Rules
	options Options

	mu     sync.Mutex
	idle   []*engine
	closed bool
}

func (p *pool) take() (*engine, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, ErrClosed
	}
	if n := len(p.idle); n > 0 {
		e := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return e, nil
	}
	p.mu.Unlock()
	return newEngine(p.rules, &p.options)
}

// put takes an engine back. More than run at the same time are not kept.
func (p *pool) put(e *engine) {
	p.mu.Lock()
	keep := !p.closed && len(p.idle) < runtime.GOMAXPROCS(0)
	if keep {
		p.idle = append(p.idle, e)
	}
	p.mu.Unlock()
	if !keep {
		e.free()
	}
}

// close frees what no scan uses; the rest is freed when its scan ends.
func (p *pool) close() {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.closed = nil, true
	p.mu.Unlock()
	for _, e := range idle {
		e.free()
	}
}
